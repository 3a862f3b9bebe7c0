import { BackupFault } from "./backup-fault";

const UTF16 = new TextDecoder("utf-16le", { ignoreBOM: true });

/**
 * A stretch of a backup with bounds-checked little-endian access. Offsets are relative to the window; a fault names the
 * absolute one. Nothing here allocates by a length that the bytes themselves state.
 */
export class ByteWindow {
  private readonly view: DataView;

  constructor(
    readonly bytes: Uint8Array,
    /** Where the window starts in the file or the decompressed stream. */
    readonly base: number,
  ) {
    this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  get length(): number {
    return this.bytes.length;
  }

  u8(at: number): number {
    return this.view.getUint8(this.checked(at, 1));
  }

  i8(at: number): number {
    return this.view.getInt8(this.checked(at, 1));
  }

  u16(at: number): number {
    return this.view.getUint16(this.checked(at, 2), true);
  }

  u32(at: number): number {
    return this.view.getUint32(this.checked(at, 4), true);
  }

  /** An unsigned 64-bit length or offset; one beyond 2^53 is no real length and counts as damage. */
  u64(at: number): number {
    const value = this.view.getBigUint64(this.checked(at, 8), true);
    if (value > BigInt(Number.MAX_SAFE_INTEGER)) {
      throw new BackupFault("damaged", this.base + at, `the length ${value} is impossible`);
    }
    return Number(value);
  }

  ascii(at: number, length: number): string {
    return String.fromCharCode(...this.slice(at, Math.min(length, 64)).bytes);
  }

  /** Text of `length` bytes (not characters) in UTF-16LE; a trailing NUL is dropped. */
  utf16(at: number, length: number): string {
    const { bytes } = this.slice(at, length);
    return UTF16.decode(bytes.subarray(0, length & ~1)).replace(/\0+$/, "");
  }

  /** A GUID in SQL Server's spelling; null for the zero GUID, which stands for "none". */
  guid(at: number): string | null {
    const { bytes } = this.slice(at, 16);
    if (bytes.every((byte) => byte === 0)) return null;
    const hex = GUID_BYTE_ORDER.map((index) => (bytes[index] ?? 0).toString(16).padStart(2, "0")).join("");
    return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5").toUpperCase();
  }

  slice(at: number, length: number): ByteWindow {
    this.checked(at, length);
    return new ByteWindow(this.bytes.subarray(at, at + length), this.base + at);
  }

  /** XOR of 16-bit words: MTF's only checksum. Zero over a header that includes its own checksum field. */
  xor16(at: number, words: number): number {
    this.checked(at, words * 2);
    let xor = 0;
    for (let index = 0; index < words; index += 1) xor ^= this.view.getUint16(at + index * 2, true);
    return xor;
  }

  private checked(at: number, length: number): number {
    if (!(at >= 0 && length >= 0 && at + length <= this.bytes.length)) {
      throw new BackupFault("damaged", this.base + at, "a field points outside the structure that it belongs to");
    }
    return at;
  }
}

/** Microsoft's GUID layout: the first three groups little-endian, the rest as it stands. */
export const GUID_BYTE_ORDER = [3, 2, 1, 0, 5, 4, 7, 6, 8, 9, 10, 11, 12, 13, 14, 15] as const;
