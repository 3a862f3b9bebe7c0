import type { RangeSource } from "../provider/backup/range-source";

/** Bytes in memory as a source; messages use `name`. */
export function bufferSource(name: string, bytes: Uint8Array): RangeSource {
  return {
    name,
    sizeBytes: bytes.length,
    async read(start, end) {
      if (!(start >= 0 && start <= end && end <= bytes.length)) {
        throw new RangeError(`${name}: no bytes [${start}, ${end}) in ${bytes.length}`);
      }
      return bytes.subarray(start, end);
    },
  };
}
