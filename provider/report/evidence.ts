import { objectUrl } from "../model/location";
import type { ChainFile, MigrationOutputs } from "../model/outputs";
import type { DatabaseRow } from "../stack-state/database-row";

/** The full backup of a database, as the state records it. */
export interface BackupEvidence {
  /** Where the program has it: a path, or `oss://bucket/key`. */
  file?: string;
  /** The object in OSS, as `oss://bucket/key`. */
  object?: string;
  /** CRC-64/XZ of the object, unsigned decimal. */
  crc64?: string;
  backupSetGuid?: string;
  /** Name of the database on the source. */
  database?: string;
  server?: string;
  softwareVersion?: string;
  /** The source server's local time, like `finishedAt`. */
  startedAt?: string;
  finishedAt?: string;
  /** Recorded for migrations with increments only. */
  checkpointLsn?: string;
  lastLsn?: string;
}

type Recorded = Partial<MigrationOutputs>;

/** Returns what the state records about the full backup; undefined without a record of the migration itself. */
export function backupEvidence({ record }: DatabaseRow): BackupEvidence | undefined {
  if (record === undefined) return undefined;
  const { backup, bucket, objectKey, objectCrc64, backupInfo, manifest, chainStart } = record.members;
  return {
    file: backup,
    object: bucket === undefined || objectKey === undefined ? undefined : objectUrl(bucket, objectKey),
    crc64: objectCrc64,
    backupSetGuid: backupInfo?.BackupSetGUID ?? manifest?.backupSetGuid,
    database: backupInfo?.DatabaseName ?? manifest?.database,
    server: backupInfo?.ServerName,
    softwareVersion: backupInfo?.SoftwareVersion,
    startedAt: backupInfo?.BackupStartDate ?? manifest?.backupStartDate ?? undefined,
    finishedAt: backupInfo?.BackupFinishDate ?? manifest?.backupFinishDate ?? undefined,
    checkpointLsn: chainStart?.checkpointLsn ?? undefined,
    lastLsn: chainStart?.lastLsn ?? fullOf(record.members)?.lastLsn,
  };
}

const fullOf = ({ chain }: Recorded): ChainFile | undefined => chain?.files.find(({ type }) => type === "FULL");

/** The position of a database with increments in its backup chain. */
export interface ChainEvidence {
  /** The last LSN that the service has restored. */
  reachedLsn?: string;
  /** The next log backup must begin at or before this LSN. */
  nextLsn?: string;
  /** The differential and log backups, in the order in which they were sent. */
  increments: readonly ChainFile[];
  /** Why the cutover's guard does not allow opening the database. */
  cutoverObstacles?: readonly string[];
}

/** Returns what the state records about the increments; undefined for a migration without. */
export function chainEvidence({ record }: DatabaseRow): ChainEvidence | undefined {
  const { chain, nextLsn, cutoverObstacles } = record?.members ?? {};
  if (chain === undefined) return undefined;
  const increments = chain.files.filter(({ type }) => type !== "FULL");
  return { reachedLsn: chain.reachedLsn, nextLsn, increments, cutoverObstacles };
}
