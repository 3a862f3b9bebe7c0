import fc from "fast-check";
import type { ListedPart } from "../../../../provider/aliyun/oss/multipart-calls";
import {
  layOutParts,
  PART_LIMITS,
  type PartPlan,
  partRange,
  planParts,
} from "../../../../provider/aliyun/oss/part-plan";
import {
  byResumableBytes,
  isSettled,
  type ResumeCandidate,
  readCandidate,
} from "../../../../provider/aliyun/oss/resume-choice";

const MiB = 1024 ** 2;
const upload = { uploadId: "U", initiatedMs: 5 };
const listed = (number: number, sizeBytes: number): ListedPart => ({
  number,
  sizeBytes,
  etag: `"${number}"`,
  crc64: 1n,
});

const read = (parts: ListedPart[], wanted: PartPlan): ResumeCandidate =>
  readCandidate(upload, parts, wanted, (partSizeBytes) => layOutParts({ sizeBytes: wanted.sizeBytes, partSizeBytes }));

const cuttings = fc
  .record({
    sizeBytes: fc.integer({ min: 1, max: 1e10 }),
    wish: fc.integer({ min: PART_LIMITS.minPartBytes, max: 1e8 }),
  })
  .map(({ sizeBytes, wish }) => planParts({ sizeBytes, partSizeBytes: wish }));

it("finds out how an upload was cut from some of its parts", () => {
  fc.assert(
    fc.property(cuttings, cuttings, fc.array(fc.nat(), { minLength: 1, maxLength: 8 }), (cut, other, picks) => {
      const wanted = planParts({ sizeBytes: cut.sizeBytes, partSizeBytes: other.partSizeBytes });
      fc.pre(cut.partCount > 1); // the last part alone may be of any size
      const numbers = [...new Set(picks.map((pick) => (pick % (cut.partCount - 1)) + 1)), cut.partCount];
      const parts = numbers.map((number) => {
        const { start, end } = partRange(cut, number);
        return listed(number, end - start);
      });
      const candidate = read(parts, wanted);
      // Another cutting may explain a few parts as well; never one under which fewer of their bytes fit.
      expect(candidate.claimedBytes).toBe(parts.reduce((sum, part) => sum + part.sizeBytes, 0));
      for (const part of candidate.parts) {
        const { start, end } = partRange(candidate.plan, part.number);
        expect(part.sizeBytes).toBe(end - start);
      }
    }),
  );
});

it("keeps to the wanted cutting where no part says otherwise", () => {
  const wanted = planParts({ sizeBytes: 100 * MiB });
  expect(read([], wanted)).toEqual({ ...upload, plan: wanted, parts: [], claimedBytes: 0 });
});

it("does not take the last part, alone and shorter, for what all are like", () => {
  const wanted = planParts({ sizeBytes: 100 * MiB + 5 });
  expect(read([listed(34, 5)], wanted)).toMatchObject({ plan: wanted, claimedBytes: 0 });
});

it("believes no part without a checksum, of a wrong size or beyond the end", () => {
  const wanted = layOutParts({ sizeBytes: 10 * MiB, partSizeBytes: 2 * MiB });
  const parts = [
    { ...listed(1, 2 * MiB), crc64: undefined },
    listed(2, 2 * MiB),
    listed(3, 7),
    listed(6, 2 * MiB),
    listed(0, 2 * MiB),
  ];
  expect(read(parts, wanted).parts.map(({ number }) => number)).toEqual([2]);
});

const candidate = (claimedBytes: number, initiatedMs: number): ResumeCandidate => ({
  uploadId: `${claimedBytes}/${initiatedMs}`,
  initiatedMs,
  plan: planParts({ sizeBytes: 100 * MiB }),
  parts: [],
  claimedBytes,
});

it("compares first what claims most, and of equals the newest", () => {
  const order = [candidate(1, 9), candidate(5, 1), candidate(5, 3), candidate(0, 8)].sort(byResumableBytes);
  expect(order.map(({ uploadId }) => uploadId)).toEqual(["5/3", "5/1", "1/9", "0/8"]);
});

it("is settled once nobody can claim more, or as much and be newer", () => {
  const first = candidate(10, 5);
  expect(isSettled(first, 0, [])).toBe(true);
  expect(isSettled(first, 4, [candidate(4, 4)])).toBe(true);
  expect(isSettled(first, 4, [candidate(4, 6)])).toBe(false);
  expect(isSettled(first, 5, [candidate(4, 6)])).toBe(true);
  expect(isSettled(first, 3, [candidate(4, 1)])).toBe(false);
});
