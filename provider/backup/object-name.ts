import { createHash } from "node:crypto";
import type { BackupSet, BackupType } from "./backup-file";

/** Backup types in file and object names; FULL, DIFF and LOG are the vendor's terms. */
export const NAME_OF_TYPE: Record<BackupType, string> = {
  1: "FULL",
  2: "LOG",
  4: "FILE",
  5: "DIFF",
  6: "FILEDIFF",
  7: "PARTIAL",
  8: "PARTIALDIFF",
};

/**
 * Characters that become `_` in an object name. The vendor's documents forbid different characters in different places.
 */
const REPLACED = /[^A-Za-z0-9._-]/gu;
/** A name that already ends like the hash suffix gets one too, so that it cannot equal a changed name. */
const LOOKS_SUFFIXED = /_[0-9a-f]{8}$/;
const SUFFIX_HEX_DIGITS = 8;
/** Extension of every object; RDS refuses others with IncorrectFileExtension. [RDS CreateMigrateTask] */
const EXTENSION = ".bak";

/**
 * The object's file name (without a folder) for a backup: `<databaseName>_<FULL|DIFF|LOG>_<yyyyMMddHHmmss>.bak` from
 * the header, or the file's own name where the header could not be read. Characters other than `A-Za-z0-9._-` become
 * `_`, and a hash of the original name keeps such names distinct. The same backup always gets the same name.
 */
export function objectNameFor(
  set: Pick<BackupSet, "DatabaseName" | "BackupType" | "BackupStartDate"> | undefined,
  fileName: string,
): string {
  if (!set?.DatabaseName || set.BackupType === null || set.BackupStartDate === null) return nameFromFile(fileName);
  const time = set.BackupStartDate.replace(/\D/g, "");
  return `${distinctName(set.DatabaseName)}_${NAME_OF_TYPE[set.BackupType]}_${time}${EXTENSION}`;
}

/** `fileName` may be a Windows or POSIX path or a key; only its last segment counts. `.trn` becomes `.trn.bak`. */
function nameFromFile(fileName: string): string {
  const last = fileName.split(/[\\/]/).at(-1) ?? fileName;
  const stem = last.toLowerCase().endsWith(EXTENSION) ? last.slice(0, -EXTENSION.length) : last;
  return `${distinctName(stem)}${EXTENSION}`;
}

function distinctName(name: string): string {
  const plain = name.replace(REPLACED, "_");
  if (plain === name && plain !== "" && !LOOKS_SUFFIXED.test(name)) return name;
  return `${plain}_${createHash("sha256").update(name).digest("hex").slice(0, SUFFIX_HEX_DIGITS)}`;
}
