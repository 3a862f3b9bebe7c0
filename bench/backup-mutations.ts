import type { RangeSource } from "../provider/backup/range-source";
import { readBackup } from "../provider/backup/read-backup";
import { rotatingChecksum } from "../provider/backup/rotating-checksum";
import { backupBytes } from "../testing/backup-writer/write-backup";

/** Small backups of every kind that the reader supports. */
export function mutationSeeds(): Uint8Array[] {
  const small = { databaseName: "Fuzz", type: "full", dataBytes: 16384, logBytes: 1024 } as const;
  return [
    backupBytes(small),
    backupBytes({ ...small, type: "log" }),
    backupBytes({ ...small, filemarkBytes: 4096, type: "differential" }),
    backupBytes({ ...small, softwareVersion: { major: 10, minor: 50, build: 4042 } }),
    backupBytes([small, { ...small, type: "log" }, small]),
    backupBytes({ ...small, compressed: true }),
    backupBytes([
      { ...small, compressed: true },
      { ...small, type: "log" },
    ]),
  ];
}

type Random = () => number;
const below = (random: Random, limit: number): number => Math.floor(random() * limit);
/** Boundary values of lengths and counts. */
const EDGES = [
  0, 1, 7, 8, 0x7f, 0x80, 0xff, 0x100, 0x7fff, 0x8000, 0xffff, 0x10000, 0x7fffffff, 0x80000000, 0xffffffff,
];

/** Makes one to four changes and repairs the checksums half of the time, so that the fault reaches the code behind the checksum tests. */
export function mutate(original: Uint8Array, random: Random): Uint8Array {
  let bytes: Uint8Array = Uint8Array.from(original);
  for (let count = 1 + below(random, 4); count > 0 && bytes.length > 0; count -= 1) bytes = changeOnce(bytes, random);
  return random() < 0.5 ? bytes : repairChecksums(bytes);
}

function changeOnce(bytes: Uint8Array, random: Random): Uint8Array {
  const at = placeIn(bytes, random);
  const length = 1 + below(random, random() < 0.8 ? 16 : 4096);
  switch (below(random, 8)) {
    case 0:
      bytes[at] = (bytes[at] ?? 0) ^ (1 << below(random, 8));
      return bytes;
    case 1:
      return bytes.fill(below(random, 256), at, at + length);
    case 2:
    case 3:
    case 4:
      return putNumber(bytes, { at, value: EDGES[below(random, EDGES.length)] ?? 0, size: 1 << below(random, 4) });
    case 5:
      return bytes.slice(0, at);
    case 6:
      return joined(bytes.subarray(0, at), bytes.subarray(Math.min(bytes.length, at + length * 32)));
    default:
      return joined(bytes.subarray(0, at), bytes.subarray(at, at + length * 32), bytes.subarray(at));
  }
}

/** A random offset, mostly near the start of a block or stream, where the structure is. */
function placeIn(bytes: Uint8Array, random: Random): number {
  if (random() < 0.3) return below(random, bytes.length);
  const block = below(random, Math.ceil(bytes.length / 512)) * 512;
  return Math.min(bytes.length - 1, block + below(random, 160));
}

function putNumber(bytes: Uint8Array, { at, value, size }: { at: number; value: number; size: number }): Uint8Array {
  for (let index = 0; index < size && at + index < bytes.length; index += 1) {
    bytes[at + index] = index < 4 ? (value >>> (8 * index)) & 0xff : value === 0xffffffff ? 0xff : 0;
  }
  return bytes;
}

function joined(...parts: Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  parts.reduce((at, part) => {
    whole.set(part, at);
    return at + part.length;
  }, 0);
  return whole;
}

/** Four letters as a number in the byte order of the file. */
const tag = (name: string): number => new DataView(new TextEncoder().encode(name).buffer).getUint32(0, true);
const BLOCKS = new Set(["TAPE", "SSET", "VOLB", "MSCI", "MSDA", "MSTL", "MSLS", "ESET", "SFMB"].map(tag));
const STREAMS = new Set(["RAID", "SPAD", "APAD", "MQCI", "MQDA", "MQTL", "OTCP", "TSMP"].map(tag));

const MSSQLBAK_INITIAL = 0x4d;

/** Recalculates the checksums of block headers, stream headers and compressed chunks. */
function repairChecksums(bytes: Uint8Array): Uint8Array {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const mend = (at: number, checksumAt: number): void => {
    if (at + checksumAt + 2 > bytes.length) return;
    let xor = 0;
    for (let offset = 0; offset < checksumAt; offset += 2) xor ^= view.getUint16(at + offset, true);
    view.setUint16(at + checksumAt, xor, true);
  };
  for (let at = 0; at + 4 <= bytes.length; at += 4) {
    const name = view.getUint32(at, true);
    if (BLOCKS.has(name)) mend(at, 50);
    if (STREAMS.has(name)) mend(at, 20);
  }
  if (bytes[0] === MSSQLBAK_INITIAL) repairChunks(bytes, view);
  return bytes;
}

function repairChunks(bytes: Uint8Array, view: DataView): void {
  for (let at = 480; at + 28 <= bytes.length && bytes[at] === 0x21; ) {
    const payload = bytes.subarray(at + 28, at + 28 + view.getUint16(at + 2, true));
    view.setUint32(at + 24, rotatingChecksum(payload), true);
    at += 28 + payload.length;
  }
}

/** Maximum size of one read, whatever lengths the file contains. */
const LARGEST_READ_BYTES = 16 * 1024 * 1024;
/** Maximum bytes to read, as a multiple of the file size. More indicates a loop. */
const READ_FACTOR = 40;

/** Reads a mutated file with and without a full scan. @throws Error when the reader throws, reads out of bounds or loops */
export async function readMutated(name: string, bytes: Uint8Array): Promise<void> {
  for (const deep of [false, true]) {
    let total = 0;
    const source: RangeSource = {
      name,
      sizeBytes: bytes.length,
      async read(start, end) {
        total += end - start + 1;
        const isSane = start >= 0 && start <= end && end <= bytes.length && end - start <= LARGEST_READ_BYTES;
        if (!isSane) throw new Error(`${name}: read of [${start}, ${end}) in ${bytes.length} bytes`);
        if (total > READ_FACTOR * (bytes.length + 65_536)) throw new Error(`${name}: reads without end`);
        return bytes.subarray(start, end);
      },
    };
    const { problems, sets } = await readBackup(source, { deep });
    if (problems.length === 0 && sets.length === 0) throw new Error(`${name}: neither a backup nor a problem`);
  }
}
