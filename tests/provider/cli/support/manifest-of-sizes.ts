import { writeFileSync } from "node:fs";
import { join } from "node:path";

/** Writes a manifest of databases with these restored sizes in bytes, whose backups are half as large, and returns its path. */
export function writeManifestOfSizes(folder: string, sizes: Readonly<Record<string, number>>): string {
  const file = join(folder, "databases.json");
  const guid = "7A310E68-78FF-B498-A552-5EB2C9C8466D";
  const nulls = {
    ...{ checkpointLsn: null, databaseBackupLsn: null, differentialBaseGuid: null },
    ...{ backupStartDate: null, backupFinishDate: null, databaseVersion: 904 },
  };
  const databases = Object.entries(sizes).map(([database, restoredBytes]) => ({
    database,
    backup: {
      ...{ file: `${database}.bak`, sizeBytes: restoredBytes / 2, restoredBytes, crc64: "1", type: "FULL" },
      ...{ backupSetGuid: guid, firstLsn: "1", lastLsn: "1", ...nulls },
    },
    increments: [],
  }));
  writeFileSync(file, JSON.stringify({ version: 1, databases }));
  return file;
}
