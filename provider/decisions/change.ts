import { type MigrationInputs, type Phase, phaseOf, type WaitPoint } from "../model/inputs";
import { isSameName } from "../model/names";
import type { MigrationOutputs, MigrationStatus } from "../model/outputs";
import { type ChainChange, planChainChange } from "./chain-change";
import { isCleanupDue } from "./cleanup";
import { describeRecordedFailure } from "./failure-notice";
import { isMissingDatabase } from "./missing-database";
import { describeReplacement, isAdoptedRename } from "./replacement-notice";

/** The action of an update on a difference between the recorded state and the program. */
export type Change = ChainChange | { kind: "replace"; property: "instanceId" | "databaseName"; warnings?: string[] };

/** Whether a status is as far as `wait` requests. Increments that are left to apply do not count. */
export function hasReached(status: MigrationStatus, wait: WaitPoint, phase: Phase = "online"): boolean {
  if (status === "online" || (phase === "restoring" && status === "waitingForIncrements")) return true;
  return wait === "submitted" && (status === "submitted" || status === "restoring");
}

/** Whether a task exists on the instance. From then on another backup is another migration. */
export const hasTask = (recorded: MigrationOutputs): boolean =>
  recorded.migrateTaskId !== undefined || recorded.status === "online";

/**
 * The pure decision behind `diff`: a change only when an update would act now. On refresh the engine also calls it with
 * inputs and state exchanged, so the result must not depend on when or how often it is called.
 *
 * `unknown` contains the inputs whose values are not known before `up`. Only the quota and `minInterval` use `nowMs`.
 */
export function planChange(
  recorded: MigrationOutputs,
  wanted: Partial<MigrationInputs>,
  unknown: ReadonlySet<string>,
  nowMs: number,
): Change {
  if (unknown.has("instanceId") || differs(recorded.instanceId, wanted.instanceId)) {
    return { kind: "replace", property: "instanceId", warnings: replacementOf(recorded, wanted, unknown) };
  }
  if (isAdoptedRename(recorded, wanted)) return { kind: "update", why: "the database was renamed on RDS" };
  if (unknown.has("databaseName") || differsInName(recorded.databaseName, wanted.databaseName)) {
    return { kind: "replace", property: "databaseName", warnings: replacementOf(recorded, wanted, unknown) };
  }
  if (recorded.status === "planned" && wanted.waitsFor !== undefined) return { kind: "none", warnings: [] };
  const failed = failureOf(recorded, wanted);
  if (recorded.status === "failed") return { kind: "update", why: "the last run failed", warnings: failed };
  const otherBackup = differs(recorded.backupId, wanted.backupId);
  if (otherBackup && !hasTask(recorded))
    return { kind: "update", why: "another backup, and no task ran yet", warnings: failed };
  const chain = planChainChange(recorded, wanted, nowMs);
  const phase = unknown.has("phase") ? phaseOf(recorded) : phaseOf(wanted);
  if (!hasReached(recorded.status, wanted.wait ?? "finished", phase))
    return {
      kind: "update",
      why: "the migration has not reached the requested state",
      warnings: [...failed, ...(chain.warnings ?? [])],
    };
  if (chain.kind === "update") return chain;
  if (isCleanupDue(recorded, wanted.cleanup)) return { kind: "update", why: "uploaded objects to delete" };
  const missing = recorded.warnings.filter(isMissingDatabase);
  const warnings = [...missing, ...(chain.warnings ?? []), ...(otherBackup ? [backupChangedTooLate(recorded)] : [])];
  return { kind: "none", warnings };
}

/** An unknown instance or name may turn out to be the recorded one. */
const replacementOf = (
  recorded: MigrationOutputs,
  wanted: Partial<MigrationInputs>,
  unknown: ReadonlySet<string>,
): string[] => (unknown.has("instanceId") || unknown.has("databaseName") ? [] : describeReplacement(recorded, wanted));

/** The recorded failure; nothing where `check` has logged the findings for which nothing is sent. */
const failureOf = (recorded: MigrationOutputs, wanted: Partial<MigrationInputs>): string[] =>
  wanted.refused === undefined && (recorded.status === "failed" || recorded.failure !== undefined)
    ? [describeRecordedFailure(recorded, wanted)]
    : [];

const backupChangedTooLate = (recorded: MigrationOutputs): string =>
  `${recorded.databaseName} is already ${recorded.status === "online" ? "online" : "being restored"} from ${recorded.backup}; ` +
  "the backup that the program names now is not migrated. To migrate it beside this database: choose another databaseName. " +
  "To migrate it under this name: rename the database on RDS, then pulumi up --replace with this resource's URN.";

/** A value that only one side has is not a difference: defaults change between versions. */
const differs = (recorded: string | undefined, wanted: string | undefined): boolean =>
  recorded !== undefined && wanted !== undefined && recorded !== wanted;

/** SQL Server compares database names without case (by its default collations). */
const differsInName = (recorded: string | undefined, wanted: string | undefined): boolean =>
  recorded !== undefined && wanted !== undefined && !isSameName(recorded, wanted);
