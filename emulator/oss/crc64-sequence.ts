/**
 * CRC-64 arithmetic over GF(2), bits reflected: bit 63 is the coefficient of x^0, and multiplying by x shifts right.
 */
const POLYNOMIAL = 0xc96c5795d7870f42n;
const ONE = 1n << 63n;
const X = 1n << 62n;

function multiply(left: bigint, right: bigint): bigint {
  let product = 0n;
  let factor = right;
  for (let bit = ONE; bit > 0n; bit >>= 1n) {
    if ((left & bit) !== 0n) product ^= factor;
    factor = (factor & 1n) === 1n ? (factor >> 1n) ^ POLYNOMIAL : factor >> 1n;
  }
  return product;
}

function powerOfX(exponent: number): bigint {
  let power = ONE;
  let square = X;
  for (let rest = BigInt(exponent); rest > 0n; rest >>= 1n) {
    if ((rest & 1n) === 1n) power = multiply(power, square);
    square = multiply(square, square);
  }
  return power;
}

/** Computes the CRC-64/XZ of concatenated byte runs from their checksums, without reading the bytes again. */
export function crc64OfSequence(runs: Iterable<{ crc64: string; sizeBytes: number }>): string {
  const shifts = new Map<number, bigint>(); // nearly all parts have the same size
  let crc = 0n;
  for (const { crc64, sizeBytes } of runs) {
    const shift = shifts.get(sizeBytes) ?? powerOfX(sizeBytes * 8);
    shifts.set(sizeBytes, shift);
    crc = multiply(crc, shift) ^ BigInt(crc64);
  }
  return crc.toString();
}
