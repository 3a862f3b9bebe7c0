import { lsnToParts } from "../../provider/backup/lsn";
import { BLOCK_HEADER_BYTES } from "../../provider/backup/mtf-block";
import type { CompleteSpec } from "./backup-spec";
import { guidFrom } from "./backup-spec";
import { concatBytes, FieldWriter, textBytes } from "./field-writer";
import { finishBlock, STRINGS } from "./mtf-encoding";

/** SQL Server's vendor id in MTF. */
const VENDOR = 0x1200;
const LOGICAL_BLOCK_BYTES = 1024;
/** Includes the two NULs that SQL Server counts as part of the name. */
const SOFTWARE_NAME = "Microsoft SQL Server\0\0";
const DEVICE = "C:";
const VOLUME = "Windows";
const BLOCK_ALIGNMENT = 4;
/** Log backups and copy-only backups are "normal" too. */
const SET_ATTRIBUTES = { normal: 4, differential: 8 } as const;

/** The position of a block within its set, as its header records it. */
export interface BlockPlace {
  formatLogicalAddress: number;
  controlBlockId: number;
}

/** The writer's stand-in for a password's hash, which nothing reads. */
const passwordText = (isProtected: boolean): string | null => (isProtected ? "password" : null);
const aligned = (size: number): number => Math.ceil(size / BLOCK_ALIGNMENT) * BLOCK_ALIGNMENT;
const mediaFamilyId = (spec: CompleteSpec): number =>
  Number.parseInt(guidFrom(`family/${spec.mediaSetGuid}/${spec.family.sequence}`).slice(0, 8), 16);
const setAttributes = (spec: CompleteSpec): number =>
  spec.type === "differential" ? SET_ATTRIBUTES.differential : SET_ATTRIBUTES.normal;

/** The media label. */
export function tape(spec: CompleteSpec): Uint8Array {
  const textsAt = 0x5e;
  const password = passwordText(spec.isMediaPasswordProtected);
  const block = new FieldWriter(aligned(textsAt + textBytes(spec.mediaName, password, SOFTWARE_NAME)))
    .u32(0x34, mediaFamilyId(spec))
    .u32(0x38, 5)
    .u16(0x3c, 1)
    .u16(0x40, spec.filemarkBytes / 512)
    .u16(0x42, 3)
    .u16(0x54, LOGICAL_BLOCK_BYTES)
    .u16(0x56, VENDOR)
    .date(0x58, spec.startDate)
    .u8(0x5d, 1);
  block.texts(textsAt, [
    { addressAt: 0x44, text: spec.mediaName },
    { addressAt: 0x4c, text: password },
    { addressAt: 0x50, text: SOFTWARE_NAME },
  ]);
  return finishBlock(block, { type: "TAPE", attributes: 0x30000, strings: STRINGS.utf16 });
}

/** The RAID stream of the media label, specific to SQL Server. */
export function raid({ mediaSetGuid, family }: CompleteSpec): Uint8Array {
  const data = new FieldWriter(32).guid(0, mediaSetGuid).u16(16, 0xad).u16(18, 0xf000);
  return data.u16(20, family.count).u16(22, 1).u16(24, family.sequence).u16(30, 1).bytes;
}

/** A soft filemark. `earlier` contains the offsets of the previous filemarks, newest first; a full filemark omits the oldest. */
export function filemark(earlier: readonly number[], sizeBytes: number): Uint8Array {
  const listAt = 72;
  const capacity = (sizeBytes - listAt) / 8;
  const block = new FieldWriter(sizeBytes).u32(52, capacity).u32(56, earlier.length).u32(60, listAt);
  earlier.slice(0, capacity).forEach((at, index) => {
    block.u64(listAt + index * 8, at);
  });
  return finishBlock(block, { type: "SFMB", attributes: 0x8000_0000, strings: STRINGS.none });
}

/** The SSET block, which starts a backup set. */
export function sset(spec: CompleteSpec, { position, at }: { position: number; at: number }): Uint8Array {
  const osData = { at: 100, size: 21 };
  const textsAt = 122;
  const texts = [
    { addressAt: 0x40, text: spec.backupName },
    { addressAt: 0x44, text: spec.backupDescription },
    { addressAt: 0x48, text: passwordText(spec.isPasswordProtected) },
    { addressAt: 0x4c, text: spec.userName },
  ];
  const block = new FieldWriter(aligned(textsAt + textBytes(...texts.map(({ text }) => text))))
    .u32(0x34, setAttributes(spec))
    .u16(0x3c, VENDOR)
    .u16(0x3e, position)
    .u64(0x50, at)
    .date(0x58, spec.startDate)
    .u8(0x5d, spec.softwareVersion.major)
    .u8(0x5e, spec.softwareVersion.minor)
    .u8(0x61, 2)
    .guid(osData.at, spec.backupSetGuid);
  block.texts(textsAt, texts);
  return finishBlock(block, { type: "SSET", osData, strings: STRINGS.utf16 });
}

