/** Kinds of damage, each as a change to a valid uncompressed backup. */
export const DAMAGES = {
  /** The copy stopped halfway. */
  "cut-in-the-middle": (bytes: Uint8Array) => bytes.slice(0, bytes.length >> 1),
  /** The copy stopped within the last block. */
  "cut-before-the-end": (bytes: Uint8Array) => bytes.slice(0, bytes.length - 300),
  /** Only the first kilobytes were copied. */
  "header-only": (bytes: Uint8Array) => bytes.slice(0, HEADER_BYTES),
  /** Bytes in the middle are missing. */
  "middle-missing": (bytes: Uint8Array) => {
    const middle = bytes.length >> 1;
    const kept = new Uint8Array(bytes.length - LOST_BYTES);
    kept.set(bytes.subarray(0, middle));
    kept.set(bytes.subarray(middle + LOST_BYTES), middle);
    return kept;
  },
  /** One bit of the first block's header is wrong. */
  "header-bit": (bytes: Uint8Array) => flipBit(bytes, MEDIA_ATTRIBUTES_AT),
  /** One bit of a page is wrong, which only a scan of the whole file detects. */
  "page-bit": (bytes: Uint8Array) => flipBit(bytes, bytes.length >> 1),
  /** The second half was allocated but never written. */
  "zeros-at-the-end": (bytes: Uint8Array) => Uint8Array.from(bytes).fill(0, bytes.length >> 1),
  /** Foreign bytes were appended. */
  "bytes-appended": (bytes: Uint8Array) => {
    const longer = new Uint8Array(bytes.length + LOST_BYTES).fill(0x20);
    longer.set(bytes);
    return longer;
  },
} as const satisfies Record<string, (bytes: Uint8Array) => Uint8Array>;

export type Damage = keyof typeof DAMAGES;

const HEADER_BYTES = 5000;
const LOST_BYTES = 4096;
const MEDIA_ATTRIBUTES_AT = 5;

function flipBit(bytes: Uint8Array, at: number): Uint8Array {
  const copy = Uint8Array.from(bytes);
  copy[at] = (copy[at] ?? 0) ^ 0x10;
  return copy;
}
