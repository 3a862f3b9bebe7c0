import { type MigrationError, migrationError } from "../errors/migration-error";
import type { MigrationInputs } from "../model/inputs";
import { isSameName } from "../model/names";
import type { MigrationOutputs } from "../model/outputs";
import { hasTask } from "./change";

/**
 * The warning about a database that was sent under the name that a list gave its backup, although the header names another
 * one. Undefined where the names agree or the header was not readable.
 */
export function describeSourceName(recorded: MigrationOutputs, wanted: Partial<MigrationInputs>): string | undefined {
  const found = recorded.backupInfo?.DatabaseName;
  const fault = sourceNameFault(wanted, recorded.backup ?? "its backup", found);
  if (fault === undefined || !hasTask(recorded)) return undefined;
  const { databaseName, instanceId } = recorded;
  const rename = `overrides.${found} = { databaseName: "${databaseName}", adopt: true }`;
  return `${fault.code}: ${fault.what}\n${databaseName} on ${instanceId} holds the data of ${found}. If it is a rename, declare the backup as ${found} and set ${rename}. Otherwise correct the entry, and rename the database on RDS to what it holds.`;
}

/** The error for a backup whose header names another database than the list. Undefined where either name is not known. */
export function sourceNameFault(
  { sourceName }: Pick<MigrationInputs, "sourceName">,
  file: string,
  found: string | undefined,
): MigrationError | undefined {
  if (sourceName === undefined || found === undefined || isSameName(sourceName, found)) return undefined;
  return migrationError("BACKUP_OTHER_DATABASE", { file, declared: sourceName, found });
}
