import type { ListedPart, UnfinishedUpload } from "./multipart-calls";
import { isUsablePartSize, type PartPlan, partRange } from "./part-plan";

/** An unfinished upload and what of it may be used: claims, until the bytes are compared. */
export interface ResumeCandidate extends UnfinishedUpload {
  /** How the file is cut in this upload. */
  plan: PartPlan;
  /** Listed parts that fit the plan in size and have a checksum, ascending. */
  parts: ListedPart[];
  claimedBytes: number;
}

/**
 * Reads from the listed parts how the file was cut: the part size under which most bytes fit. Whatever this run would have
 * chosen, an upload goes on with the size it began with.
 * @param wanted how this run would cut the file
 * @param layOut the plan of this run for another part size
 */
export function readCandidate(
  upload: UnfinishedUpload,
  listed: readonly ListedPart[],
  wanted: PartPlan,
  layOut: (partSizeBytes: number) => PartPlan,
): ResumeCandidate {
  let best: ResumeCandidate = { ...upload, plan: wanted, parts: [], claimedBytes: 0 };
  for (const partSizeBytes of new Set([wanted.partSizeBytes, ...listed.map((part) => part.sizeBytes)])) {
    if (!isUsablePartSize(wanted.sizeBytes, partSizeBytes)) continue;
    const plan = partSizeBytes === wanted.partSizeBytes ? wanted : layOut(partSizeBytes);
    const parts = listed.filter((part) => fits(plan, part)).sort((a, b) => a.number - b.number);
    const claimedBytes = parts.reduce((sum, part) => sum + part.sizeBytes, 0);
    if (claimedBytes > best.claimedBytes) best = { ...upload, plan, parts, claimedBytes };
  }
  return best;
}

function fits(plan: PartPlan, part: ListedPart): boolean {
  if (part.crc64 === undefined || part.number < 1 || part.number > plan.partCount) return false;
  const { start, end } = partRange(plan, part.number);
  return part.sizeBytes === end - start;
}

/** The order in which candidates are compared with the file: those that claim most first, the newest of equals. */
export const byResumableBytes = (a: ResumeCandidate, b: ResumeCandidate): number =>
  b.claimedBytes - a.claimedBytes || b.initiatedMs - a.initiatedMs;

/** Whether `candidate`, with so many bytes found equal, cannot be beaten any more by what the others claim. */
export const isSettled = (
  candidate: ResumeCandidate,
  matchedBytes: number,
  others: readonly ResumeCandidate[],
): boolean =>
  others.every(
    (other) =>
      matchedBytes > other.claimedBytes ||
      (matchedBytes === other.claimedBytes && candidate.initiatedMs >= other.initiatedMs),
  );
