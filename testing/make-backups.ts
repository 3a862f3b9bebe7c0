import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
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

async function main(folder: string | undefined): Promise<void> {
  if (folder === undefined) {
    console.error("Usage: npm run make-backups -- FOLDER");
    process.exitCode = 2;
    return;
  }
  for (const { file, bytes, problem } of await makeBackups(folder)) {
    console.log(`${join(folder, file)}  ${bytes} bytes  ${problem ?? "valid"}`);
  }
}

if (require.main === module) {
  main(process.argv[2]).catch((error: unknown) => {
    console.error(error instanceof Error ? error.message : error);
    process.exitCode = 1;
  });
}
