import { migrationError } from "../errors/migration-error";
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
  const { sourceName } = wanted;
  if (found === undefined || sourceName === undefined || isSameName(found, sourceName) || !hasTask(recorded))
    return undefined;
  const file = recorded.backup ?? "its backup";
  const { code, what } = migrationError("BACKUP_OTHER_DATABASE", { file, declared: sourceName, found });
  const { databaseName, instanceId } = recorded;
  const rename = `overrides.${found} = { databaseName: "${databaseName}", adopt: true }`;
  return `${code}: ${what}\n${databaseName} on ${instanceId} holds the data of ${found}. If it is a rename, declare the backup as ${found} and set ${rename}. Otherwise drop the database and correct the entry.`;
}

/** @throws BACKUP_OTHER_DATABASE when nothing was sent yet and the header names another database than the list */
export function requireSourceName(
  { sourceName }: Pick<MigrationInputs, "sourceName">,
  file: string,
  found: string | undefined,
): void {
  if (sourceName === undefined || found === undefined || isSameName(sourceName, found)) return;
  throw migrationError("BACKUP_OTHER_DATABASE", { file, declared: sourceName, found });
}
