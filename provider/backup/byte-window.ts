import { BackupFault } from "./backup-fault";

const UTF16 = new TextDecoder("utf-16le", { ignoreBOM: true });

/**
 * Bounds-checked little-endian access to a range of a backup. Offsets are relative to the window; a fault carries the
 * absolute offset. Nothing here allocates memory by a length that is read from the bytes.
 */
export class ByteWindow {
  private readonly view: DataView;

  constructor(
    readonly bytes: Uint8Array,
    /** Offset of the window in the file or the decompressed stream. */
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

  /** An unsigned 64-bit length or offset. A value above 2^53 counts as damage. */
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

  /** A GUID in SQL Server's spelling; null for the zero GUID, which means "none". */
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

  /** XOR of 16-bit words, MTF's only checksum. The XOR over a header with its checksum field is zero. */
  xor16(at: number, words: number): number {
    this.checked(at, words * 2);
    let xor = 0;
    for (let index = 0; index < words; index += 1) xor ^= this.view.getUint16(at + index * 2, true);
    return xor;
  }

  private checked(at: number, length: number): number {
    if (!(at >= 0 && length >= 0 && at + length <= this.bytes.length)) {
      throw new BackupFault("damaged", this.base + at, "a field points outside its structure");
    }
    return at;
  }
}

/** Microsoft's GUID layout: the first three groups little-endian, the rest in order. */
export const GUID_BYTE_ORDER = [3, 2, 1, 0, 5, 4, 7, 6, 8, 9, 10, 11, 12, 13, 14, 15] as const;
