import type { DatabaseFile } from "../../provider/backup/backup-file";
import { PAGE_BYTES } from "../../provider/backup/page-checksum";
import { type CompleteSpec, guidFrom, type WrittenType } from "./backup-spec";
import { concatBytes, FieldWriter, textBytes } from "./field-writer";

/** Offset of the strings in each entry. SQL Server 2012 made the fixed part of all three longer (observed on 2008 R2, 2016 and 2017). */
const FIXED_PARTS = {
  before2012: { scin: 0x16c, sfgi: 0x30, sfin: 0x400 },
  since2012: { scin: 0x190, sfgi: 0xe0, sfin: 0x404 },
} as const;
const FIRST_2012 = 11;

/** The letters of msdb.dbo.backupset.type. */
const LETTER_OF: Record<WrittenType, string> = { full: "D", differential: "I", log: "L" };

/** Values that are known only after the rest of the set has been laid out. */
export interface ClosingFacts {
  finishDate: string | null;
  backupSizeBytes: number;
  /** @default backupSizeBytes */
  compressedSizeBytes?: number;
}

/** Encodes the MQCI stream: SCIN (the backup), SFGI (the primary filegroup), SFIN (each file). */
export function encodeConfig(spec: CompleteSpec, closing: ClosingFacts): Uint8Array {
  const fixed = FIXED_PARTS[spec.softwareVersion.major >= FIRST_2012 ? "since2012" : "before2012"];
  const isClosing = closing.finishDate !== null;
  return concatBytes([
    encodeServerPart(spec, closing, fixed.scin),
    encodeFilegroup(spec, fixed.sfgi),
    ...spec.files.map((file, index) => encodeFile(spec, { file, id: index + 1, fixedBytes: fixed.sfin, isClosing })),
  ]);
}

const RECOVERY_STATUS = { FULL: 0, "BULK-LOGGED": 4, SIMPLE: 8 } as const;
/** Set in every database observed; PAGE_VERIFY CHECKSUM. */
const STATUS_CHECKSUM = 0x10000;
const SORT_ORDER = 52;
const US_ENGLISH = 0x409;
const COMPARISON_STYLE = 0x30001;
const COLLATION = 0x00d00409;

function encodeServerPart(
  spec: CompleteSpec,
  { finishDate, backupSizeBytes, compressedSizeBytes }: ClosingFacts,
  fixedBytes: number,
) {
  const { major, minor, build } = spec.softwareVersion;
  const scin = new FieldWriter(fixedBytes + textBytes(spec.databaseName, spec.serverName))
    .ascii(0, "SCIN")
    .u32(0x08, spec.flags)
    .u32(0x0c, spec.files.filter((file) => file.Type !== "L").length)
    .u32(0x10, spec.files.filter((file) => file.Type === "L").length)
    .u32(0x18, ((major << 24) | (minor << 16) | build) >>> 0)
    .u32(0x1c, 9)
    .lsn(0x20, spec.firstLsn)
    .lsn(0x2a, spec.lastLsn)
    .lsn(0x34, spec.checkpointLsn)
    .lsn(0x3e, spec.databaseBackupLsn)
    .date(0x48, spec.databaseCreationDate)
    .date(0x4d, spec.startDate)
    .date(0x52, finishDate)
    .ascii(0x57, LETTER_OF[spec.type])
    .u8(0x58, SORT_ORDER)
    .u8(0x59, 1)
    .u8(0x5b, spec.compatibilityLevel)
    .u16(0x5c, 5)
    .u16(0x5e, spec.databaseVersion)
    .u64(0x60, backupSizeBytes)
    .u32(0x74, US_ENGLISH)
    .u32(0x78, COMPARISON_STYLE)
    .guid(0x7c, guidFrom(`binding/${spec.familyGuid}`))
    .guid(0xc8, spec.differentialBaseGuid)
    .u32(0xd8, COLLATION)
    .u32(0xdc, SORT_ORDER)
    .guid(0xe0, spec.familyGuid)
    .u16(0xf2, 1)
    .u32(0xf4, STATUS_CHECKSUM | RECOVERY_STATUS[spec.recoveryModel])
    .lsn(0xf8, spec.type === "full" ? spec.checkpointLsn : spec.databaseBackupLsn)
    .u64(0x158, compressedSizeBytes ?? backupSizeBytes);
  spec.forks.slice(0, 2).forEach((fork, index) => {
    scin.lsn(index === 0 ? 0x90 : 0xac, fork.EndLSN).guid(index === 0 ? 0x9c : 0xb8, fork.RecoveryForkID);
  });
  if (fixedBytes === FIXED_PARTS.since2012.scin) scin.lsn(0x14c, spec.firstLsn).u32(0x174, 1);
  scin.texts(fixedBytes, [
    { addressAt: 0x68, text: spec.databaseName },
    { addressAt: 0x6c, text: spec.serverName },
  ]);
  return scin.u32(4, scin.bytes.length).bytes;
}

