import type { ByteWindow } from "./byte-window";

/**
 * The three parts of a log sequence number as the file stores them: virtual log file, block in it, record in the block.
 */
export interface LsnParts {
  vlf: number;
  block: number;
  slot: number;
}

const VLF_FACTOR = 10n ** 15n;
const BLOCK_FACTOR = 10n ** 5n;

/** numeric(25,0) as RESTORE HEADERONLY and msdb print it: vlf·10¹⁵ + block·10⁵ + slot. */
export const lsnFromParts = ({ vlf, block, slot }: LsnParts): bigint =>
  BigInt(vlf) * VLF_FACTOR + BigInt(block) * BLOCK_FACTOR + BigInt(slot);

export const lsnToParts = (lsn: bigint): LsnParts => ({
  vlf: Number(lsn / VLF_FACTOR),
  block: Number((lsn % VLF_FACTOR) / BLOCK_FACTOR),
  slot: Number(lsn % BLOCK_FACTOR),
});

/** `34:975:206`, the format of the error log and, in hexadecimal, of fn_dblog. */
export const formatLsn = (lsn: bigint): string => {
  const { vlf, block, slot } = lsnToParts(lsn);
  return `${vlf}:${block}:${slot}`;
};

/** The ten bytes u32 vlf, u32 block, u16 slot; null for zero, which means "none". */
export function readLsn(window: ByteWindow, at: number): bigint | null {
  const lsn = lsnFromParts({ vlf: window.u32(at), block: window.u32(at + 4), slot: window.u16(at + 8) });
  return lsn === 0n ? null : lsn;
}
