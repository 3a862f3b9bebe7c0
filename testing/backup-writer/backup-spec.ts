import { createHash } from "node:crypto";
import type { DatabaseFile, RecoveryFork, RecoveryModel } from "../../provider/backup/backup-file";
import { lsnFromParts } from "../../provider/backup/lsn";
import { PAGE_BYTES } from "../../provider/backup/page-checksum";

/** The backup types that the writer supports; the reader supports more. */
const WRITTEN_TYPES = ["full", "differential", "log"] as const;
export type WrittenType = (typeof WRITTEN_TYPES)[number];

/** One backup set to write. Only the database name and the type are required. */
export interface BackupSpec {
  databaseName: string;
  type: WrittenType;
  /** `HOST` or `HOST\INSTANCE`. @default "SOURCE01" */
  serverName?: string;
  userName?: string;
  backupName?: string | null;
  backupDescription?: string | null;
  /** @default 15.0.2000, SQL Server 2019 */
  softwareVersion?: { major: number; minor: number; build: number };
  /** Internal version of the database. @default that of `softwareVersion` */
  databaseVersion?: number;
  /** @default that of `softwareVersion` */
  compatibilityLevel?: number;
  /** The server's local time, `YYYY-MM-DDTHH:mm:ss`. @default 2024-05-01T02:00:00 */
  startDate?: string;
  /** @default one minute after `startDate` */
  finishDate?: string;
  databaseCreationDate?: string;
  firstLsn?: bigint;
  lastLsn?: bigint;
  checkpointLsn?: bigint;
  /** CheckpointLSN of the base full backup. @default none for a full backup, else its default checkpoint */
  databaseBackupLsn?: bigint | null;
  backupSetGuid?: string;
  /** BackupSetGUID of the base; only differentials need it. */
  differentialBaseGuid?: string | null;
  /** Identity of the database, shared by its backups. @default derived from server and database name */
  familyGuid?: string;
  /** Recovery forks, newest first. @default one fork with the family's id */
  forks?: RecoveryFork[];
  mediaSetGuid?: string;
  mediaName?: string | null;
  /** A `count` above 1 writes stripe `sequence` of a striped backup. @default 1 of 1 */
  family?: { count: number; sequence: number };
  /** Bytes of generated pages in this file, rounded up to 8 KiB; ignored for a log backup. @default 262144 */
  dataBytes?: number;
  /** Bytes of log in this file, rounded up to 512. @default 65536 */
  logBytes?: number;
  /** @default FULL */
  recoveryModel?: RecoveryModel;
  /** Affects full backups only: a copy-only full backup does not become the base of later differentials. */
  isCopyOnly?: boolean;
  isReadOnly?: boolean;
  isSingleUser?: boolean;
  isDamaged?: boolean;
  /** WITH PASSWORD. */
  isPasswordProtected?: boolean;
  /** WITH MEDIAPASSWORD. Only the value of the first set counts. */
  isMediaPasswordProtected?: boolean;
  /** A tail-log backup, WITH NORECOVERY. */
  isTail?: boolean;
  /** Taken WITH CHECKSUM: a checksum follows each stream of data or log. The layout then has to generate every page once. */
  hasBackupChecksums?: boolean;
  /** The files of the database. @default one data file as large as the backup needs and one log file of 8 MiB */
  files?: DatabaseFile[];
  /** WITH COMPRESSION: the file is an MSSQLBAK container. Only the value of the first set counts. @default false */
  compressed?: boolean;
  /** Size of a soft filemark in bytes: 512 or 4096. @default 512 */
  filemarkBytes?: number;
  /** Determines all generated values (ids, page contents). @default derived from the names, the type and the start */
  seed?: string;
}

/** A spec with all defaults filled in. */
export type CompleteSpec = Required<Omit<BackupSpec, "isTail">> & { flags: number; machineName: string };

const SERVER = "SOURCE01";
const START = "2024-05-01T02:00:00";
const MINUTE_MS = 60_000;
const MIB = 1024 * 1024;
/** Flags of HEADERONLY; 0x200 is set in every backup and 0x800 in every differential observed (165 files). */
const FLAG = {
  always: 0x200,
  differential: 0x800,
  readOnly: 4,
  singleUser: 8,
  checksums: 0x10,
  damaged: 0x20,
} as const;
const TAIL_FLAGS = 0x40 | 0x100;

/** Internal database version and compatibility level by the engine's major version (10.50 counts as 10). */
const DATABASE_VERSIONS: Record<number, { databaseVersion: number; compatibilityLevel: number }> = {
  9: { databaseVersion: 611, compatibilityLevel: 90 },
  10: { databaseVersion: 661, compatibilityLevel: 100 },
  11: { databaseVersion: 706, compatibilityLevel: 110 },
  12: { databaseVersion: 782, compatibilityLevel: 120 },
  13: { databaseVersion: 852, compatibilityLevel: 130 },
  14: { databaseVersion: 869, compatibilityLevel: 140 },
  15: { databaseVersion: 904, compatibilityLevel: 150 },
  16: { databaseVersion: 957, compatibilityLevel: 160 },
  17: { databaseVersion: 998, compatibilityLevel: 170 },
};

