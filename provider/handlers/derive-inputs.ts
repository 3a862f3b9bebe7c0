import { backupIdentity, type ExaminedBackup, manifestIdentity, nameOfDatabase } from "../backup-files/examine-backup";
import { migrationError } from "../errors/migration-error";
import type { MigrationInputs } from "../model/inputs";
import { nameKey } from "../model/names";
import type { PlainObject } from "../model/plain";
import { SYSTEM_DATABASES } from "../model/system-databases";
import type { CheckRun } from "./check-run";

/** Returns the inputs that `check` adds. Previous values are kept: the file may be deleted by now, and a database keeps its name. */
export function deriveInputs(
  run: CheckRun,
  examined: ExaminedBackup | undefined,
  news: PlainObject,
): Partial<MigrationInputs> {
  const { inputs, olds, failures } = run;
  const derived: Partial<MigrationInputs> = {};
  const backupId =
    (examined && backupIdentity(examined)) ??
    (inputs.manifest && manifestIdentity(inputs.manifest)) ??
    (inputs.backup === olds.backup ? olds.backupId : undefined);
  if (backupId !== undefined) derived.backupId = backupId;
  if (news.databaseName !== undefined) return derived;
  const databaseName = olds.databaseName ?? (examined && nameOfDatabase(examined));
  if (databaseName === undefined) {
    // A file that is not a backup already has a failure.
    if (examined !== undefined && !examined.isDescribed && failures.length === 0)
      failures.push(migrationError("DATABASE_NAME_UNKNOWN", { file: examined.name }).message);
    return derived;
  }
  if (examined !== undefined && olds.databaseName === undefined && SYSTEM_DATABASES.has(nameKey(databaseName))) {
    failures.push(migrationError("DATABASE_NAME_SYSTEM", { file: examined.name, database: databaseName }).message);
  }
  return { ...derived, databaseName };
}