/** The VOLB block: the machine and the drive of the SQL Server installation. */
export function volb(spec: CompleteSpec, place: BlockPlace): Uint8Array {
  const textsAt = 0x49;
  const block = new FieldWriter(aligned(textsAt + textBytes(DEVICE, VOLUME, spec.machineName)))
    .u32(0x34, 2)
    .date(0x44, spec.startDate);
  block.texts(textsAt, [
    { addressAt: 0x38, text: DEVICE },
    { addressAt: 0x3c, text: VOLUME },
    { addressAt: 0x40, text: spec.machineName },
  ]);
  return finishBlock(block, { type: "VOLB", ...place, strings: STRINGS.utf16 });
}

/** An MSCI or MSLS block; its description is a separate stream. */
export const config = (type: "MSCI" | "MSLS", place: BlockPlace): Uint8Array =>
  finishBlock(new FieldWriter(BLOCK_HEADER_BYTES + 4), { type, ...place, strings: STRINGS.utf16 });

/** The block that precedes the pages of a filegroup. */
export const dataBlock = (place: BlockPlace): Uint8Array =>
  finishBlock(new FieldWriter(60).u16(0x3a, 1), { type: "MSDA", ...place, strings: STRINGS.none });

/** Describes virtual log file `number`, counted from 0. Only the first one contains log. */
export function logBlock(spec: CompleteSpec, place: BlockPlace, number: number): Uint8Array {
  const is2012 = spec.softwareVersion.major >= 11;
  const entry = { at: 0x5c, size: is2012 ? 504 : 500 };
  const vlfBytes = 0x1f0000;
  const firstVlfAt = 0x2000;
  const block = new FieldWriter(entry.at + entry.size)
    .u16(0x3a, 1)
    .u32(0x4c, 2)
    .u16(0x50, entry.size)
    .u16(0x52, entry.at)
    .u64(entry.at + 4, vlfBytes)
    .u64(entry.at + 12, firstVlfAt + number * vlfBytes)
    .u16(entry.at + 20, 2)
    .u16(entry.at + 34, is2012 ? 5 : 4);
  if (number === 0) {
    const start = lsnToParts(spec.firstLsn);
    const end = lsnToParts(spec.lastLsn);
    block
      .u64(0x3c, start.block * 512)
      .u64(0x44, end.block * 512)
      .u32(entry.at, start.vlf)
      .u16(entry.at + 22, 0x40);
  }
  return finishBlock(block, { type: "MSTL", ...place, strings: STRINGS.none });
}

/** The ESET block, which ends a set. It is written twice; the second one contains the offset of the set map. */
export function eset(spec: CompleteSpec, { position, setMapAt }: { position: number; setMapAt: number }): Uint8Array {
  const block = new FieldWriter(88)
    .u32(0x34, setAttributes(spec))
    .u64(0x3c, setMapAt)
    .u16(0x4e, position)
    .date(0x50, spec.finishDate);
  return finishBlock(block, { type: "ESET", strings: STRINGS.none });
}

/** The set map (TSMP): the sets of this medium and the volume of each. */
export function setMap(
  sets: readonly CompleteSpec[],
  places: readonly { at: number; sizeBytes: number }[],
): Uint8Array {
  const [first] = sets;
  const head = new FieldWriter(8).u32(0, first ? mediaFamilyId(first) : 0).u16(4, sets.length);
  return concatBytes([
    head.bytes,
    ...sets.flatMap((spec, index) => [setEntry(spec, places[index] ?? { at: 0, sizeBytes: 0 }, index), volume(spec)]),
  ]);
}

function setEntry(spec: CompleteSpec, { at, sizeBytes }: { at: number; sizeBytes: number }, index: number): Uint8Array {
  const textsAt = 0x5c;
  const entry = new FieldWriter(textsAt + textBytes(spec.backupName, spec.backupDescription, spec.userName))
    .u16(2, 1)
    .u32(8, setAttributes(spec))
    .u64(0x0c, at)
    .u16(0x1e, index + 1)
    .u64(0x34, sizeBytes)
    .u16(0x3c, 1)
    .date(0x50, spec.startDate)
    .put(0x55, Uint8Array.of(0, 14, 1, STRINGS.utf16, 0, 2));
  entry.texts(textsAt, [
    { addressAt: 0x40, text: spec.backupName },
    { addressAt: 0x48, text: spec.backupDescription },
    { addressAt: 0x4c, text: spec.userName },
  ]);
  return entry.u16(0, entry.bytes.length).bytes;
}

function volume(spec: CompleteSpec): Uint8Array {
  const textsAt = 0x3e;
  const entry = new FieldWriter(textsAt + textBytes(DEVICE, VOLUME, spec.machineName))
    .ascii(2, "VOLB")
    .u16(6, 1)
    .u64(0x0c, 1)
    .put(0x20, Uint8Array.of(14, 1, STRINGS.utf16, 0))
    .u32(0x24, 2)
    .date(0x38, spec.startDate);
  entry.texts(textsAt, [
    { addressAt: 0x28, text: DEVICE },
    { addressAt: 0x2c, text: VOLUME },
    { addressAt: 0x30, text: spec.machineName },
  ]);
  return entry.u16(0, entry.bytes.length).bytes;
}
