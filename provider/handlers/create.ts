import { nameOfDatabase } from "../backup-files/examine-backup";
import { startProgress } from "../decisions/run-record";
import { migrationError } from "../errors/migration-error";
import { parseBackupLocation } from "../files/backup-location";
import { type MigrationInputs, parseInputs, requireBackup, timeoutMs } from "../model/inputs";
import { type MigrationOutputs, type MigrationProgress, migrationId } from "../model/outputs";
import { type PlainObject, toPlain } from "../model/plain";
import type { HandlerContext } from "../session/handler-context";
import { type Job, runOf } from "../session/job";
import { converge } from "./converge";

/** Starts a migration, or continues the one that a killed run left unfinished. */
export async function create(
  context: HandlerContext,
  hostInputs: PlainObject,
): Promise<{ id: string; outs: PlainObject }> {
  const parsed = parseInputs(hostInputs);
  // The name is missing when the program does not set it and check could not read the backup ("not checked").
  const databaseName = parsed.databaseName ?? (await databaseNameOf(context, parsed));
  const job = openJob(context, { ...parsed, databaseName }, undefined);
  const outputs = await converge({ job, hostInputs });
  return { id: migrationId(job.inputs.instanceId, job.progress.databaseName), outs: toPlain(outputs) };
}

/** @throws DATABASE_NAME_UNKNOWN, and what examining the backup throws */
async function databaseNameOf({ session }: HandlerContext, inputs: MigrationInputs): Promise<string> {
  const { backup, bucket } = requireBackup(inputs);
  const location = parseBackupLocation(backup, bucket);
  const examined = await session.backups.examine(location, () => session.clients.store(inputs));
  const name = nameOfDatabase(examined);
  if (name === undefined) throw migrationError("DATABASE_NAME_UNKNOWN", { file: examined.name });
  return name;
}

/** Returns the job with which create and update start. */
export function openJob(
  context: HandlerContext,
  inputs: MigrationInputs & { databaseName: string },
  prior: MigrationOutputs | undefined,
): Job {
  const { clock, fleet } = context.session;
  const now = clock.now();
  const progress = begun(startProgress(inputs.databaseName, prior, now));
  fleet.record(inputs.instanceId, inputs.databaseName, progress);
  return {
    ...{ inputs, progress },
    ...runOf(context),
    deadlineMs: now + timeoutMs(inputs),
  };
}

/** A planned migration has kept at most its upload. */
const begun = (progress: MigrationProgress): MigrationProgress =>
  progress.status === "planned" ? { ...progress, status: "uploading", statusText: undefined } : progress;
