import type { MigrationInputs } from "../model/inputs";
import { isSameName } from "../model/names";
import type { MigrationOutputs } from "../model/outputs";

/**
 * Explains a replacement in words, because the engine's row only says that the original is deleted: the update deletes a record,
 * and RDS keeps the database. Nothing for a migration that has not reached the instance.
 */
export function describeReplacement(recorded: MigrationOutputs, wanted: Partial<MigrationInputs>): string[] {
  const { status, databaseName: old, instanceId, migrateTaskId } = recorded;
  if (status !== "online" && migrateTaskId === undefined) return [];
  const name = wanted.databaseName ?? old;
  const isOtherInstance = wanted.instanceId !== undefined && wanted.instanceId !== instanceId;
  const place = isOtherInstance ? `${name} on ${wanted.instanceId}` : name;
  const kept =
    status === "online"
      ? `The old database ${old} stays on ${instanceId}; only its record is deleted.`
      : `The migration task ${migrateTaskId ?? "?"} of ${old} is not continued; RDS keeps what it has restored on ${instanceId}.`;
  const first = `pulumi up restores a second copy as ${place}; the old database ${old} stays.`;
  if (wanted.adopt !== undefined && wanted.adopt !== false)
    return [`pulumi up records ${place} (adopt) in place of ${old}.\n${kept}`];
  if (isOtherInstance || !mayBeOnline(recorded)) return [`${first}\n${kept}`];
  return [
    `${first}\n${kept}\nTo rename instead: rename ${old} to ${name} on RDS, add adopt: true to this resource, then run pulumi up.`,
  ];
}

/** A member of an InstanceMigration stays recorded as submitted until a refresh, because the outcome follows its task. */
const mayBeOnline = ({ status, deferred, migrateTaskId }: Partial<MigrationOutputs>): boolean =>
  status === "online" || (deferred === true && migrateTaskId !== undefined && status !== "failed");

/**
 * Whether the program adopts a finished migration's database under another name. The record is then kept, because a rename on
 * RDS changes neither the data nor its origin.
 */
export const isAdoptedRename = (recorded: Partial<MigrationOutputs>, wanted: Partial<MigrationInputs>): boolean =>
  mayBeOnline(recorded) &&
  wanted.adopt === true &&
  recorded.databaseName !== undefined &&
  wanted.databaseName !== undefined &&
  !isSameName(recorded.databaseName, wanted.databaseName);
