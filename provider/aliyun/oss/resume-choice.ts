import type { ListedPart, UnfinishedUpload } from "./multipart-calls";
import { isUsablePartSize, type PartPlan, partRange } from "./part-plan";

/**
 * An unfinished upload that may be resumed, with the parts that may be reused. They are compared with the file later.
 */
export interface ResumeCandidate extends UnfinishedUpload {
  /** How this upload splits the file. */
  plan: PartPlan;
  /** Listed parts that match the plan in size and have a checksum, in ascending order. */
  parts: ListedPart[];
  resumableBytes: number;
}

/**
 * Derives an upload's part size from its listed parts: the size that matches most bytes. An upload is resumed with the
 * part size it started with, whatever this run would choose.
 * @param wanted the plan of this run
 * @param layOut the plan of this run for another part size
 */
export function readCandidate(
  upload: UnfinishedUpload,
  listed: readonly ListedPart[],
  wanted: PartPlan,
  layOut: (partSizeBytes: number) => PartPlan,
): ResumeCandidate {
  let best: ResumeCandidate = { ...upload, plan: wanted, parts: [], resumableBytes: 0 };
  for (const partSizeBytes of new Set([wanted.partSizeBytes, ...listed.map((part) => part.sizeBytes)])) {
    if (!isUsablePartSize(wanted.sizeBytes, partSizeBytes)) continue;
    const plan = partSizeBytes === wanted.partSizeBytes ? wanted : layOut(partSizeBytes);
    const parts = listed.filter((part) => fits(plan, part)).sort((a, b) => a.number - b.number);
    const resumableBytes = parts.reduce((sum, part) => sum + part.sizeBytes, 0);
    if (resumableBytes > best.resumableBytes) best = { ...upload, plan, parts, resumableBytes };
  }
  return best;
}

function fits(plan: PartPlan, part: ListedPart): boolean {
  if (part.crc64 === undefined || part.number < 1 || part.number > plan.partCount) return false;
  const { start, end } = partRange(plan, part.number);
  return part.sizeBytes === end - start;
}

/** Sorts candidates by resumable bytes, most first, and then by start, newest first. */
export const byResumableBytes = (a: ResumeCandidate, b: ResumeCandidate): number =>
  b.resumableBytes - a.resumableBytes || b.initiatedMs - a.initiatedMs;

/** Whether `candidate`, with `matchedBytes` equal bytes, is the best choice, however many bytes of the others match. */
export const isBestCandidate = (
  candidate: ResumeCandidate,
  matchedBytes: number,
  others: readonly ResumeCandidate[],
): boolean =>
  others.every(
    (other) =>
      matchedBytes > other.resumableBytes ||
      (matchedBytes === other.resumableBytes && candidate.initiatedMs >= other.initiatedMs),
  );
