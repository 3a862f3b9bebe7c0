import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";

/**
 * Real backups in a folder beside the checkout; their licences keep them out of the package. Tests that need them print
 * a warning when they are skipped.
 */
export const SAMPLES_FOLDER = join(__dirname, "..", "..", "..", "..", "shared", "samples");
export const haveSamples = existsSync(join(SAMPLES_FOLDER, "expected.tsv"));

export const describeSamples = haveSamples ? describe : describe.skip;
if (!haveSamples) console.warn(`No sample backups at ${SAMPLES_FOLDER}: the tests over real files are skipped.`);

/** The rows of expected.tsv by its column names; empty without the samples. */
export function expectedRows(): Record<string, string>[] {
  if (!haveSamples) return [];
  const [header = "", ...lines] = readFileSync(join(SAMPLES_FOLDER, "expected.tsv"), "utf8").trim().split("\n");
  const names = header.split("\t");
  return lines.map((line) => {
    const cells = line.split("\t");
    return Object.fromEntries(names.map((name, index) => [name, cells[index] ?? ""]));
  });
}

export const samplePath = (file: string): string => join(SAMPLES_FOLDER, file);
