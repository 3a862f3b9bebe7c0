import { normaliseFolder, objectKeyFor } from "../backup-files/object-key";
import { isFileFailure, isRestored, reportsFailure } from "../decisions/classify-increment";
import { incrementOf } from "../decisions/increment-facts";
import { isMigrationError, migrationError } from "../errors/migration-error";
import { parseBackupLocation } from "../files/backup-location";
import { type ChainStart, type Increment, nameOfFile } from "../model/increment";
import { adoptedTask, listedIncrements } from "../model/inputs";
import { parseLocation } from "../model/location";
import type { MigrateTask, TaskFile } from "../model/migrate-task";
import type { ChainFile, ChainState } from "../model/outputs";
import { findDatabase } from "../session/databases";
import type { Job } from "../session/job";
import { chainOf, recordApplied, recordFile } from "./chain-progress";
import { isNamedBy } from "./increment-object";

/**
 * Updates the chain with what an idle task has restored. The files that the service lists take precedence over what earlier
 * runs recorded, because a run that was killed recorded nothing; without such a list, the record counts.
 * @throws INCREMENT_UNKNOWN, ADOPT_UNKNOWN_FILE, ADOPT_OTHER_BACKUP
 */
export async function findPosition(job: Job, task: MigrateTask, start: ChainStart): Promise<void> {
  const { inputs, progress, session } = job;
  const chain = chainOf(job);
  progress.objectKey ??= await keyOfBackup(job);
  const { objectKey = "", sizeBytes = 0 } = progress;
  if (chain.files[0]?.type !== "FULL") {
    const sentAt = new Date(task.createdAtMs || session.clock.now()).toISOString();
    const full: ChainFile = { objectKey, type: "FULL", state: "sent", sizeBytes, lastLsn: start.lastLsn, sentAt };
    if (start.setGuid !== null) full.setGuid = start.setGuid;
    chain.files.unshift(full);
  }
  const [full] = chain.files;
  if (full?.state === "sent") {
    full.state = "applied";
    chain.reachedLsn = start.lastLsn;
    chain.forkId = start.forkId;
  }
  const listed = await session.clients.rds(inputs).listTaskFiles(inputs.instanceId, task.taskId);
  if (listed === undefined) completeRecorded(chain, task);
  else await mergeServiceFiles(job, listed, nameOfFile(objectKey));
  adoptPosition(job, chain);
}

/** The key of the full backup of an adopted task; undefined where the backup cannot be read. */
async function keyOfBackup({ inputs, progress, session }: Job): Promise<string | undefined> {
  if (inputs.backup === undefined) return undefined;
  const location = parseBackupLocation(inputs.backup, inputs.bucket);
  if (location.kind === "object") return location.key;
  try {
    const examined = await session.backups.examine(location, () => session.clients.store(inputs));
    return objectKeyFor(examined, progress.databaseName, inputs.folder);
  } catch (error) {
    if (!isMigrationError(error)) throw error;
    return undefined;
  }
}

/** Whether the task has restored its full backup. If so, an increment ended it, and the database exists but is closed. */
export async function hasRestoredFull(job: Job, taskId: string): Promise<boolean> {
  const { inputs, progress, session } = job;
  if (progress.chain?.reachedLsn !== undefined) return true;
  const listed = await session.clients.rds(inputs).listTaskFiles(inputs.instanceId, taskId);
  if (listed !== undefined) {
    const full = nameOfFile(progress.objectKey ?? "");
    return listed.some(({ fileName, status, isFull }) => (fileName === full || isFull) && isRestored(status));
  }
  return (await findDatabase(job, session.clock.now())) !== undefined;
}

/** Without a file list: files that were accepted before have ended by now, and the task itself shows how. */
function completeRecorded(chain: ChainState, task: MigrateTask): void {
  for (const file of chain.files.filter(({ state }) => state === "sent")) {
    if (reportsFailure(task)) {
      file.state = "failed";
      file.description = task.description;
    } else recordApplied(chain, file, file.forkId);
  }
}

/** The service's list takes precedence over the record: a file that it does not list was never accepted. */
async function mergeServiceFiles(job: Job, listed: readonly TaskFile[], fullName: string): Promise<void> {
  const chain = chainOf(job);
  const recordedFiles = [...chain.files];
  const kept: ChainFile[] = recordedFiles.splice(0, 1);
  const inOrder = [...listed].sort((one, other) => (one.createdAtMs || 0) - (other.createdAtMs || 0));
  for (const entry of inOrder) {
    if (entry.fileName === fullName) continue;
    if (entry.isFull === true) {
      await requireSameFull(job, entry);
      continue;
    }
    const at = recordedFiles.findIndex(({ objectKey }) => nameOfFile(objectKey) === entry.fileName);
    const recorded = at === -1 ? await identify(job, entry) : recordedFiles.splice(at, 1)[0];
    if (recorded !== undefined) kept.push(recorded);
    if (recorded === undefined) continue;
    if (isRestored(entry.status)) recordApplied(chain, recorded, recorded.forkId);
    else if (isFileFailure(entry.status)) {
      recorded.state = "failed";
      recorded.description = entry.description;
    }
  }
  // Applied files stay, in case the service forgets them later.
  chain.files = [...kept, ...recordedFiles.filter(({ state }) => state !== "sent")];
}

