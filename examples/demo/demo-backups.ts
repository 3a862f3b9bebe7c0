import { join } from "node:path";
import { writeBackupFile } from "../../testing/backup-writer/write-backup-file";

/** Three databases of a SQL Server 2019: an uncompressed backup, a compressed one, and one whose name needs escaping. */
const DATABASES = [
  { databaseName: "Shop", dataBytes: 24 * 2 ** 20 },
  { databaseName: "Warehouse", dataBytes: 6 * 2 ** 20, compressed: true },
  { databaseName: "Müller & Söhne", dataBytes: 2 ** 20 },
];

/** Writes small valid full backups and returns their paths. */
export async function makeDemoBackups(folder: string): Promise<string[]> {
  const paths: string[] = [];
  for (const [index, database] of DATABASES.entries()) {
    const path = join(folder, `${["shop", "warehouse", "mueller"][index]}.bak`);
    await writeBackupFile(path, { ...database, type: "full", startDate: `2026-11-21T23:0${index}:00` });
    paths.push(path);
  }
  return paths;
}
