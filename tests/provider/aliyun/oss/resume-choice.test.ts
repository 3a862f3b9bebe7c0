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
  isBestCandidate,
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

it("derives the part size of an upload from some of its parts", () => {
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
      // Another part size may match a few parts as well, but never one that matches fewer bytes.
      expect(candidate.resumableBytes).toBe(parts.reduce((sum, part) => sum + part.sizeBytes, 0));
      for (const part of candidate.parts) {
        const { start, end } = partRange(candidate.plan, part.number);
        expect(part.sizeBytes).toBe(end - start);
      }
    }),
  );
});

it("keeps the planned part size where no part contradicts it", () => {
  const wanted = planParts({ sizeBytes: 100 * MiB });
  expect(read([], wanted)).toEqual({ ...upload, plan: wanted, parts: [], resumableBytes: 0 });
});

it("does not take a single shorter last part for the part size", () => {
  const wanted = planParts({ sizeBytes: 100 * MiB + 5 });
  expect(read([listed(34, 5)], wanted)).toMatchObject({ plan: wanted, resumableBytes: 0 });
});

it("ignores parts without a checksum, of a wrong size or beyond the end", () => {
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

const candidate = (resumableBytes: number, initiatedMs: number): ResumeCandidate => ({
  uploadId: `${resumableBytes}/${initiatedMs}`,
  initiatedMs,
  plan: planParts({ sizeBytes: 100 * MiB }),
  parts: [],
  resumableBytes,
});

it("sorts by resumable bytes and then by the newest", () => {
  const order = [candidate(1, 9), candidate(5, 1), candidate(5, 3), candidate(0, 8)].sort(byResumableBytes);
  expect(order.map(({ uploadId }) => uploadId)).toEqual(["5/3", "5/1", "1/9", "0/8"]);
});

it("finds the best candidate when no other has more resumable bytes, or as many and is newer", () => {
  const first = candidate(10, 5);
  expect(isBestCandidate(first, 0, [])).toBe(true);
  expect(isBestCandidate(first, 4, [candidate(4, 4)])).toBe(true);
  expect(isBestCandidate(first, 4, [candidate(4, 6)])).toBe(false);
  expect(isBestCandidate(first, 5, [candidate(4, 6)])).toBe(true);
  expect(isBestCandidate(first, 3, [candidate(4, 1)])).toBe(false);
});
