import { createHash } from "node:crypto";
import { migrationError } from "../errors/migration-error";
import { pathOfFileUrl } from "../files/file-url";
import { locateInProject } from "../files/project-folder";
import { foreignPlaceOf } from "../model/foreign-place";
import { readBaselineText } from "../source/baseline-file";

export type SideName = "source" | "target";

/** The file of one side. */
export interface Side {
  path: string;
  text: string;
  /** SHA-256 of the text. */
  digest: string;
}

/** Reads the file that an argument names. @throws VERIFICATION_FILE_MISSING, BASELINE_INVALID when it cannot be read, INPUT_INVALID */
export async function readSide(argument: SideName, file: string): Promise<Side> {
  const { path } = locateInProject(pathOfFileUrl(file, argument));
  const text = await readBaselineText(path);
  if (text === undefined)
    throw migrationError("VERIFICATION_FILE_MISSING", { argument, file, place: foreignPlaceOf(file) });
  return { path: file, text, digest: createHash("sha256").update(text).digest("hex") };
}
