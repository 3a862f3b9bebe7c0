import { migrationError } from "../errors/migration-error";
import { isNoEntry, systemFaultOf } from "../errors/system-fault";
import { BASELINE_LIMIT_BYTES, readWholeFile } from "../files/read-whole-file";
import { type Baseline, readBaseline } from "./baseline";

/**
 * Name of the file beside the backups that holds the output of `sql/baseline.sql`. docs/how-to/source-side.md uses the same
 * name.
 */
export const BASELINE_FILE = "baseline.json";

/**
 * Reads a baseline from a file.
 * @returns undefined when the file does not exist
 * @throws BASELINE_INVALID, also when the file cannot be read; BASELINE_NEWER
 */
export async function readBaselineFile(path: string): Promise<Baseline | undefined> {
  const text = await readBaselineText(path);
  return text === undefined ? undefined : readBaseline(text, path);
}

/**
 * The text of a baseline's file.
 * @returns undefined when the file does not exist
 * @throws BASELINE_INVALID when the file cannot be read
 */
export async function readBaselineText(path: string): Promise<string | undefined> {
  let bytes: Buffer;
  try {
    bytes = await readWholeFile(path, BASELINE_LIMIT_BYTES);
  } catch (cause) {
    if (isNoEntry(cause)) return undefined;
    const { reason, remedy } = systemFaultOf(cause);
    const fault = `it cannot be read: ${reason}`;
    throw migrationError("BASELINE_INVALID", { file: path, place: "the file", fault, remedy }, { cause });
  }
  // sqlcmd -u and Management Studio write UTF-16 with a byte order mark.
  return bytes[0] === 0xff && bytes[1] === 0xfe ? bytes.toString("utf16le") : bytes.toString("utf8");
}
