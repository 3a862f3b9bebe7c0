import fc from "fast-check";
import { Crc64 } from "../../../emulator/oss/crc64";
import { crc64OfSequence } from "../../../emulator/oss/crc64-sequence";

const crcOf = (...chunks: Uint8Array[]) => chunks.reduce((crc, chunk) => crc.update(chunk), new Crc64()).digest();

/** The definition of CRC-64/XZ, one bit at a time. */
function slowCrc(bytes: Uint8Array): string {
  let crc = 0xffffffffffffffffn;
  for (const byte of bytes) {
    crc ^= BigInt(byte);
    for (let bit = 0; bit < 8; bit++) crc = (crc & 1n) === 1n ? (crc >> 1n) ^ 0xc96c5795d7870f42n : crc >> 1n;
  }
  return (crc ^ 0xffffffffffffffffn).toString();
}

it("computes the check value of the Go SDK's tests", () => {
  expect(crcOf(Buffer.from("123456789"))).toBe("11051210869376104954");
  expect(crcOf()).toBe("0");
});

it("matches the definition for any bytes at any alignment", () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 200 }), fc.nat(7), (bytes, shift) => {
      const shifted = new Uint8Array(bytes.length + shift).subarray(shift);
      shifted.set(bytes);
      expect(crcOf(shifted)).toBe(slowCrc(bytes));
    }),
  );
});

it("does not depend on the chunk boundaries", () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 300 }), fc.nat(300), (bytes, cut) => {
      expect(crcOf(bytes.subarray(0, cut), bytes.subarray(cut))).toBe(crcOf(bytes));
    }),
  );
});

it("combines the checksums of consecutive runs", () => {
  fc.assert(
    fc.property(fc.array(fc.uint8Array({ maxLength: 50 })), (runs) => {
      const described = runs.map((run) => ({ crc64: crcOf(run), sizeBytes: run.length }));
      expect(crc64OfSequence(described)).toBe(crcOf(...runs));
    }),
  );
});
