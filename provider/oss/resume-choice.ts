import { isUsablePartSize, layOutParts, type PartPlan, partRange } from "../plan/part-plan";
import type { ListedPart, UnfinishedUpload } from "./multipart-calls";

/** An unfinished upload and what of it may be used: claims, until the bytes are compared. */
export interface Candidate extends UnfinishedUpload {
  /** How the file is cut in this upload. */
  plan: PartPlan;
  /** Listed parts that fit the plan in size and have a checksum, ascending. */
  parts: ListedPart[];
  claimedBytes: number;
}

/**
 * Reads from the listed parts how the file was cut: the part size under which most bytes fit. Whatever this run would have
 * chosen, an upload goes on with the size it began with.
 */
export function readCandidate(
  upload: UnfinishedUpload,
  listed: readonly ListedPart[],
  wanted: PartPlan,
  parallel?: number,
): Candidate {
  const { sizeBytes } = wanted;
  const sizes = new Set([wanted.partSizeBytes, ...listed.map((part) => part.sizeBytes)]);
  let best: Candidate | undefined;
  for (const partSizeBytes of sizes) {
    if (!isUsablePartSize(sizeBytes, partSizeBytes)) continue;
    const plan =
      partSizeBytes === wanted.partSizeBytes ? wanted : relaid(wanted, partSizeBytes, parallel ?? wanted.parallel);
    const parts = listed.filter((part) => fits(plan, part)).sort((a, b) => a.number - b.number);
    const claimedBytes = parts.reduce((sum, part) => sum + part.sizeBytes, 0);
    if (best === undefined || claimedBytes > best.claimedBytes) best = { ...upload, plan, parts, claimedBytes };
  }
  return best ?? { ...upload, plan: wanted, parts: [], claimedBytes: 0 };
}

function relaid(wanted: PartPlan, partSizeBytes: number, parallel: number): PartPlan {
  const plan = layOutParts({ sizeBytes: wanted.sizeBytes, partSizeBytes, parallel });
  return { ...plan, trafficLimitBitsPerSecond: wanted.trafficLimitBitsPerSecond };
}

function fits(plan: PartPlan, part: ListedPart): boolean {
  if (part.crc64 === undefined || part.number < 1 || part.number > plan.partCount) return false;
  const { start, end } = partRange(plan, part.number);
  return part.sizeBytes === end - start;
}

/** The order in which candidates are compared with the file: those that claim most first, the newest of equals. */
export const byPromise = (a: Candidate, b: Candidate): number =>
  b.claimedBytes - a.claimedBytes || b.initiatedMs - a.initiatedMs;

/** Whether `candidate`, with so many bytes found equal, cannot be beaten any more by what the others claim. */
export const isSettled = (candidate: Candidate, matchedBytes: number, others: readonly Candidate[]): boolean =>
  others.every(
    (other) =>
      matchedBytes > other.claimedBytes ||
      (matchedBytes === other.claimedBytes && candidate.initiatedMs >= other.initiatedMs),
  );
