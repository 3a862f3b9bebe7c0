import { GUID_BYTE_ORDER } from "../../provider/backup/byte-window";
import { lsnToParts } from "../../provider/backup/lsn";
import { encodeMtfDate } from "../../provider/backup/mtf-date";

/** A byte array of fixed size; methods write little-endian fields at the documented offsets. */
export class FieldWriter {
  readonly bytes: Uint8Array;
  private readonly view: DataView;

  constructor(size: number) {
    this.bytes = new Uint8Array(size);
    this.view = new DataView(this.bytes.buffer);
  }

  u8(at: number, value: number): this {
    this.view.setUint8(at, value);
    return this;
  }

  u16(at: number, value: number): this {
    this.view.setUint16(at, value, true);
    return this;
  }

  u32(at: number, value: number): this {
    this.view.setUint32(at, value, true);
    return this;
  }

  u64(at: number, value: number | bigint): this {
    this.view.setBigUint64(at, BigInt(value), true);
    return this;
  }

  put(at: number, bytes: Uint8Array): this {
    this.bytes.set(bytes, at);
    return this;
  }

  ascii(at: number, text: string): this {
    return this.put(at, new TextEncoder().encode(text));
  }

  date(at: number, date: string | null): this {
    return this.put(at, encodeMtfDate(date));
  }

  guid(at: number, guid: string | null): this {
    const hex = guid?.replaceAll("-", "");
    if (!hex) return this;
    GUID_BYTE_ORDER.forEach((source, index) => {
      this.u8(at + index, Number.parseInt(hex.slice(source * 2, source * 2 + 2), 16));
    });
    return this;
  }

  /** Writes ten bytes; a null LSN is written as zero. */
  lsn(at: number, lsn: bigint | null): this {
    const { vlf, block, slot } = lsnToParts(lsn ?? 0n);
    return this.u32(at, vlf)
      .u32(at + 4, block)
      .u16(at + 8, slot);
  }

  /** Writes strings after the fixed part, starting at `from`, with a {u16 size, u16 offset} address for each. Returns the end offset. */
  texts(from: number, entries: readonly { addressAt: number; text: string | null }[]): number {
    let at = from;
    for (const { addressAt, text } of entries) {
      const bytes = utf16(text);
      if (bytes.length > 0)
        this.u16(addressAt, bytes.length)
          .u16(addressAt + 2, at)
          .put(at, bytes);
      at += bytes.length;
    }
    return at;
  }
}

function utf16(nullable: string | null): Uint8Array {
  const text = nullable ?? "";
  const writer = new FieldWriter(text.length * 2);
  for (let index = 0; index < text.length; index += 1) writer.u16(index * 2, text.charCodeAt(index));
  return writer.bytes;
}

export const textBytes = (...texts: readonly (string | null)[]): number =>
  texts.reduce((sum, text) => sum + (text ?? "").length * 2, 0);

export function concatBytes(parts: readonly Uint8Array[]): Uint8Array {
  const joined = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    joined.set(part, at);
    at += part.length;
  }
  return joined;
}
