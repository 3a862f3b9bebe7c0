/**
 * CRC-64/XZ, the checksum OSS calls `crc64ecma`: polynomial 0x42F0E1EBA9EA3693, reflected, all ones in and out.
 * Its value of "123456789" is 0x995DC9BBDF1939FA. Checksums are unsigned 64-bit `bigint`s here, unsigned decimals on the wire.
 * @see https://reveng.sourceforge.io/crc-catalogue/all.htm#crc.cat.crc-64-xz
 */
export const REFLECTED_POLYNOMIAL = 0xc96c5795d7870f42n;
export const ALL_ONES = 0xffff_ffff_ffff_ffffn;

/** The checksum of A followed by B, from those of A and of B and from B's length. */
export function crc64Combine(crcA: bigint, crcB: bigint, bytesOfB: number): bigint {
  return multiply(crcA, shiftBy(bytesOfB)) ^ crcB;
}

/** The parts of a file have one length but for the last, so the last factor found is nearly always the next one wanted. */
let lastShift: { bytes: number; factor: bigint } | undefined;
function shiftBy(bytes: number): bigint {
  if (lastShift?.bytes !== bytes) lastShift = { bytes, factor: powerOfX(BigInt(bytes) * 8n) };
  return lastShift.factor;
}

/** x^exponent modulo the polynomial; reflected, so bit 63 is the coefficient of x^0. */
export function powerOfX(exponent: bigint): bigint {
  let power = 1n << 63n;
  let square = 1n << 62n;
  for (let rest = exponent; rest > 0n; rest >>= 1n) {
    if ((rest & 1n) === 1n) power = multiply(power, square);
    square = multiply(square, square);
  }
  return power;
}

function multiply(a: bigint, b: bigint): bigint {
  let product = 0n;
  let factor = b;
  for (let bit = 63n; bit >= 0n; bit--) {
    if (((a >> bit) & 1n) === 1n) product ^= factor;
    factor = timesX(factor);
  }
  return product;
}

/** One step of the register: multiplication by x modulo the polynomial. */
export const timesX = (value: bigint): bigint =>
  (value & 1n) === 1n ? (value >> 1n) ^ REFLECTED_POLYNOMIAL : value >> 1n;

/** Reads `x-oss-hash-crc64ecma`; undefined for anything but an unsigned 64-bit decimal. */
export function parseCrc64(text: string | undefined): bigint | undefined {
  if (text === undefined || !/^\d{1,20}$/.test(text)) return undefined;
  const value = BigInt(text);
  return value <= ALL_ONES ? value : undefined;
}
