import type { ObjectFacts } from "../aliyun/object-store";
import { objectNameFor } from "../backup/object-name";
import { normaliseFolder } from "../backup-files/object-key";
import { isMigrationError, migrationError } from "../errors/migration-error";
import { parseBackupLocation } from "../files/backup-location";
import { type Increment, nameOfFile } from "../model/increment";
import { isOssUrl, requireAllowedKey } from "../model/location";
import type { Job } from "../session/job";
import { uploadBackup } from "../steps/upload-backup";
import { chainOf } from "./chain-progress";

/** Of the BackupSetGUID; enough to distinguish two logs of the same second. */
const GUID_DIGITS = 8;
const EXTENSION = ".bak";

const guidMark = ({ setGuid }: Increment): string => setGuid.slice(0, GUID_DIGITS).toLowerCase();

/**
 * The name of an uploaded increment: `<databaseName>_<DIFF|LOG>_<BackupStartDate>_<first digits of BackupSetGUID>.bak`. The
 * service identifies a file only by its name, so a name must mean the same backup forever, even after the file is deleted.
 */
export function incrementName(increment: Increment, databaseName: string, attempt = 1): string {
  const set = {
    DatabaseName: databaseName,
    BackupType: increment.type === "DIFF" ? (5 as const) : (2 as const),
    BackupStartDate: increment.startedAt ?? null,
  };
  const name = objectNameFor(set, nameOfFile(increment.file)).slice(0, -EXTENSION.length);
  return `${name}_${guidMark(increment)}${attempt === 1 ? "" : `_${attempt}`}${EXTENSION}`;
}

/** Whether a file that the service lists is this increment: the object itself, or any upload of it. */
export function isNamedBy(increment: Increment, serviceName: string): boolean {
  if (isOssUrl(increment.file) && nameOfFile(increment.file) === serviceName) return true;
  return new RegExp(`_${increment.type}_.*_${guidMark(increment)}(_\\d+)?\\${EXTENSION}$`).test(serviceName);
}

/**
 * The object of an increment: an existing one, or one that is uploaded and verified. A replacement for a file that the service
 * could not restore becomes another object with its own name: objects in the bucket are never overwritten.
 */
export async function ensureIncrementObject(job: Job, increment: Increment): Promise<ObjectFacts> {
  const { inputs, progress, session } = job;
  const location = parseBackupLocation(increment.file, inputs.bucket);
  if (location.kind === "object") {
    const object = await session.clients.store(inputs).headObject(location.bucket, location.key);
    if (object === undefined) throw migrationError("OBJECT_MISSING", { bucket: location.bucket, key: location.key });
    return object;
  }
  const chain = chainOf(job);
  const failures = chain.files.filter(({ state, setGuid }) => state === "failed" && setGuid === increment.setGuid);
  for (let attempt = 1; ; attempt += 1) {
    const key = `${normaliseFolder(inputs.folder)}${incrementName(increment, progress.databaseName, attempt)}`;
    requireAllowedKey("folder", key);
    try {
      const object = await uploadBackup(job, {
        path: location.path,
        key,
        sizeBytes: increment.sizeBytes,
        onUploadId: (uploadId) => {
          chain.upload = { key, uploadId };
        },
      });
      chain.upload = undefined;
      return object;
    } catch (error) {
      const isOther = isMigrationError(error) && error.code === "OBJECT_DIFFERS";
      if (!isOther || attempt > failures.length) throw error;
    }
  }
}
