/**
 * CRC-64/XZ, the checksum OSS calls `crc64ecma`: polynomial 0x42F0E1EBA9EA3693, reflected, all ones in and out.
 * Its value of "123456789" is 0x995DC9BBDF1939FA. Checksums are unsigned 64-bit `bigint`s here, unsigned decimals on the wire.
 * @see https://reveng.sourceforge.io/crc-catalogue/all.htm#crc.cat.crc-64-xz
 */
const REFLECTED_POLYNOMIAL = 0xc96c5795d7870f42n;
const ALL_ONES = 0xffff_ffff_ffff_ffffn;

const TABLES = 8;
const low = new Uint32Array(TABLES * 256);
const high = new Uint32Array(TABLES * 256);
fillTables();

/** The checksum of `bytes`, going on from `crc`, that of the bytes before them. @default 0n, nothing before */
export function crc64(bytes: Uint8Array, crc = 0n): bigint {
  const start = crc ^ ALL_ONES;
  let lo = Number(start & 0xffff_ffffn) | 0;
  let hi = Number(start >> 32n) | 0;
  let at = 0;
  for (const end = bytes.length - 8; at <= end; at += 8) {
    const a =
      lo ^
      ((bytes[at] as number) |
        ((bytes[at + 1] as number) << 8) |
        ((bytes[at + 2] as number) << 16) |
        ((bytes[at + 3] as number) << 24));
    const b =
      hi ^
      ((bytes[at + 4] as number) |
        ((bytes[at + 5] as number) << 8) |
        ((bytes[at + 6] as number) << 16) |
        ((bytes[at + 7] as number) << 24));
    const i0 = 1792 + (a & 255);
    const i1 = 1536 + ((a >>> 8) & 255);
    const i2 = 1280 + ((a >>> 16) & 255);
    const i3 = 1024 + (a >>> 24);
    const i4 = 768 + (b & 255);
    const i5 = 512 + ((b >>> 8) & 255);
    const i6 = 256 + ((b >>> 16) & 255);
    const i7 = b >>> 24;
    lo =
      word(low, i0) ^
      word(low, i1) ^
      word(low, i2) ^
      word(low, i3) ^
      word(low, i4) ^
      word(low, i5) ^
      word(low, i6) ^
      word(low, i7);
    hi =
      word(high, i0) ^
      word(high, i1) ^
      word(high, i2) ^
      word(high, i3) ^
      word(high, i4) ^
      word(high, i5) ^
      word(high, i6) ^
      word(high, i7);
  }
  for (; at < bytes.length; at++) {
    const index = (lo ^ (bytes[at] as number)) & 255;
    lo = ((lo >>> 8) | (hi << 24)) ^ word(low, index);
    hi = (hi >>> 8) ^ word(high, index);
  }
  return ((BigInt(hi >>> 0) << 32n) | BigInt(lo >>> 0)) ^ ALL_ONES;
}

const word = (table: Uint32Array, index: number): number => table[index] as number;

function fillTables(): void {
  for (let byte = 0; byte < 256; byte++) {
    let crc = BigInt(byte);
    for (let bit = 0; bit < 8; bit++) crc = (crc & 1n) === 1n ? (crc >> 1n) ^ REFLECTED_POLYNOMIAL : crc >> 1n;
    low[byte] = Number(crc & 0xffff_ffffn);
    high[byte] = Number(crc >> 32n);
  }
  for (let index = 256; index < TABLES * 256; index++) {
    const lo = word(low, index - 256);
    const hi = word(high, index - 256);
    low[index] = ((lo >>> 8) | (hi << 24)) ^ word(low, lo & 255);
    high[index] = (hi >>> 8) ^ word(high, lo & 255);
  }
}

/** The checksum of A followed by B, from those of A and of B and from B's length. */
export function crc64Combine(crcA: bigint, crcB: bigint, bytesOfB: number): bigint {
  return multiply(crcA, powerOfX(BigInt(bytesOfB) * 8n)) ^ crcB;
}

/** x^exponent modulo the polynomial, reflected: bit 63 is the coefficient of x^0. */
function powerOfX(exponent: bigint): bigint {
  let result = 1n << 63n;
  let square = 1n << 62n;
  for (let rest = exponent; rest > 0n; rest >>= 1n) {
    if ((rest & 1n) === 1n) result = multiply(result, square);
    square = multiply(square, square);
  }
  return result;
}

function multiply(a: bigint, b: bigint): bigint {
  let product = 0n;
  let factor = b;
  for (let bit = 63n; bit >= 0n; bit--) {
    if ((a >> bit) & 1n) product ^= factor;
    factor = (factor & 1n) === 1n ? (factor >> 1n) ^ REFLECTED_POLYNOMIAL : factor >> 1n;
  }
  return product;
}

/** Reads `x-oss-hash-crc64ecma`; undefined for anything but an unsigned 64-bit decimal. */
export function parseCrc64(text: string | undefined): bigint | undefined {
  if (text === undefined || !/^\d{1,20}$/.test(text)) return undefined;
  const value = BigInt(text);
  return value <= ALL_ONES ? value : undefined;
}
