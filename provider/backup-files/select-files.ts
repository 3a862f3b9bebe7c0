import { extname } from "node:path";
import { type NameList, parseNameList } from "../model/name-pattern";

/** A file of a folder that is not taken as a backup, and why. */
export interface LeftOutFile {
  file: string;
  /** The rest of a sentence that begins with the file's name. */
  reason: string;
}

/** The files of a folder or prefix, in name order. */
export interface SelectedFiles {
  backups: string[];
  leftOut: LeftOutFile[];
}

/** A file of a folder, and its path in that folder with forward slashes. */
export interface ListedFile {
  file: string;
  inFolder: string;
}

/** The extensions that make a file of a folder or prefix a backup by its name. */
const BACKUP_EXTENSION = /\.(bak|trn|dif|diff|full|log)$/i;
/** The extensions that copy tools and browsers give to files that they have not finished. */
const UNFINISHED_EXTENSION = /\.(part|tmp|filepart|crdownload)$/i;

/**
 * Selects the backups among the files of a folder. Patterns of `exclude` match a file's path in the folder or its name,
 * without case. `reasonByContent` decides about files without an extension of backups: undefined takes the file.
 */
export async function selectFiles(
  files: readonly ListedFile[],
  exclude: NameList | undefined,
  reasonByContent: (file: string) => Promise<string | undefined>,
): Promise<SelectedFiles> {
  const patterns = parseNameList(exclude);
  const selected: SelectedFiles = { backups: [], leftOut: [] };
  for (const { file, inFolder } of [...files].sort((one, other) => (one.file < other.file ? -1 : 1))) {
    const name = inFolder.slice(inFolder.lastIndexOf("/") + 1);
    const pattern = patterns.find(({ matches }) => matches(inFolder) || matches(name));
    const reason =
      pattern !== undefined
        ? `is left out by the pattern ${pattern.text}`
        : UNFINISHED_EXTENSION.test(name)
          ? `is named like an unfinished copy (${extname(name)})`
          : BACKUP_EXTENSION.test(name)
            ? undefined
            : await reasonByContent(file);
    if (reason === undefined) selected.backups.push(file);
    else selected.leftOut.push({ file, reason });
  }
  return selected;
}

/** The reason for an object without an extension of backups, whose content a listing does not show. */
export const reasonByName = async (file: string): Promise<string> =>
  `is not named like a backup (${extname(file) || "no extension"})`;
