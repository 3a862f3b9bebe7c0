/**
 * CRC-64/XZ, the checksum OSS calls `crc64ecma`: polynomial 0x42F0E1EBA9EA3693, reflected, all ones in and out.
 * Its value of "123456789" is 0x995DC9BBDF1939FA. Checksums are unsigned 64-bit `bigint`s here, unsigned decimals on
 * the wire.
 * @see https://reveng.sourceforge.io/crc-catalogue/all.htm#crc.cat.crc-64-xz
 */
export const REFLECTED_POLYNOMIAL = 0xc96c5795d7870f42n;
export const ALL_ONES = 0xffff_ffff_ffff_ffffn;

/** The checksum of A followed by B, from the checksums of both and the length of B. */
export function crc64Combine(crcA: bigint, crcB: bigint, bytesOfB: number): bigint {
  return multiply(crcA, shiftBy(bytesOfB)) ^ crcB;
}

/** All parts of a file but the last have one length, so the cached factor nearly always applies again. */
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

const LOW_HALF = 0xffff_ffffn;
const POLYNOMIAL_LOW = Number(REFLECTED_POLYNOMIAL & LOW_HALF);
const POLYNOMIAL_HIGH = Number(REFLECTED_POLYNOMIAL >> 32n);

/**
 * Product modulo the polynomial, in halves of 32 bits: 64 steps with bigints would allocate about 200 of them per part.
 */
function multiply(a: bigint, b: bigint): bigint {
  const aHalves = [Number(a >> 32n), Number(a & LOW_HALF)];
  let low = Number(b & LOW_HALF) | 0;
  let high = Number(b >> 32n) | 0;
  let productLow = 0;
  let productHigh = 0;
  for (const half of aHalves) {
    for (let bit = 31; bit >= 0; bit--) {
      const isSet = -((half >>> bit) & 1); // all ones or none
      productLow ^= low & isSet;
      productHigh ^= high & isSet;
      const overflow = -(low & 1);
      low = ((low >>> 1) | (high << 31)) ^ (POLYNOMIAL_LOW & overflow);
      high = (high >>> 1) ^ (POLYNOMIAL_HIGH & overflow);
    }
  }
  return (BigInt(productHigh >>> 0) << 32n) | BigInt(productLow >>> 0);
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
