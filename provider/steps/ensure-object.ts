import { basename } from "node:path";
import type { ObjectFacts } from "../aliyun/object-store";
import { backupFaults, backupIdentity, backupInfoOf, type ExaminedBackup } from "../backup-files/examine-backup";
import { objectKeyFor, objectKeyOfEntry } from "../backup-files/object-key";
import { isMigrationError, migrationError } from "../errors/migration-error";
import { parseBackupLocation } from "../files/backup-location";
import { requireBackup } from "../model/inputs";
import { type BackupLocation, requireAllowedKey } from "../model/location";
import { type Job, recordTime } from "../session/job";
import { requireInstance } from "./require-instance";
import { uploadBackup } from "./upload-backup";

/**
 * The object of this migration, complete and equal to the backup: an existing one, or an upload that is started or resumed.
 * Records the key before the first byte is sent, and the upload's id as soon as it exists.
 */
export async function ensureObject(job: Job): Promise<ObjectFacts> {
  const { inputs, progress } = job;
  const { backup, bucket } = requireBackup(inputs);
  const location = parseBackupLocation(backup, bucket);
  const examined = await examineOrFindUploaded(job, location);
  if ("uploaded" in examined) return recordObject(job, examined.uploaded);

  const faults = backupFaults(examined);
  if (faults.length > 0) throw migrationError("BACKUP_UNFIT", { subject: backup, faults });
  recordBackup(job, examined);
  if (location.kind === "object") {
    progress.objectKey = location.key;
    return recordObject(job, examined.object ?? (await requireObject(job, location.key)));
  }

  const key = progress.objectKey ?? objectKeyFor(examined, progress.databaseName, inputs.folder);
  requireAllowedKey("folder", key);
  await requireInstance(job);
  progress.objectKey = key;
  progress.status = "uploading";
  recordTime(job, "uploadStartedAt");
  const object = await uploadBackup(job, {
    path: location.path,
    key,
    sizeBytes: examined.sizeBytes,
    onUploadId: (uploadId) => {
      progress.uploadId = uploadId;
    },
  });
  recordTime(job, "uploadFinishedAt");
  requireManifestChecksum(job, location.path, object);
  return recordObject(job, object);
}

/** The header matched the manifest; after the upload the checksum of the whole file is known too. */
function requireManifestChecksum({ inputs }: Job, file: string, { crc64: found = "?" }: ObjectFacts): void {
  const expected = inputs.manifest?.crc64;
  if (expected !== undefined && expected !== found)
    throw migrationError("BACKUP_NOT_AS_MANIFEST", { file, what: "the CRC64", expected, found });
}

/** A runner without the local file can continue when an earlier run has uploaded it. */
async function examineOrFindUploaded(
  job: Job,
  location: BackupLocation,
): Promise<ExaminedBackup | { uploaded: ObjectFacts }> {
  try {
    return await job.session.backups.examine(location, () => job.session.clients.store(job.inputs));
  } catch (error) {
    const found =
      location.kind === "file" && isMigrationError(error) ? await findUploaded(job, location.path) : undefined;
    if (found === undefined) throw error;
    return { uploaded: found };
  }
}

/** The object that an earlier run uploaded: the one in state, or the one that the manifest's entry describes. */
async function findUploaded(job: Job, path: string): Promise<ObjectFacts | undefined> {
  const { inputs, progress, session } = job;
  const { manifest } = inputs;
  const { bucket } = requireBackup(inputs);
  const known = progress.status === "uploading" ? undefined : progress.objectKey;
  const key = known ?? (manifest && objectKeyOfEntry(manifest, basename(path), progress.databaseName, inputs.folder));
  const expected = progress.objectCrc64 ?? manifest?.crc64;
  if (key === undefined || expected === undefined) return undefined;
  const object = await session.clients.store(inputs).headObject(bucket, key);
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
  const { bucket } = requireBackup(job.inputs);
  const object = await job.session.clients.store(job.inputs).headObject(bucket, key);
  if (object === undefined) throw migrationError("OBJECT_MISSING", { bucket, key });
  return object;
}
