import { join } from "node:path";
import { backupSeries } from "../../../testing/backup-writer/backup-series";
import type { BackupSpec } from "../../../testing/backup-writer/write-backup";
import { writeBackupFile } from "../../../testing/backup-writer/write-backup-file";
import type { Fixture } from "../../../testing/fixture";

type WrittenType = BackupSpec["type"];

/** A history of small backups of the database erp in the fixture's folder, 15 minutes apart; `tail` closes it WITH NORECOVERY. */
export async function writeHistory(
  fixture: Fixture,
  types: readonly (WrittenType | "tail")[],
  common: Partial<BackupSpec> = {},
  mark = "",
): Promise<string[]> {
  const kinds = types.map((type) => (type === "tail" ? "log" : type));
  const start = {
    databaseName: "erp",
    startDate: "2024-05-01T02:00:00",
    dataBytes: 65_536,
    logBytes: 4_096,
    ...common,
  };
  const specs = backupSeries(start, kinds);
  const paths: string[] = [];
  for (const [at, spec] of specs.entries()) {
    const path = join(fixture.folder, `${spec.databaseName}${mark}-${at}-${types[at]}.bak`);
    await writeBackupFile(path, types[at] === "tail" ? { ...spec, isTail: true } : spec);
    paths.push(path);
  }
  return paths;
}

/** The files of the newest task, as `type status`, without failed ones of the same name. */
export async function taken(fixture: Fixture): Promise<string[]> {
  const task = (await fixture.tasks()).at(-1);
  return (task?.files ?? []).map(({ key, status }) => `${/_(FULL|DIFF|LOG)_/.exec(key)?.[1] ?? key} ${status}`);
}
