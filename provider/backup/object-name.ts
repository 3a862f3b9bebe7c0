import { createHash } from "node:crypto";
import type { BackupSet, BackupType } from "./backup-file";

/** How the types are called in file and object names; FULL, DIFF and LOG are the vendor's words. */
export const NAME_OF_TYPE: Record<BackupType, string> = {
  1: "FULL",
  2: "LOG",
  4: "FILE",
  5: "DIFF",
  6: "FILEDIFF",
  7: "PARTIAL",
  8: "PARTIALDIFF",
};

/** Only these survive in an object's name; the vendor's documents refuse different further characters in different places. */
const REFUSED = /[^A-Za-z0-9._-]/gu;
/** A name that already ends like our own suffix could be mistaken for a changed one. */
const LOOKS_SUFFIXED = /_[0-9a-f]{8}$/;
const SUFFIX_HEX_DIGITS = 8;
/** Ending of every object: anything else is IncorrectFileExtension. [RDS CreateMigrateTask] */
const EXTENSION = ".bak";

/**
 * The object's file name (without a folder) for a backup: `<databaseName>_<FULL|DIFF|LOG>_<yyyyMMddHHmmss>.bak` after the
 * header of `set`, or the file's own name where no header could be read. Other characters than `A-Za-z0-9._-` become `_`,
 * and a hash of the original keeps such names apart. The same backup always gets the same name.
 */
export function objectNameFor(
  set: Pick<BackupSet, "DatabaseName" | "BackupType" | "BackupStartDate"> | undefined,
  fileName: string,
): string {
  if (!set?.DatabaseName || set.BackupType === null || set.BackupStartDate === null) return ownName(fileName);
  const time = set.BackupStartDate.replace(/\D/g, "");
  return `${distinctName(set.DatabaseName)}_${NAME_OF_TYPE[set.BackupType]}_${time}${EXTENSION}`;
}

/** `fileName` may be a path of either system or a key; its last segment counts. A .trn keeps its ending before `.bak`. */
function ownName(fileName: string): string {
  const last = fileName.split(/[\\/]/).at(-1) ?? fileName;
  const stem = last.toLowerCase().endsWith(EXTENSION) ? last.slice(0, -EXTENSION.length) : last;
  return `${distinctName(stem)}${EXTENSION}`;
}

function distinctName(name: string): string {
  const plain = name.replace(REFUSED, "_");
  if (plain === name && plain !== "" && !LOOKS_SUFFIXED.test(name)) return name;
  return `${plain}_${createHash("sha256").update(name).digest("hex").slice(0, SUFFIX_HEX_DIGITS)}`;
}
