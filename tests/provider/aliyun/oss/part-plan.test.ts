import fc from "fast-check";
import {
  isUsablePartSize,
  layOutParts,
  PART_LIMITS,
  partRange,
  planParts,
} from "../../../../provider/aliyun/oss/part-plan";

const MiB = 1024 ** 2;
const GiB = 1024 ** 3;
const TiB = 1024 ** 4;

const sizes = fc.oneof(
  fc.integer({ min: 1, max: 64 * MiB }),
  fc.double({ min: 1, max: 3 * TiB, noNaN: true }).map(Math.floor),
  fc.constantFrom(1, PART_LIMITS.minPartBytes, 16 * MiB, 16 * MiB + 1, 160_000 * MiB, 160_000 * MiB + 1, 3e12, 3 * TiB),
);
const partSizes = fc.option(fc.integer({ min: PART_LIMITS.minPartBytes, max: PART_LIMITS.maxPartBytes }), {
  nil: undefined,
});

it("tiles every file up to 3 TiB with parts that OSS accepts", () => {
  fc.assert(
    fc.property(sizes, partSizes, (sizeBytes, partSizeBytes) => {
      const plan = planParts({ sizeBytes, partSizeBytes });
      expect(plan.partCount).toBeLessThanOrEqual(PART_LIMITS.maxParts);
      expect(isUsablePartSize(sizeBytes, plan.partSizeBytes)).toBe(true);
      // A sample of the parts: the first, the last, and two neighbours.
      const last = plan.partCount;
      expect(partRange(plan, 1).start).toBe(0);
      expect(partRange(plan, last).end).toBe(sizeBytes);
      expect(partRange(plan, last).end).toBeGreaterThan(partRange(plan, last).start);
      if (last > 1) {
        const middle = Math.ceil(last / 2);
        expect(partRange(plan, middle).end).toBe(partRange(plan, middle + 1).start);
        expect(partRange(plan, middle).end - partRange(plan, middle).start).toBe(plan.partSizeBytes);
      }
    }),
  );
});

it("never opens more connections than there are parts", () => {
  fc.assert(
    fc.property(sizes, fc.integer({ min: 1, max: 100 }), (sizeBytes, parallel) => {
      const plan = planParts({ sizeBytes, parallel });
      expect(plan.parallel).toBe(Math.min(parallel, plan.partCount));
    }),
  );
});

it.each([
  [1, 16 * MiB, 1],
  [16 * MiB, 16 * MiB, 1],
  [16 * MiB + 1, 16 * MiB, 2],
  [160_000 * MiB, 16 * MiB, 10_000],
  [160_000 * MiB + 1, 32 * MiB, 5001],
  [3 * TiB, 512 * MiB, 6144],
])("splits %d bytes into parts of %d", (sizeBytes, partSizeBytes, partCount) => {
  expect(planParts({ sizeBytes })).toMatchObject({ partSizeBytes, partCount });
});

it("raises a requested part size only when 10,000 parts are not enough", () => {
  expect(planParts({ sizeBytes: 10_000 * MiB, partSizeBytes: MiB }).partSizeBytes).toBe(MiB);
  expect(planParts({ sizeBytes: 10_000 * MiB + 1, partSizeBytes: MiB }).partSizeBytes).toBe(2 * MiB);
  expect(planParts({ sizeBytes: 3 * TiB, partSizeBytes: MiB }).partSizeBytes).toBe(315 * MiB);
});

it.each([102_399, 5 * GiB + 1, 0, -1, 102_400.5, Number.NaN])("refuses a part size of %d bytes", (partSizeBytes) => {
  expect(() => planParts({ sizeBytes: GiB, partSizeBytes })).toThrow(
    expect.objectContaining({ code: "PART_SIZE_OUT_OF_RANGE" }),
  );
});

it("accepts the part sizes at both ends of the range", () => {
  expect(planParts({ sizeBytes: MiB, partSizeBytes: 102_400 }).partSizeBytes).toBe(102_400);
  expect(planParts({ sizeBytes: 6 * GiB, partSizeBytes: 5 * GiB }).partCount).toBe(2);
});

it("refuses a file that is too large for an object", () => {
  expect(planParts({ sizeBytes: 50_000 * GiB }).partCount).toBe(10_000);
  expect(() => planParts({ sizeBytes: 50_000 * GiB + 1 })).toThrow(expect.objectContaining({ code: "FILE_TOO_LARGE" }));
});

it.each([0, -1, 1.5, Number.NaN])("refuses to send %d parts at once", (parallel) => {
  expect(() => planParts({ sizeBytes: GiB, parallel })).toThrow(expect.objectContaining({ code: "INPUT_INVALID" }));
});

it.each([0, -5, Number.POSITIVE_INFINITY, Number.NaN])("refuses a rate of %d bytes a second", (rate) => {
  expect(() => planParts({ sizeBytes: GiB, rateLimitBytesPerSecond: rate })).toThrow(
    expect.objectContaining({ code: "INPUT_INVALID" }),
  );
});

it("divides a rate among the connections, as bit/s within OSS's range", () => {
  const limit = (rateLimitBytesPerSecond: number): number | undefined =>
    planParts({ sizeBytes: GiB, parallel: 4, rateLimitBytesPerSecond }).trafficLimitBitsPerSecond;
  expect(limit(4_000_000)).toBe(8_000_000);
  expect(limit(1000)).toBe(819_200);
  expect(limit(1e12)).toBe(838_860_800);
  expect(planParts({ sizeBytes: GiB }).trafficLimitBitsPerSecond).toBeUndefined();
});

it("allows a part more time the larger it is and the lower its rate is", () => {
  const timeout = (partSizeBytes: number, rateLimitBytesPerSecond?: number): number =>
    planParts({ sizeBytes: 100 * GiB, partSizeBytes, parallel: 4, rateLimitBytesPerSecond }).partTimeoutMs;
  expect(timeout(16 * MiB)).toBe(60_000 + 1_024_000);
  expect(timeout(32 * MiB)).toBeGreaterThan(timeout(16 * MiB));
  // 4,000 bytes/s on one connection: 16 MiB at half of that.
  expect(timeout(16 * MiB, 4000)).toBe(60_000 + Math.ceil(((16 * MiB) / 2000) * 1000));
});

it("uses fewer connections for a low rate, so that none of them idles", () => {
  const parallel = (rateLimitBytesPerSecond: number): number =>
    planParts({ sizeBytes: GiB, parallel: 8, rateLimitBytesPerSecond }).parallel;
  expect(parallel(1000)).toBe(1);
  expect(parallel(3 * 256 * 1024)).toBe(3);
  expect(parallel(1e9)).toBe(8);
});

it("keeps the part size of an unfinished upload", () => {
  expect(layOutParts({ sizeBytes: 10 * MiB, partSizeBytes: 3 * MiB, parallel: 2 })).toMatchObject({
    partSizeBytes: 3 * MiB,
    partCount: 4,
    parallel: 2,
  });
});
