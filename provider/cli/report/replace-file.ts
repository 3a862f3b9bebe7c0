import { rename, rm, writeFile } from "node:fs/promises";

/** Writes a file in one step: whoever reads it has the old text or the new one. */
export async function replaceFile(path: string, text: string): Promise<void> {
  const beside = `${path}.${process.pid}.tmp`;
  try {
    await writeFile(beside, text);
    await rename(beside, path);
  } catch (error) {
    await rm(beside, { force: true });
    throw error;
  }
}
