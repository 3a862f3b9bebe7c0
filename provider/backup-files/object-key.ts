import { objectNameFor } from "../backup/object-name";
import type { ManifestFacts } from "../model/manifest-facts";
import type { ExaminedBackup } from "./examine-backup";

/**
 * The key of an upload: the folder, then `<databaseName>_<FULL|DIFF|LOG>_<BackupStartDate>.bak`. The vendor's tools read the
 * database's name from this form, so it has the name on the instance, not the one in the header.
 */
export function objectKeyFor(
  backup: Pick<ExaminedBackup, "content" | "fileName">,
  databaseName: string | undefined,
  folder: string | undefined,
): string {
  const [set] = backup.content.sets;
  const named = set && { ...set, DatabaseName: databaseName ?? set.DatabaseName };
  return `${normaliseFolder(folder)}${objectNameFor(named, backup.fileName)}`;
}

/** The same key from a manifest entry, for a machine without the file. */
export function objectKeyOfEntry(
  { backupStartDate }: ManifestFacts,
  fileName: string,
  databaseName: string,
  folder: string | undefined,
): string {
  const named = { DatabaseName: databaseName, BackupType: 1 as const, BackupStartDate: backupStartDate };
  return `${normaliseFolder(folder)}${objectNameFor(named, fileName)}`;
}

/** A folder as a key prefix of OSS: no leading slash, one trailing slash; empty for the bucket's root. */
export function normaliseFolder(folder: string | undefined): string {
  const trimmed = (folder ?? "").replace(/^\/+|\/+$/g, "");
  return trimmed === "" ? "" : `${trimmed}/`;
}
