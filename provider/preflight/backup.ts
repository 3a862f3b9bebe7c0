import type { InstanceFacts } from "../aliyun/rds-api";
import { compareBackupName } from "../backup/backup-name";
import { otherFilesOf } from "../backup/database-size";
import type { ExaminedBackup } from "../backup-files/examine-backup";
import { newestDatabaseVersion, OLDEST_DATABASE_VERSION, releaseOf } from "../model/engine-version";
import { errorOf, type Finding, notChecked, warningOf } from "./finding";

/** From here on a backup is too large if "3 TB" is meant decimally; above 3 TiB it is refused. */
const DOUBTFUL_BYTES = 3e12;

/** What is doubtful about a sound full backup: it migrates, and the result may surprise. */
export function checkBackup({ name: file, sizeBytes, content }: ExaminedBackup): Finding[] {
  const findings: Finding[] = [];
  const [set] = content.sets;
  if (sizeBytes > DOUBTFUL_BYTES) findings.push(warningOf("BACKUP_NEAR_LIMIT", { file, sizeBytes }));
  if (set === undefined) return findings;
  const database = set.DatabaseName ?? "the database";
  const differing = compareBackupName(file, set);
  if (differing !== undefined) {
    const { code, message } = differing;
    findings.push({ severity: "warning", code, message: `${code}: ${message}` });
  }
  if (set.IsReadOnly === true) findings.push(warningOf("BACKUP_READ_ONLY", { file, database }));
  if (set.IsSingleUser === true) findings.push(warningOf("BACKUP_SINGLE_USER", { file, database }));
  const names = otherFilesOf(set);
  if (names.length > 0) findings.push(warningOf("BACKUP_OTHER_FILES", { file, names }));
  return findings;
}

/** What a database's recovery model means for the increments that are declared; an unknown one gets the benefit of the doubt. */
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

/** Whether the instance's SQL Server restores a backup of that version. */
export function checkVersion(
  { file, databaseVersion }: { file: string; databaseVersion: number | undefined },
  { instanceId: instance, engineVersion }: InstanceFacts,
): Finding[] {
  const newest = newestDatabaseVersion(engineVersion);
  if (databaseVersion === undefined)
    return [notChecked(`whether ${instance} restores ${file}`, "Nothing tells which version of SQL Server wrote it.")];
  if (newest === undefined && databaseVersion >= OLDEST_DATABASE_VERSION) {
    const why = `${engineVersion || "Its version"} is not known here; ${file} is of ${releaseOf(databaseVersion)} (database version ${databaseVersion}).`;
    return [notChecked(`whether ${instance} restores ${file}`, why, "warning")];
  }
  if (newest !== undefined && databaseVersion > newest) {
    const source = releaseOf(databaseVersion);
    return [errorOf("VERSION_TOO_NEW", { file, source, databaseVersion, instance, engineVersion })];
  }
  return databaseVersion < OLDEST_DATABASE_VERSION
    ? [errorOf("VERSION_TOO_OLD", { file, databaseVersion, instance, engineVersion })]
    : [];
}
