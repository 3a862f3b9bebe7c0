import { extname } from "node:path";
import { type MigrationError, migrationError } from "../errors/migration-error";
import type { SkippedEntry } from "../files/walk-folder";
import { type NameList, parseNameList } from "../model/name-pattern";

/** Why a file of a folder is not taken as a backup. */
export type LeftOutCause = SkippedEntry["cause"] | "excluded" | "unfinished" | "notABackup";

/** A file of a folder that is not taken as a backup, and why. */
export interface LeftOutFile {
  file: string;
  cause: LeftOutCause;
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
const BACKUP_EXTENSIONS = ["bak", "trn", "dif", "diff", "full", "log"] as const;
const BACKUP_EXTENSION = new RegExp(`\\.(${BACKUP_EXTENSIONS.join("|")})$`, "i");
const BACKUP_NAMES = BACKUP_EXTENSIONS.map((extension) => `*.${extension}`);
/** The extensions that copy tools and browsers give to files that they have not finished. */
const UNFINISHED_EXTENSION = /\.(part|tmp|filepart|crdownload)$/i;

/** Decides about a file without an extension of backups: undefined takes it. */
type ReasonByContent = (file: string) => Promise<string | undefined>;

/**
 * Selects the backups among the files of a folder. Patterns of `exclude` match a file's path in the folder or its name,
 * without case.
 */
export async function selectFiles(
  files: readonly ListedFile[],
  exclude: NameList | undefined,
  reasonByContent: ReasonByContent,
): Promise<SelectedFiles> {
  const patterns = parseNameList(exclude);
  const selected: SelectedFiles = { backups: [], leftOut: [] };
  for (const { file, inFolder } of [...files].sort((one, other) => (one.file < other.file ? -1 : 1))) {
    const name = inFolder.slice(inFolder.lastIndexOf("/") + 1);
    const pattern = patterns.find(({ matches }) => matches(inFolder) || matches(name));
    const leftOut = await leaveOut(file, { name, pattern: pattern?.text, reasonByContent });
    if (leftOut === undefined) selected.backups.push(file);
    else selected.leftOut.push({ file, ...leftOut });
  }
  return selected;
}

async function leaveOut(
  file: string,
  { name, pattern, reasonByContent }: { name: string; pattern?: string; reasonByContent: ReasonByContent },
): Promise<Omit<LeftOutFile, "file"> | undefined> {
  if (pattern !== undefined) return { cause: "excluded", reason: `is left out by the pattern ${pattern}` };
  if (UNFINISHED_EXTENSION.test(name))
    return { cause: "unfinished", reason: `is named like an unfinished copy (${extname(name)})` };
  if (BACKUP_EXTENSION.test(name)) return undefined;
  const reason = await reasonByContent(file);
  return reason === undefined ? undefined : { cause: "notABackup", reason };
}

/**
 * The error for a folder or prefix without a single backup file.
 * @param isOfProgram the folder is that of a program, whose stack would lose its migrations
 */
export const noBackupFiles = (
  folder: string,
  { leftOut }: Pick<SelectedFiles, "leftOut">,
  { isOfProgram }: { isOfProgram: boolean },
): MigrationError =>
  migrationError("BACKUPS_FOLDER_EMPTY", {
    ...{ folder, skipped: leftOut, isOfProgram },
    names: `${BACKUP_NAMES.slice(0, -1).join(", ")} and ${BACKUP_NAMES.at(-1)}, also in subfolders`,
  });

/** The reason for an object without an extension of backups, whose content a listing does not show. */
export const reasonByName = async (file: string): Promise<string> =>
  `is not named like a backup (${extname(file) || "no extension"})`;
