/**
 * CRC-64/XZ, the checksum OSS sends as `x-oss-hash-crc64ecma` (reflected ECMA-182 polynomial, initial value and final
 * XOR all ones; check value of "123456789" is 11051210869376104954, as in the Go SDK's oss/utils_crc_test.go).
 *
 * Deliberately independent of the provider's implementation, so that each verifies the other.
 */
const POLYNOMIAL_LOW = 0xd7870f42 | 0;
const POLYNOMIAL_HIGH = 0xc96c5795 | 0;
const SLICES = 8;

/**
 * Slicing tables ("Slicing-by-8", Kounavis and Berry 2005) as 32-bit halves: entry `slice * 256 + byte` is the checksum
 * of that byte followed by `slice` zero bytes.
 */
const { low: LOW, high: HIGH } = buildTables();

function buildTables(): { low: Int32Array; high: Int32Array } {
  const low = new Int32Array(256 * SLICES);
  const high = new Int32Array(256 * SLICES);
  for (let byte = 0; byte < 256; byte++) {
    let lower = byte;
    let upper = 0;
    for (let bit = 0; bit < 8; bit++) {
      const odd = (lower & 1) === 1;
      lower = (lower >>> 1) | (upper << 31);
      upper = upper >>> 1;
      if (odd) {
        lower ^= POLYNOMIAL_LOW;
        upper ^= POLYNOMIAL_HIGH;
      }
    }
    low[byte] = lower;
    high[byte] = upper;
  }
  for (let at = 256; at < 256 * SLICES; at++) {
    const lower = at32(low, at - 256);
    const upper = at32(high, at - 256);
    low[at] = ((lower >>> 8) | (upper << 24)) ^ at32(low, lower & 0xff);
    high[at] = (upper >>> 8) ^ at32(high, lower & 0xff);
  }
  return { low, high };
}

/** Reads a typed array without a bounds check, because callers guarantee the bounds. JavaScript engines inline it. */
function at32(words: Int32Array, index: number): number {
  return words[index] as number;
}

/** An incremental checksum: call `update` with each chunk in order, then `digest`. */
export class Crc64 {
  private low = ~0;
  private high = ~0;

  update(chunk: Uint8Array): this {
    // An Int32Array must start at a multiple of four bytes of the underlying buffer.
    const aligned = Math.min((4 - (chunk.byteOffset % 4)) % 4, chunk.length);
    const pairs = (chunk.length - aligned) >>> 3;
    const bulk = aligned + pairs * 8;
    for (let at = 0; at < aligned; at++) this.step(chunk[at] as number);
    if (pairs > 0) this.stepWords(new Int32Array(chunk.buffer, chunk.byteOffset + aligned, pairs * 2));
    for (let at = bulk; at < chunk.length; at++) this.step(chunk[at] as number);
    return this;
  }

  /** The checksum so far, as the unsigned decimal number that OSS sends. */
  digest(): string {
    return ((BigInt(~this.high >>> 0) << 32n) | BigInt(~this.low >>> 0)).toString();
  }

  private step(byte: number): void {
    const index = (this.low ^ byte) & 0xff;
    this.low = ((this.low >>> 8) | (this.high << 24)) ^ at32(LOW, index);
    this.high = (this.high >>> 8) ^ at32(HIGH, index);
  }

  // The words are little-endian on every platform that Node 20 supports.
  private stepWords(words: Int32Array): void {
    let low = this.low;
    let high = this.high;
    for (let at = 0; at < words.length; at += 2) {
      const a = at32(words, at) ^ low;
      const b = at32(words, at + 1) ^ high;
      const a0 = 1792 + (a & 0xff);
      const a1 = 1536 + ((a >>> 8) & 0xff);
      const a2 = 1280 + ((a >>> 16) & 0xff);
      const a3 = 1024 + (a >>> 24);
      const b0 = 768 + (b & 0xff);
      const b1 = 512 + ((b >>> 8) & 0xff);
      const b2 = 256 + ((b >>> 16) & 0xff);
      const b3 = b >>> 24;
      low =
        at32(LOW, a0) ^
        at32(LOW, a1) ^
        at32(LOW, a2) ^
        at32(LOW, a3) ^
        at32(LOW, b0) ^
        at32(LOW, b1) ^
        at32(LOW, b2) ^
        at32(LOW, b3);
      high =
        at32(HIGH, a0) ^
        at32(HIGH, a1) ^
        at32(HIGH, a2) ^
        at32(HIGH, a3) ^
        at32(HIGH, b0) ^
        at32(HIGH, b1) ^
        at32(HIGH, b2) ^
        at32(HIGH, b3);
    }
    this.low = low;
    this.high = high;
  }
}
