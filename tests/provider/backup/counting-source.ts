import type { RangeSource } from "../../../provider/backup/range-source";

/** Forwards reads and counts them. */
export function countingSource(
  source: RangeSource,
): RangeSource & { reads: number; bytes: number; largestRead: number } {
  const counting = {
    name: source.name,
    sizeBytes: source.sizeBytes,
    reads: 0,
    bytes: 0,
    largestRead: 0,
    async read(start: number, end: number) {
      counting.reads += 1;
      counting.bytes += end - start;
      counting.largestRead = Math.max(counting.largestRead, end - start);
      return source.read(start, end);
    },
  };
  return counting;
}
