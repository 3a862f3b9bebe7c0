import type { BackupConfig } from "./backup-config";
import type { BackupSet } from "./backup-file";
import { type Block, blockText, isPresent } from "./mtf-block";

/** The blocks of one backup set that were found. */
export interface SetParts {
  sset: Block;
  volb?: Block;
  /** MSCI, written when the backup starts. Sizes are estimates; the finish date is missing. */
  atStart?: BackupConfig;
  /** MSLS, written last: the same members with final values. */
  atEnd?: BackupConfig;
}

/** MTF's SSET attribute for a copy. Other readers' notes: SQL Server does not set it. It counts where it is set. */
const SSET_COPY = 0x2;

/** Bits of HEADERONLY's Flags. [RESTORE HEADERONLY, Microsoft Learn] */
const FLAG = { readOnly: 0x4, singleUser: 0x8, checksums: 0x10, damaged: 0x20, noRecovery: 0x100 } as const;

const FULL = 1;

/**
 * From SQL Server 2019 (15.x) on, the LSNs of MSCI are provisional: MSLS differs in 18 of 18 full backups and agrees
 * with the boot page.
 */
const FIRST_VERSION_WITH_PROVISIONAL_LSNS = 15;

const NO_CONFIG: Partial<BackupConfig> = {};

/** One row of RESTORE HEADERONLY from the blocks of a set. Values that an incomplete set does not fix yet are null. */
export function assembleBackupSet({ sset, volb, atStart, atEnd }: SetParts): BackupSet {
  const config = atEnd ?? atStart ?? NO_CONFIG;
  const version = config.softwareVersion;
  const lsnsAreFinal = atEnd !== undefined || (version?.major ?? 0) < FIRST_VERSION_WITH_PROVISIONAL_LSNS;
  const finalOr = <T>(value: T | undefined): T | null => (atEnd === undefined ? null : (value ?? null));
  const lsn = (value: bigint | null | undefined): bigint | null => (lsnsAreFinal ? (value ?? null) : null);
  const flag = (bit: number): boolean | null => (config.flags === undefined ? null : (config.flags & bit) !== 0);
  const setGuid = readSetGuid(sset);
  return {
    BackupName: blockText(sset, 0x40),
    BackupDescription: blockText(sset, 0x44),
    BackupType: config.kind?.type ?? null,
    BackupTypeDescription: config.kind?.description ?? null,
    Position: sset.fixed.u16(0x3e),
    DatabaseName: config.databaseName ?? null,
    ServerName: config.serverName ?? null,
    MachineName: volb ? blockText(volb, 0x40) : null,
    UserName: blockText(sset, 0x4c),
    DatabaseVersion: config.databaseVersion ?? null,
    DatabaseCreationDate: config.databaseCreationDate ?? null,
    BackupSize: finalOr(config.backupSizeBytes),
    CompressedBackupSize: finalOr(config.compressedBackupSizeBytes),
    FirstLSN: lsn(config.firstLsn),
    LastLSN: lsn(config.lastLsn),
    CheckpointLSN: lsn(config.checkpointLsn),
    DatabaseBackupLSN: lsn(config.databaseBackupLsn),
    BackupStartDate: config.startDate ?? null,
    BackupFinishDate: finalOr(config.finishDate),
    CompatibilityLevel: config.compatibilityLevel ?? null,
    SoftwareVersionMajor: version?.major ?? null,
    SoftwareVersionMinor: version?.minor ?? null,
    SoftwareVersionBuild: version?.build ?? null,
    Flags: config.flags ?? null,
    HasBackupChecksums: flag(FLAG.checksums),
    IsCopyOnly: sset.fixed.u32(0x34) & SSET_COPY ? true : isCopyOnly(atEnd, setGuid),
    IsReadOnly: flag(FLAG.readOnly),
    IsSingleUser: flag(FLAG.singleUser),
    IsDamaged: flag(FLAG.damaged),
    HasNoRecovery: flag(FLAG.noRecovery),
    RecoveryModel: config.recoveryModel ?? null,
    BackupSetGUID: setGuid,
    FamilyGUID: config.familyGuid ?? null,
    RecoveryForkID: config.forks?.[0]?.RecoveryForkID ?? null,
    DifferentialBaseGUID: config.differentialBaseGuid ?? null,
    IsPasswordProtected: isPresent(sset, 0x48),
    files: config.files ?? [],
    forks: config.forks ?? [],
  };
}

/**
 * A full backup makes itself the base of later differentials, and its closing description records that (27 of 27 full
 * backups); a copy-only backup does not. A read-only database cannot record it, so the result is null. Differentials
 * cannot be copy-only. For logs only SSET's attribute is known.
 */
function isCopyOnly(atEnd: BackupConfig | undefined, setGuid: string | null): boolean | null {
  if (!atEnd || setGuid === null) return null;
  if (atEnd.kind?.type !== FULL || atEnd.nextBaseGuid === setGuid) return false;
  return atEnd.flags & FLAG.readOnly ? null : true;
}

/** OS-specific data of SSET: 16 bytes set GUID, 5 bytes expiration date. */
function readSetGuid(sset: Block): string | null {
  const size = sset.fixed.u16(0x2c);
  return size < 16 ? null : sset.fixed.guid(sset.fixed.u16(0x2e));
}
