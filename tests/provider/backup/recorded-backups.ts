import type { CandidateFile } from "../../../provider/backup/chain";
import { readBackup } from "../../../provider/backup/read-backup";
import { openFileSource } from "../../../provider/backup-files/file-source";
import { type BackupSpec, backupBytes } from "../../../testing/backup-writer/write-backup";
import { bufferSource } from "../../../testing/buffer-source";
import { samplePath } from "./samples";

/** Writes a backup and reads it back. */
export async function readWritten(file: string, spec: BackupSpec): Promise<CandidateFile> {
  const bytes = backupBytes({ seed: file, dataBytes: 8192, logBytes: 512, ...spec });
  return { file, backup: await readBackup(bufferSource(file, bytes)) };
}

/**
 * One row of a recorded history, LSNs as HEADERONLY prints them: type, FirstLSN, LastLSN, CheckpointLSN,
 * DatabaseBackupLSN.
 */
export type RecordedRow = readonly [
  file: string,
  type: BackupSpec["type"],
  first: string,
  last: string,
  checkpoint: string,
  base?: string,
];

/** Writes each row as a file and reads it back; every file comes from one database on one recovery fork. */
export function recordedHistory(rows: readonly RecordedRow[], databaseName = "testdb"): Promise<CandidateFile[]> {
  return Promise.all(
    rows.map(([file, type, first, last, checkpoint, base]) =>
      readWritten(file, {
        databaseName,
        type,
        firstLsn: BigInt(first),
        lastLsn: BigInt(last),
        checkpointLsn: BigInt(checkpoint),
        databaseBackupLsn: base === undefined ? null : BigInt(base),
      }),
    ),
  );
}

/** A sample, called by its file name alone. */
export async function readSample(path: string): Promise<CandidateFile> {
  const source = await openFileSource(samplePath(path));
  try {
    return { file: path.split("/").at(-1) ?? path, backup: await readBackup(source) };
  } finally {
    await source.close();
  }
}
