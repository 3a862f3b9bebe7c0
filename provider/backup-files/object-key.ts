import { objectNameFor } from "../backup/object-name";
import type { ManifestFacts } from "../model/manifest-facts";
import type { ExaminedBackup } from "./examine-backup";

/**
 * The key that an upload gets: folder + `<databaseName>_<FULL|DIFF|LOG>_<BackupStartDate>.bak`, the form that the vendor's
 * own tools read the database's name from; so it carries the destination's name, not the header's.
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

/** The same key from a manifest's entry, for a runner that does not have the file. */
export function objectKeyOfEntry(
  { backupStartDate }: ManifestFacts,
  fileName: string,
  databaseName: string,
  folder: string | undefined,
): string {
  const named = { DatabaseName: databaseName, BackupType: 1 as const, BackupStartDate: backupStartDate };
  return `${normaliseFolder(folder)}${objectNameFor(named, fileName)}`;
}

/** A folder (key prefix) as OSS wants it: no leading slash, one trailing slash; empty for the bucket's root. */
export function normaliseFolder(folder: string | undefined): string {
  const trimmed = (folder ?? "").replace(/^\/+|\/+$/g, "");
  return trimmed === "" ? "" : `${trimmed}/`;
}
