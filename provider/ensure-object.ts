import { basename } from "node:path";
import { type BackupLocation, parseBackupLocation, requireAllowedKey } from "./backup-location";
import { isMigrationError, migrationError } from "./errors/migration-error";
import { backupFaults, backupIdentity, backupInfoOf, type ExaminedBackup, examineBackup } from "./examine-backup";
import { type Job, showInfo, showStatus } from "./job";
import { objectKeyFor, objectKeyOfEntry } from "./object-key";
import type { ObjectFacts } from "./oss/object-store";
import { progressLine, summaryLine } from "./oss/upload-lines";
import { formatBytes } from "./quantities";

/**
 * The object of this migration, complete and equal to the backup: it is there already, or the upload is begun or continued
 * from what the service has. Records the key before the first byte and the upload's id as soon as it exists.
 */
export async function ensureObject(job: Job): Promise<ObjectFacts> {
  const { inputs, progress } = job;
  const location = parseBackupLocation(inputs.backup, inputs.bucket);
  const store = () => job.session.store(inputs);
  const examined = await examineOrFindUploaded(job, location);
  if ("uploaded" in examined) return recordObject(job, examined.uploaded);

  const faults = backupFaults(examined);
  if (faults.length > 0) throw migrationError("BACKUP_UNFIT", { faults });
  recordBackup(job, examined);
  if (location.kind === "object") {
    progress.objectKey = location.key;
    return recordObject(job, examined.object ?? (await requireObject(job, location.key)));
  }

  const key = progress.objectKey ?? objectKeyFor(examined, progress.databaseName, inputs.folder);
  requireAllowedKey("folder", key);
  progress.objectKey = key;
  progress.status = "uploading";
  showStatus(
    job,
    `uploading ${basename(location.path)} (${formatBytes(examined.sizeBytes)}) to ${inputs.bucket}/${key}`,
  );
  const result = await withinDeadline(job, (signal) =>
    store().upload({
      bucket: inputs.bucket,
      key,
      path: location.path,
      partSizeBytes: inputs.upload?.partSize,
      parallel: inputs.upload?.parallel,
      rateLimitBytesPerSecond: inputs.upload?.rateLimit,
      signal,
      onUploadId: (uploadId) => {
        progress.uploadId = uploadId;
      },
      onProgress: (state) => showStatus(job, progressLine(state)),
    }),
  );
  showInfo(job, summaryLine(result));
  requireManifestChecksum(job, location.path, result.object);
  return recordObject(job, result.object);
}

/** The file's header said that it is the manifest's; now its whole content is known too. */
function requireManifestChecksum({ inputs }: Job, file: string, { crc64: found = "?" }: ObjectFacts): void {
  const expected = inputs.manifest?.crc64;
  if (expected !== undefined && expected !== found)
    throw migrationError("BACKUP_NOT_AS_MANIFEST", { file, what: "the CRC64", expected, found });
}

/** Runs one step with a signal that aborts at the end of the run or of its time, whichever comes first. */
async function withinDeadline<T>(
  { signal, session, deadlineMs }: Job,
  step: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const ending = new AbortController();
  const end = () => ending.abort(signal.reason);
  signal.addEventListener("abort", end, { once: true });
  if (signal.aborted) end();
  session.clock.sleep(deadlineMs - session.clock.now(), ending.signal).then(end, end);
  try {
    return await step(ending.signal);
  } finally {
    end();
    signal.removeEventListener("abort", end);
  }
}

/** A runner without the file can still go on when an earlier run has uploaded it. */
async function examineOrFindUploaded(
  job: Job,
  location: BackupLocation,
): Promise<ExaminedBackup | { uploaded: ObjectFacts }> {
  try {
    return await examineBackup(location, () => job.session.store(job.inputs));
  } catch (error) {
    const found =
      location.kind === "file" && isMigrationError(error) ? await findUploaded(job, location.path) : undefined;
    if (found === undefined) throw error;
    return { uploaded: found };
  }
}

/** The object that an earlier run uploaded: the one of state, or the one that the manifest's entry describes. */
async function findUploaded(job: Job, path: string): Promise<ObjectFacts | undefined> {
  const { inputs, progress, session } = job;
  const { manifest, bucket } = inputs;
  const known = progress.status === "uploading" ? undefined : progress.objectKey;
  const key = known ?? (manifest && objectKeyOfEntry(manifest, basename(path), progress.databaseName, inputs.folder));
  const expected = progress.objectCrc64 ?? manifest?.crc64;
  if (key === undefined || expected === undefined) return undefined;
  const object = await session.store(inputs).headObject(bucket, key);
  if (object?.crc64 !== expected) {
    if (manifest === undefined) return undefined;
    throw migrationError("BACKUP_ONLY_IN_MANIFEST", { file: path, bucket, key });
  }
  progress.objectKey = key;
  if (manifest?.backupFinishDate) progress.dataAsOf ??= manifest.backupFinishDate;
  return object;
}

function recordBackup(job: Job, examined: ExaminedBackup): void {
  const { progress } = job;
  const finished = examined.content.sets[0]?.BackupFinishDate;
  progress.sizeBytes = examined.sizeBytes;
  progress.backupInfo = backupInfoOf(examined.content);
  if (finished) progress.dataAsOf = finished;
  job.inputs.backupId ??= backupIdentity(examined);
}

function recordObject(job: Job, object: ObjectFacts): ObjectFacts {
  const { progress } = job;
  progress.sizeBytes = object.sizeBytes;
  if (object.crc64 !== undefined) progress.objectCrc64 = object.crc64;
  progress.uploadId = undefined;
  progress.status = "uploaded";
  progress.files = [{ name: object.key.slice(object.key.lastIndexOf("/") + 1) }];
  return object;
}

async function requireObject(job: Job, key: string): Promise<ObjectFacts> {
  const { bucket } = job.inputs;
  const object = await job.session.store(job.inputs).headObject(bucket, key);
  if (object === undefined) throw migrationError("OBJECT_MISSING", { bucket, key });
  return object;
}