const DEFAULT_CHECKPOINT = lsnFromParts({ vlf: 34, block: 975, slot: 206 });
const DEFAULT_LAST = lsnFromParts({ vlf: 34, block: 1060, slot: 1 });

/** Derives a GUID from a text; the same text always yields the same GUID. */
export function guidFrom(text: string): string {
  const hex = createHash("sha256").update(text).digest("hex").slice(0, 32);
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5").toUpperCase();
}

/** The default family GUID, which all backups of one database share. */
const familyGuidOf = (serverName: string, databaseName: string): string =>
  guidFrom(`family/${serverName}/${databaseName}`);

/** Fills in the defaults of a spec. */
export function completeSpec(spec: BackupSpec): CompleteSpec {
  const serverName = spec.serverName ?? SERVER;
  const softwareVersion = spec.softwareVersion ?? { major: 15, minor: 0, build: 2000 };
  const versions = DATABASE_VERSIONS[softwareVersion.major] ?? { databaseVersion: 998, compatibilityLevel: 170 };
  const startDate = spec.startDate ?? START;
  const seed = spec.seed ?? [serverName, spec.databaseName, spec.type, startDate, spec.lastLsn ?? ""].join("/");
  const familyGuid = spec.familyGuid ?? familyGuidOf(serverName, spec.databaseName);
  const checkpointLsn = spec.checkpointLsn ?? DEFAULT_CHECKPOINT;
  const lastLsn = spec.lastLsn ?? DEFAULT_LAST;
  const pages = Math.ceil((spec.dataBytes ?? MIB / 4) / PAGE_BYTES);
  const dataBytes = spec.type === "log" ? 0 : pages * PAGE_BYTES;
  const logBytes = spec.logBytes ?? MIB / 16;
  return {
    ...spec,
    serverName,
    machineName: serverName.split("\\")[0] ?? serverName,
    userName: spec.userName ?? `${serverName.split("\\")[0]}\\backup`,
    backupName: spec.backupName ?? null,
    backupDescription: spec.backupDescription ?? null,
    softwareVersion,
    databaseVersion: spec.databaseVersion ?? versions.databaseVersion,
    compatibilityLevel: spec.compatibilityLevel ?? versions.compatibilityLevel,
    startDate,
    finishDate: spec.finishDate ?? minuteAfter(startDate),
    databaseCreationDate: spec.databaseCreationDate ?? "2020-01-15T09:30:00",
    firstLsn: spec.firstLsn ?? checkpointLsn,
    lastLsn,
    checkpointLsn,
    databaseBackupLsn: spec.databaseBackupLsn ?? (spec.type === "full" ? null : DEFAULT_CHECKPOINT),
    backupSetGuid: spec.backupSetGuid ?? guidFrom(`set/${seed}`),
    differentialBaseGuid: spec.differentialBaseGuid ?? null,
    familyGuid,
    forks: spec.forks ?? [{ RecoveryForkID: familyGuid, EndLSN: lastLsn }],
    mediaSetGuid: spec.mediaSetGuid ?? guidFrom(`media/${seed}`),
    mediaName: spec.mediaName ?? null,
    family: spec.family ?? { count: 1, sequence: 1 },
    dataBytes,
    logBytes,
    recoveryModel: spec.recoveryModel ?? "FULL",
    isCopyOnly: spec.isCopyOnly ?? false,
    isReadOnly: spec.isReadOnly ?? false,
    isSingleUser: spec.isSingleUser ?? false,
    isDamaged: spec.isDamaged ?? false,
    isPasswordProtected: spec.isPasswordProtected ?? false,
    isMediaPasswordProtected: spec.isMediaPasswordProtected ?? false,
    hasBackupChecksums: spec.hasBackupChecksums ?? false,
    files: spec.files ?? defaultFiles(spec.databaseName, Math.max(8 * MIB, dataBytes)),
    compressed: spec.compressed ?? false,
    filemarkBytes: spec.filemarkBytes ?? 512,
    seed,
    flags: flagsOf(spec),
  };
}

function flagsOf(spec: BackupSpec): number {
  return (
    FLAG.always |
    (spec.type === "differential" ? FLAG.differential : 0) |
    (spec.isReadOnly ? FLAG.readOnly : 0) |
    (spec.isSingleUser ? FLAG.singleUser : 0) |
    (spec.hasBackupChecksums ? FLAG.checksums : 0) |
    (spec.isDamaged ? FLAG.damaged : 0) |
    (spec.isTail ? TAIL_FLAGS : 0)
  );
}

function defaultFiles(databaseName: string, dataFileBytes: number): DatabaseFile[] {
  const folder = "C:\\Program Files\\Microsoft SQL Server\\MSSQL15.MSSQLSERVER\\MSSQL\\DATA\\";
  return [
    { LogicalName: databaseName, PhysicalName: `${folder}${databaseName}.mdf`, Type: "D", Size: dataFileBytes },
    { LogicalName: `${databaseName}_log`, PhysicalName: `${folder}${databaseName}_log.ldf`, Type: "L", Size: 8 * MIB },
  ];
}

/** Adds minutes to a local time of the server, which has no time zone. */
export function minuteAfter(localTime: string, minutes = 1): string {
  return new Date(Date.parse(`${localTime}Z`) + minutes * MINUTE_MS).toISOString().slice(0, 19);
}