function encodeFilegroup(spec: CompleteSpec, fixedBytes: number): Uint8Array {
  const name = "PRIMARY";
  const sfgi = new FieldWriter(fixedBytes + textBytes(name)).ascii(0, "SFGI").u32(8, 0x10).u32(0x0c, 1).u32(0x14, 1);
  if (fixedBytes === FIXED_PARTS.since2012.sfgi) {
    sfgi
      .u32(0x28, 4)
      .lsn(0x34, spec.firstLsn)
      .lsn(0x40, spec.lastLsn)
      .lsn(0x4c, spec.checkpointLsn)
      .lsn(0x64, spec.databaseBackupLsn)
      .lsn(0x70, spec.databaseBackupLsn)
      .lsn(0x80, spec.forks[0]?.EndLSN ?? null)
      .guid(0x8c, spec.forks[0]?.RecoveryForkID ?? null);
  }
  sfgi.texts(fixedBytes, [{ addressAt: 0x10, text: name }]);
  return sfgi.u32(4, sfgi.bytes.length).bytes;
}

const SECTOR_BYTES = 512;
const UNLIMITED_DATA_BYTES = 0x1fff_ffff_e000;
const LARGEST_LOG_BYTES = 2 ** 41;
const GROWTH_BYTES = 0x0400_0000;

function encodeFile(
  spec: CompleteSpec,
  { file, id, fixedBytes, isClosing }: { file: DatabaseFile; id: number; fixedBytes: number; isClosing: boolean },
) {
  const isLog = file.Type === "L";
  const isFirstData = id === 1 && !isLog;
  const limit = isLog ? LARGEST_LOG_BYTES : UNLIMITED_DATA_BYTES;
  const size = file.Size ?? 0;
  // A full backup becomes the base of later differentials when it ends; a copy-only one does not change the base.
  const becomesBase = isClosing && spec.type === "full" && !spec.isCopyOnly;
  const pages = isFirstData ? (spec.dataBytes * spec.family.count) / PAGE_BYTES : 0;
  const sfin = new FieldWriter(fixedBytes + textBytes(file.LogicalName, file.PhysicalName))
    .ascii(0, "SFIN")
    .u32(0x08, isFirstData && spec.type === "full" ? 0x84 : 4)
    .u32(0x10, PAGE_BYTES)
    .u32(0x14, id)
    // 32 bits count 32 TiB of pages. The value wraps for a larger test file; no reader uses it.
    .u32(0x18, pages % 2 ** 32)
    .u32(0x1c, isLog ? 2 : file.Type === "D" ? 1 : 3)
    .u32(0x20, SECTOR_BYTES)
    .u32(0x24, isLog ? 0 : 1)
    .u64(0x28, size)
    .u64(0x56, limit)
    .u64(0x5e, GROWTH_BYTES)
    .u64(0x72, size)
    .u64(0x7a, limit)
    .u64(0x82, size)
    .guid(0xba, guidFrom(`file/${spec.familyGuid}/${id}`))
    .lsn(0xca, spec.firstLsn)
    .lsn(0xda, spec.lastLsn)
    .lsn(0xea, spec.firstLsn);
  if (isFirstData) {
    sfin
      .lsn(0x9e, becomesBase ? spec.checkpointLsn : spec.databaseBackupLsn)
      .guid(0xaa, becomesBase ? spec.backupSetGuid : spec.differentialBaseGuid)
      .u64(0xfa, pages * PAGE_BYTES);
  }
  sfin.texts(fixedBytes, [
    { addressAt: 0x30, text: file.LogicalName },
    { addressAt: 0x34, text: file.PhysicalName },
  ]);
  return sfin.u32(4, sfin.bytes.length).bytes;
}
