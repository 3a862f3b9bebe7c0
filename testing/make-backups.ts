import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { specimens } from "./backup-writer/specimens";

/** Writes one file of each specimen into `folder` and returns a list of the files. */
export async function makeBackups(folder: string): Promise<{ file: string; bytes: number; problem?: string }[]> {
  await mkdir(folder, { recursive: true });
  const written: { file: string; bytes: number; problem?: string }[] = [];
  for (const { file, bytes, problem } of specimens()) {
    const content = bytes();
    await writeFile(join(folder, file), content);
    written.push({ file, bytes: content.length, problem });
  }
  return written;
}

const USAGE = `Usage: npm run make-backups -- FOLDER

Writes one small file of each kind into FOLDER, named for what it is: sound, damaged and foreign.

Exit status:
  0  the files were written
  1  a file could not be written
  2  a mistake in the arguments`;

/** Prints what was written and returns the exit status. */
async function main(args: string[]): Promise<number> {
  const { values, positionals } = parseArgs({
    args,
    allowPositionals: true,
    strict: false,
    options: { help: { type: "boolean", short: "h" } },
  });
  if (values.help === true) {
    console.log(USAGE);
    return 0;
  }
  const [folder] = positionals;
  const unknown = Object.keys(values).find((name) => name !== "help");
  if (folder === undefined || positionals.length > 1 || unknown !== undefined) {
    console.error(
      `${unknown === undefined ? "name one folder" : `unknown option '${unknown.length === 1 ? "-" : "--"}${unknown}'`}\n\n${USAGE}`,
    );
    return 2;
  }
  for (const { file, bytes, problem } of await makeBackups(folder)) {
    console.log(`${join(folder, file)}  ${bytes} bytes  ${problem ?? "valid"}`);
  }
  return 0;
}

if (require.main === module) {
  main(process.argv.slice(2)).then(
    (status) => {
      process.exitCode = status;
    },
    (error: unknown) => {
      console.error(error instanceof Error ? error.message : error);
      process.exitCode = 1;
    },
  );
}