/**
 * An adopted task may have restored the full backup from an object of another name. If that object is in the bucket's folder,
 * its header shows whether it is the same backup; otherwise the user is responsible. @throws ADOPT_OTHER_BACKUP
 */
async function requireSameFull(job: Job, { fileName }: TaskFile): Promise<void> {
  const { inputs, progress } = job;
  const set = (await setInFolder(job, fileName))?.set;
  const wanted = inputs.chainStart?.setGuid ?? null;
  if (set === undefined || set.BackupSetGUID === null || wanted === null || set.BackupSetGUID === wanted) return;
  const { databaseName: database, migrateTaskId: task = "?" } = progress;
  throw migrationError("ADOPT_OTHER_BACKUP", { task, database, file: fileName, backup: inputs.backup ?? "?" });
}

/** The backup set of the file of this name in the bucket's folder; undefined when none exists or can be read. */
async function setInFolder({ inputs, session }: Job, fileName: string) {
  const { bucket } = inputs;
  if (bucket === undefined) return undefined;
  const key = normaliseFolder(inputs.folder) + fileName;
  const object = await session.clients.store(inputs).headObject(bucket, key);
  if (object === undefined) return undefined;
  const location = { kind: "object" as const, bucket, key };
  const { content } = await session.backups.examine(location, () => session.clients.store(inputs));
  const [set] = content.sets;
  return set && { set, object };
}

/** A file that a killed run sent: one of the increments, or else its uploaded object. A failed file may stay unidentified. */
async function identify(job: Job, { fileName, status, createdAtMs }: TaskFile): Promise<ChainFile | undefined> {
  const { inputs, progress, session } = job;
  const at = { sentAt: new Date(createdAtMs || session.clock.now()).toISOString() };
  const known = listedIncrements(inputs).find((increment) => isNamedBy(increment, fileName));
  const folder = normaliseFolder(inputs.folder);
  if (known !== undefined) {
    const location = parseLocation(known.file);
    return fileOf(known, location.kind === "object" ? location.key : folder + fileName, at);
  }
  const uploaded = await setInFolder(job, fileName);
  if (uploaded !== undefined) {
    const { key, sizeBytes } = uploaded.object;
    const increment = incrementOf(uploaded.set, { file: fileName, sizeBytes, modifiedAt: at.sentAt });
    if (increment !== undefined) return fileOf(increment, key, at);
  }
  if (isFileFailure(status)) return undefined;
  const { databaseName: database, migrateTaskId: task = "?" } = progress;
  throw migrationError("INCREMENT_UNKNOWN", { file: fileName, database, task });
}

/** The record of an increment that was submitted. */
export function fileOf(increment: Increment, objectKey: string, { sentAt }: { sentAt: string }): ChainFile {
  const { type, setGuid, sizeBytes, lastLsn, modifiedAt, tail, forks = [] } = increment;
  const source = nameOfFile(increment.file);
  const [fork] = forks;
  return {
    objectKey,
    ...(source === nameOfFile(objectKey) ? {} : { source }),
    type,
    state: "sent",
    setGuid,
    sizeBytes,
    lastLsn,
    sentAt,
    modifiedAt,
    ...(tail === true ? { tail } : {}),
    ...(fork === undefined ? {} : { forkId: fork.id }),
  };
}

/** `adopt: "<id>/<file>"`: the user names the last file that the console shows as restored. It only adds to the record. */
function adoptPosition(job: Job, chain: ChainState): void {
  const { inputs, progress, session } = job;
  const lastFile = adoptedTask(inputs)?.lastFile;
  if (lastFile === undefined) return;
  const isAdopted = ({ objectKey, source }: ChainFile) => lastFile === source || lastFile === nameOfFile(objectKey);
  if (chain.files.some((file) => file.state === "applied" && isAdopted(file))) return;
  const increment = listedIncrements(inputs).find(
    (each) => nameOfFile(each.file) === lastFile || isNamedBy(each, lastFile),
  );
  if (increment === undefined)
    throw migrationError("ADOPT_UNKNOWN_FILE", { file: lastFile, database: progress.databaseName });
  const sentAt = new Date(session.clock.now()).toISOString();
  const file = recordFile(chain, fileOf(increment, nameOfFile(lastFile), { sentAt }));
  recordApplied(chain, file, file.forkId);
}
