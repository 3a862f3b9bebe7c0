import fc from "fast-check";
import {
  ALL_ONES,
  crc64Combine,
  parseCrc64,
  powerOfX,
  REFLECTED_POLYNOMIAL,
} from "../../../../provider/aliyun/oss/crc64";
import { FOLD_DISTANCES, FOLD_HISTORY_BYTES, FOLD_STEP_BYTES } from "../../../../provider/aliyun/oss/crc64-module";
import { HashingMemory } from "../../../../provider/aliyun/oss/hashing-memory";
import { seededBytes } from "./support/upload-rig";

const memory = new HashingMemory(1 << 20);
const hash = (bytes: Uint8Array, before = 0n, at = 0): bigint => {
  memory.bytes.set(bytes, at);
  return memory.crc64(at, at + bytes.length, before);
};

/** Reference implementation, bit by bit. */
function definition(bytes: Uint8Array, before = 0n): bigint {
  let register = before ^ ALL_ONES;
  for (const byte of bytes) {
    register ^= BigInt(byte);
    for (let bit = 0; bit < 8; bit++) {
      register = (register & 1n) === 1n ? (register >> 1n) ^ REFLECTED_POLYNOMIAL : register >> 1n;
    }
  }
  return register ^ ALL_ONES;
}

it("returns the published check value", () => {
  expect(hash(Buffer.from("123456789"))).toBe(0x995dc9bbdf1939fan);
  expect(String(hash(Buffer.from("123456789")))).toBe("11051210869376104954");
  expect(hash(new Uint8Array(0))).toBe(0n);
});

it("folds by a multiple of the generator polynomial", () => {
  const longest = Math.max(...FOLD_DISTANCES);
  // y^D + sum of y^(D - d), y = x^8: the division's relation as a polynomial.
  const terms = [longest, ...FOLD_DISTANCES.map((distance) => longest - distance)];
  expect(terms.map((exponent) => powerOfX(BigInt(exponent) * 8n)).reduce((a, b) => a ^ b)).toBe(0n);
  expect(Math.min(...FOLD_DISTANCES)).toBeGreaterThanOrEqual(FOLD_STEP_BYTES);
  expect(longest).toBeLessThanOrEqual(FOLD_HISTORY_BYTES);
});

// Sizes around every boundary: words, fold steps, the history, blocks of 16 KiB.
it.each([
  0, 1, 7, 8, 9, 63, 64, 65, 1535, 1536, 1599, 1600, 1601, 3135, 16_384, 17_919, 17_920, 17_921, 34_304, 40_000,
])("agrees with the definition on %d bytes", (length) => {
  const bytes = seededBytes(length, length);
  expect(hash(bytes)).toBe(definition(bytes));
});

it("agrees with the definition for any bytes, offset and preceding checksum", () => {
  const cases = fc.record({
    length: fc.integer({ min: 0, max: 20_000 }),
    seed: fc.integer({ min: 0, max: 1e6 }),
    at: fc.integer({ min: 0, max: 100 }),
    before: fc.bigInt({ min: 0n, max: ALL_ONES }),
  });
  fc.assert(
    fc.property(cases, ({ length, seed, at, before }) => {
      const bytes = seededBytes(length, seed);
      expect(hash(bytes, before, at)).toBe(definition(bytes, before));
    }),
    { numRuns: 30 },
  );
});

it("returns the same for a file in pieces as for the whole", () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 0, max: 90_000 }), { maxLength: 6 }), fc.integer(), (lengths, seed) => {
      const bytes = seededBytes(
        lengths.reduce((a, b) => a + b, 0),
        seed,
      );
      const whole = hash(bytes);
      let at = 0;
      let running = 0n;
      let combined = 0n;
      for (const length of lengths) {
        running = memory.crc64(at, at + length, running);
        combined = crc64Combine(combined, memory.crc64(at, at + length, 0n), length);
        at += length;
      }
      expect(running).toBe(whole);
      expect(combined).toBe(whole);
    }),
    { numRuns: 50 },
  );
});

it("combines parts of realistic sizes without their bytes", () => {
  // 3 TiB of zeros by doubling: the checksum of 2n zeros from that of n zeros, twice over.
  const zeros = new Map<number, bigint>([[1, definition(new Uint8Array(1))]]);
  for (let length = 1; length < 3 * 1024 ** 4; length *= 2) {
    const half = zeros.get(length) ?? 0n;
    zeros.set(length * 2, crc64Combine(half, half, length));
  }
  expect(zeros.get(65_536)).toBe(hash(new Uint8Array(65_536)));
  const tebibyte = zeros.get(1024 ** 4) ?? 0n;
  const left = crc64Combine(crc64Combine(tebibyte, tebibyte, 1024 ** 4), tebibyte, 1024 ** 4);
  const right = crc64Combine(tebibyte, crc64Combine(tebibyte, tebibyte, 1024 ** 4), 2 * 1024 ** 4);
  expect(left).toBe(right);
});

it("detects every flipped bit", () => {
  const bytes = seededBytes(30_000, 5);
  const whole = hash(bytes);
  fc.assert(
    fc.property(fc.integer({ min: 0, max: bytes.length * 8 - 1 }), (bit) => {
      const flipped = Buffer.from(bytes);
      flipped[bit >> 3] = (flipped[bit >> 3] ?? 0) ^ (1 << (bit & 7));
      expect(hash(flipped)).not.toBe(whole);
    }),
  );
});

it("parses checksums in OSS's format and nothing else", () => {
  expect(parseCrc64("0")).toBe(0n);
  expect(parseCrc64("18446744073709551615")).toBe(ALL_ONES);
  for (const text of [undefined, "", "18446744073709551616", "-1", "0x1f", "12a", " 1", "123456789012345678901"]) {
    expect(parseCrc64(text)).toBeUndefined();
  }
});
