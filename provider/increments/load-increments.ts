import { chainStartOf } from "../decisions/increment-facts";
import { migrationError } from "../errors/migration-error";
import { parseBackupLocation } from "../files/backup-location";
import type { ChainStart } from "../model/increment";
import { requireBackup, takesIncrements } from "../model/inputs";
import type { MigrateTask } from "../model/migrate-task";
import { type Job, warn } from "../session/job";
import { spelledIncrements } from "./check-increments";
import { listIncrements } from "./list-increments";

/**
 * The start of the chain, and the listed increments in the inputs. `check` has normally recorded both; they are read now where
 * it could not (no credentials at preview, or unknown values). @throws CHAIN_TASK_OPENS, CHAIN_START_UNKNOWN
 */
export async function loadIncrements(job: Job, task: MigrateTask): Promise<ChainStart> {
  const { inputs, progress, session } = job;
  const { databaseName } = progress;
  if (task.backupMode === "FULL" && takesIncrements(inputs))
    throw migrationError("CHAIN_TASK_OPENS", { database: databaseName, task: task.taskId });
  inputs.chainStart ??= await startFromObject(job);
  const start = inputs.chainStart;
  if (start === undefined)
    throw migrationError("CHAIN_START_UNKNOWN", { database: databaseName, file: inputs.backup ?? "the full backup" });
  const spelled = spelledIncrements(inputs.increments);
  if (spelled === undefined) return start;
  const { bucket } = requireBackup(inputs);
  const listing = await listIncrements({
    session,
    inputs: { ...inputs, bucket },
    spelled,
    start,
    databaseName,
    known: [],
  });
  for (const warning of listing.warnings) warn(job, warning);
  const faults = listing.failures.map(({ message }) => message);
  if (faults.length > 0) throw migrationError("BACKUP_UNFIT", { subject: `increments of ${databaseName}`, faults });
  inputs.increments = listing.increments;
  return start;
}

async function startFromObject({ inputs, progress, session }: Job): Promise<ChainStart | undefined> {
  const { objectKey } = progress;
  const { bucket, backup } = inputs;
  if (bucket === undefined || backup === undefined) return undefined;
  const location =
    objectKey === undefined ? parseBackupLocation(backup, bucket) : { kind: "object" as const, bucket, key: objectKey };
  const { content } = await session.backups.examine(location, () => session.clients.store(inputs));
  return chainStartOf(content.sets[0]);
}
