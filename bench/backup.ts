import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import process from "node:process";
import Table from "cli-table3";
import type { RangeSource } from "../provider/backup/range-source";
import { readBackup } from "../provider/backup/read-backup";
import { openFileSource } from "../provider/backup-files/file-source";
import { writtenSource } from "../testing/backup-writer/write-backup";

const BACKUP_EXTENSION = /\.(bak|trn|diff?)$/i;
/** Optional folder of real backups beside the checkout. */
const DEFAULT_FOLDER = join("..", "shared", "samples");
const ROUNDS = 10;
const TERABYTE = 2 ** 40;

interface Tally {
  files: number;
  reads: number;
  bytesRead: number;
  bytesInFiles: number;
  ms: number;
}

/** `npm run bench -- backup [FOLDER]`: measures how fast headers are read, and how much of each file. */
export async function run([folder = DEFAULT_FOLDER]: string[]): Promise<void> {
  const table = new Table({
    head: ["what", "files/s", "reads/file", "KiB read/file", "MB/s of file"],
    style: { head: [], border: [] },
  });
  if (existsSync(folder)) {
    const paths = readdirSync(folder, { recursive: true, encoding: "utf8" })
      .filter((name) => BACKUP_EXTENSION.test(name))
      .map((name) => join(folder, name));
    await measure(paths, false); // warm-up for the JIT compiler
    table.push(row(`${paths.length} files, headers`, await measure(paths, false)));
    table.push(row(`${paths.length} files, --deep`, await measure(paths, true)));
  } else console.warn(`The folder ${folder} does not exist. Pass a folder that contains backups.`);
  const tally = { files: 0, reads: 0, bytesRead: 0, bytesInFiles: 0, ms: 0 };
  await measureOne(writtenSource("1 TiB", { databaseName: "Large", type: "full", dataBytes: TERABYTE }), false, tally);
  table.push(row("generated, 1 TiB", tally));
  console.log(table.toString());
}

async function measure(paths: readonly string[], deep: boolean): Promise<Tally> {
  const tally = { files: 0, reads: 0, bytesRead: 0, bytesInFiles: 0, ms: 0 };
  for (let round = 0; round < ROUNDS; round += 1) {
    for (const path of paths) {
      const startMs = performance.now();
      const source = await openFileSource(path);
      await measureOne(source, deep, tally, startMs);
      await source.close();
    }
  }
  return tally;
}

async function measureOne(
  source: RangeSource,
  deep: boolean,
  tally: Tally,
  startMs = performance.now(),
): Promise<void> {
  const counting: RangeSource = {
    name: source.name,
    sizeBytes: source.sizeBytes,
    read(start, end) {
      tally.reads += 1;
      tally.bytesRead += end - start;
      return source.read(start, end);
    },
  };
  const { problems } = await readBackup(counting, { deep });
  if (problems.length > 0) console.warn(`${source.name}: ${problems.map(({ code }) => code).join(", ")}`);
  tally.ms += performance.now() - startMs;
  tally.files += 1;
  tally.bytesInFiles += source.sizeBytes;
}

function row(what: string, { files, reads, bytesRead, bytesInFiles, ms }: Tally): string[] {
  const seconds = ms / 1000;
  return [
    what,
    (files / seconds).toFixed(0),
    (reads / files).toFixed(1),
    (bytesRead / files / 1024).toFixed(1),
    files > 1 ? (bytesInFiles / seconds / 1e6).toFixed(0) : "",
  ];
}

if (require.main === module) {
  run(process.argv.slice(2)).catch((error: unknown) => {
    console.error(error instanceof Error ? error.message : error);
    process.exitCode = 1;
  });
}
