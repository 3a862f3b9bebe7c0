import { isDeepStrictEqual } from "node:util";
import { backupOfEntry } from "../backup-files/backup-of-entry";
import { backupFaults, type ExaminedBackup, manifestFault } from "../backup-files/examine-backup";
import { isMigrationError } from "../errors/migration-error";
import { parseBackupLocation } from "../files/backup-location";
import { isAdopted } from "../model/inputs";
import { type BackupLocation, fileNameOf, formatLocation, isOssUrl } from "../model/location";
import { type CheckRun, logOncePerRun } from "./check-run";

/** Examines the backup: always for a new migration; for an existing one only where the content may have changed. */
export async function examineBackupInput(
  run: CheckRun,
  exists: boolean,
  unknown: boolean,
): Promise<ExaminedBackup | undefined> {
  const { inputs, olds, context, failures } = run;
  const { session } = context;
  if (unknown || inputs.backup === undefined)
    return inputs.manifest && backupOfEntry(inputs.manifest, "the backup", "");
  const unchanged = exists && inputs.backup === olds.backup;
  // An object with an unchanged name needs no request: converge compares its CRC64 until the migration is finished.
  if (unchanged && isOssUrl(inputs.backup)) return undefined;
  // An unchanged manifest entry describes the migrated backup. The upload refuses a file that differs from it.
  if (unchanged && inputs.manifest !== undefined && isDeepStrictEqual(inputs.manifest, olds.manifest)) return undefined;
  let location: BackupLocation | undefined;
  try {
    location = parseBackupLocation(inputs.backup, inputs.bucket);
    const examined = await session.backups.examine(location, () => session.clients.store(inputs));
    if (!unchanged && !isAdopted(inputs)) failures.push(...backupFaults(examined));
    const mismatch = inputs.manifest && manifestFault(examined, inputs.manifest);
    if (mismatch !== undefined) failures.push(mismatch);
    return examined;
  } catch (error) {
    if (unchanged) return undefined;
    if (!isMigrationError(error)) throw error;
    if (error.code === "BACKUP_MISSING" && inputs.manifest !== undefined) {
      const note = `${inputs.backup} is not on this machine. Its manifest entry is used; pulumi up needs the object in the bucket.`;
      context.log.info(note);
      return backupOfManifest(run, location);
    }
    // An adopted database or task exists already, so its backup may be deleted.
    if (isOutOfReach(error.code) || isAdopted(inputs)) {
      logOncePerRun(run, `not checked: the backup ${inputs.backup}. ${error.message}`);
      return backupOfManifest(run, location);
    }
    failures.push(error.message);
    return undefined;
  }
}

/** The backup as its manifest entry describes it, checked like one that was read. */
function backupOfManifest(
  { inputs, failures }: CheckRun,
  location: BackupLocation | undefined,
): ExaminedBackup | undefined {
  if (inputs.manifest === undefined || location === undefined) return undefined;
  const described = backupOfEntry(inputs.manifest, formatLocation(location), fileNameOf(location));
  if (!isAdopted(inputs)) failures.push(...backupFaults(described));
  return described;
}

/** Errors of the machine that runs pulumi, not of the backup: the object in the bucket cannot be read from here. */
const isOutOfReach = (code: string): boolean =>
  ["NO_CREDENTIALS", "NO_REGION", "OSS_ACCESS_DENIED", "OSS_UNAVAILABLE", "OSS_REPLY_UNREADABLE"].includes(code);
