import { join } from "node:path";
import { main as bakinfo } from "../../provider/cli/bakinfo";
import { writeBackupFile } from "../../testing/backup-writer/write-backup-file";

const SMALLEST_DATA_BYTES = 65_536;

/** Writes one full backup for each database and their manifest. @returns the path of the manifest */
export async function writeFleet(
  folder: string,
  databases: number,
  dataBytes: number = SMALLEST_DATA_BYTES,
): Promise<string> {
  const names = Array.from({ length: databases }, (_, index) => `db${String(index + 1).padStart(4, "0")}`);
  const fileOf = (name: string): string => join(folder, `${name}_FULL_20240501020000.bak`);
  for (const name of names) await writeBackupFile(fileOf(name), { databaseName: name, type: "full", dataBytes });
  const manifest = join(folder, "backups.json");
  const errors: string[] = [];
  const console = { out: () => undefined, err: (text: string) => errors.push(text), env: () => undefined };
  if ((await bakinfo([...names.map(fileOf), "--manifest", manifest], console)) !== 0)
    throw new Error(errors.join("\n"));
  return manifest;
}
