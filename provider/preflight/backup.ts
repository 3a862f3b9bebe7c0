import type { InstanceFacts } from "../aliyun/rds-api";
import { compareBackupName } from "../backup/backup-name";
import { otherFilesOf } from "../backup/database-size";
import { type ExaminedBackup, versionTooOld } from "../backup-files/examine-backup";
import { newestDatabaseVersion, OLDEST_DATABASE_VERSION, releaseOf } from "../model/engine-version";
import { errorOf, type Finding, findingOf, notChecked, warningOf } from "./finding";

/** Above this a backup is too large if the documented "3 TB" are decimal. Above 3 TiB it is always refused. */
const DECIMAL_LIMIT_BYTES = 3e12;

/** Warnings about a sound full backup: it migrates, but the result may be unexpected. */
export function checkBackup({ name: file, sizeBytes, content }: ExaminedBackup): Finding[] {
  const findings: Finding[] = [];
  const [set] = content.sets;
  if (sizeBytes > DECIMAL_LIMIT_BYTES) findings.push(warningOf("BACKUP_NEAR_LIMIT", { file, sizeBytes }));
  if (set === undefined) return findings;
  const database = set.DatabaseName ?? "the database";
  const nameProblem = compareBackupName(file, set);
  if (nameProblem !== undefined) {
    const { code, message } = nameProblem;
    findings.push({ severity: "warning", code, message: `${code}: ${message}` });
  }
  if (set.IsReadOnly === true) findings.push(warningOf("BACKUP_READ_ONLY", { file, database }));
  if (set.IsSingleUser === true) findings.push(warningOf("BACKUP_SINGLE_USER", { file, database }));
  const names = otherFilesOf(set);
  if (names.length > 0) findings.push(warningOf("BACKUP_OTHER_FILES", { file, names }));
  return findings;
}

/** Warnings about the recovery model of a database with declared increments; an unknown model gets none. */
export function checkRecoveryModel({ name: file, content }: Pick<ExaminedBackup, "name" | "content">): Finding[] {
  const [set] = content.sets;
  const values = { file, database: set?.DatabaseName ?? "the database" };
  switch (set?.RecoveryModel) {
    case "SIMPLE":
      return [warningOf("BACKUP_SIMPLE_RECOVERY", values)];
    case "BULK-LOGGED":
      return [warningOf("BACKUP_BULK_LOGGED", values)];
    default:
      return [];
  }
}

/** Whether the instance's SQL Server restores a backup of this database version. */
export function checkVersion(
  { file, databaseVersion }: { file: string; databaseVersion: number | undefined },
  { instanceId: instance, engineVersion }: InstanceFacts,
): Finding[] {
  const newest = newestDatabaseVersion(engineVersion);
  if (databaseVersion === undefined)
    return [notChecked(`whether ${instance} restores ${file}`, "The version of SQL Server that wrote it is unknown.")];
  if (newest === undefined && databaseVersion >= OLDEST_DATABASE_VERSION) {
    const why = `The engine version ${engineVersion || "(none)"} is unknown; ${file} is of ${releaseOf(databaseVersion)} (database version ${databaseVersion}).`;
    return [notChecked(`whether ${instance} restores ${file}`, why, "warning")];
  }
  if (newest !== undefined && databaseVersion > newest) {
    const source = releaseOf(databaseVersion);
    return [errorOf("VERSION_TOO_NEW", { file, source, databaseVersion, instance, engineVersion })];
  }
  const tooOld = versionTooOld(file, databaseVersion);
  return tooOld === undefined ? [] : [findingOf(tooOld, "error")];
}
