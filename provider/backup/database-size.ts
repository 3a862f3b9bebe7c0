import type { BackupSet, DatabaseFile } from "./backup-file";

/** What a restored database takes on the instance's disk, bytes. */
export interface RestoredSize {
  dataBytes: number;
  logBytes: number;
}

/** RESTORE creates every data and log file at its full size. A header without sizes leaves the backup's own as an estimate of the data. */
export function restoredSize({ files, BackupSize }: BackupSet, sizeBytes: number): RestoredSize {
  const logs = files.filter(isLog);
  const data = files.filter((file) => !isLog(file));
  return { dataBytes: sumOf(data) || (BackupSize ?? sizeBytes), logBytes: sumOf(logs) };
}

/** Size of all files of the database, bytes; 0 when the header does not tell. */
export const restoredBytes = ({ files }: BackupSet): number => sumOf(files);

/** Logical names of the files that are neither data nor log, such as FILESTREAM. */
export const otherFilesOf = ({ files }: BackupSet): string[] =>
  files
    .filter(({ Type }) => Type !== "D" && Type !== "L" && Type !== null)
    .map(({ LogicalName }) => LogicalName ?? "?");

const isLog = ({ Type }: DatabaseFile): boolean => Type === "L";

const sumOf = (files: readonly DatabaseFile[]): number => files.reduce((sum, { Size }) => sum + (Size ?? 0), 0);
