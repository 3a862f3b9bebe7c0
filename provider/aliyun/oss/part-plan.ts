import { migrationError } from "../../errors/migration-error";

const KiB = 1024;
const MiB = 1024 * KiB;
const GiB = 1024 * MiB;

/** Limits of a multipart upload. Documented: OSS, multipart upload limits, EC 0042-00000213 and 0017-00000220. */
export const PART_LIMITS = { maxParts: 10_000, minPartBytes: 100 * KiB, maxPartBytes: 5 * GiB } as const;

/** Small enough that a killed run repeats little, large enough that a request's fixed cost is below one percent. */
const USUAL_PART_BYTES = 16 * MiB;

/** Range of `x-oss-traffic-limit`, in bit/s per request. Documented: OSS, single-connection bandwidth throttling. */
const TRAFFIC_LIMIT = { minBitsPerSecond: 819_200, maxBitsPerSecond: 838_860_800 } as const;

/** A part slower than this is aborted and sent again. The idle time-out detects a dead connection much earlier. */
const SLOWEST_BYTES_PER_SECOND = 16 * KiB;
const PART_TIMEOUT_BASE_MS = 60_000;

/**
 * Smallest share of a limited rate per connection; fewer connections are used below it, because OSS closes idle ones.
 */
const LEAST_SHARE_BYTES_PER_SECOND = 256 * KiB;

export interface PartPlanRequest {
  sizeBytes: number;
  /**
   * Requested size of a part, in bytes; raised to whole MiB when the file would need more than 10,000 parts.
   * @default 16 MiB, doubled until 10,000 parts are enough
   */
  partSizeBytes?: number;
  /** Maximum number of parts sent at once; fewer under a low rate. @default 4 up to 64 MiB, else 8 */
  parallel?: number;
  /** Bytes per second of the whole file, over all connections. @default no limit */
  rateLimitBytesPerSecond?: number;
}

/** How a file is split into parts. All parts have one size; the last may be shorter. */
export interface PartPlan {
  sizeBytes: number;
  partSizeBytes: number;
  partCount: number;
  /** At most `partCount`. */
  parallel: number;
  /** Time limit of one request for one part. */
  partTimeoutMs: number;
  /** Value of the header `x-oss-traffic-limit`, bit/s per request. */
  trafficLimitBitsPerSecond?: number;
}

/**
 * Splits a file into parts that OSS accepts.
 * @throws `PART_SIZE_OUT_OF_RANGE` below 102,400 or above 5,368,709,120 bytes; `FILE_TOO_LARGE` above 10,000 parts of 5 GiB;
 * `INPUT_INVALID` for a `parallel` or a rate that is not a positive number
 * @see https://help.aliyun.com/en/oss/user-guide/0042-00000213
 */
export function planParts(request: PartPlanRequest): PartPlan {
  const { sizeBytes, rateLimitBytesPerSecond } = request;
  requirePositive("upload.parallel", request.parallel, Number.isInteger);
  requirePositive("upload.rateLimit", rateLimitBytesPerSecond, Number.isFinite);
  const partSizeBytes =
    request.partSizeBytes === undefined
      ? usualPartSize(sizeBytes)
      : requestedPartSize(sizeBytes, request.partSizeBytes);
  return layOutParts({ ...request, partSizeBytes });
}

/** The plan for the part size of an unfinished upload on the server. */
export function layOutParts(request: PartPlanRequest & { partSizeBytes: number }): PartPlan {
  const { sizeBytes, partSizeBytes, rateLimitBytesPerSecond } = request;
  const partCount = Math.max(1, Math.ceil(sizeBytes / partSizeBytes));
  const shares = Math.max(1, Math.floor((rateLimitBytesPerSecond ?? Infinity) / LEAST_SHARE_BYTES_PER_SECOND));
  const parallel = Math.min(partCount, shares, request.parallel ?? usualParallel(sizeBytes));
  const share = rateLimitBytesPerSecond === undefined ? undefined : rateLimitBytesPerSecond / parallel;
  return {
    sizeBytes,
    partSizeBytes,
    partCount,
    parallel,
    partTimeoutMs: partTimeout(Math.min(partSizeBytes, sizeBytes), share),
    ...(share === undefined ? {} : { trafficLimitBitsPerSecond: trafficLimit(share) }),
  };
}

/** The bytes `[start, end)` of part `number`, which counts from 1. */
export function partRange(plan: PartPlan, number: number): { start: number; end: number } {
  const start = (number - 1) * plan.partSizeBytes;
  return { start, end: Math.min(start + plan.partSizeBytes, plan.sizeBytes) };
}

/** Whether OSS accepts a file of this size in parts of this size. */
export const isUsablePartSize = (sizeBytes: number, partSizeBytes: number): boolean =>
  Number.isInteger(partSizeBytes) &&
  partSizeBytes >= PART_LIMITS.minPartBytes &&
  partSizeBytes <= PART_LIMITS.maxPartBytes &&
  Math.ceil(sizeBytes / partSizeBytes) <= PART_LIMITS.maxParts;

function usualPartSize(sizeBytes: number): number {
  let partSizeBytes = USUAL_PART_BYTES;
  while (sizeBytes > partSizeBytes * PART_LIMITS.maxParts) partSizeBytes *= 2;
  return withinLimits(sizeBytes, Math.min(partSizeBytes, PART_LIMITS.maxPartBytes));
}

function requestedPartSize(sizeBytes: number, requested: number): number {
  const { minPartBytes, maxPartBytes, maxParts } = PART_LIMITS;
  if (!Number.isInteger(requested) || requested < minPartBytes || requested > maxPartBytes) {
    throw migrationError("PART_SIZE_OUT_OF_RANGE", { partSizeBytes: requested, minPartBytes, maxPartBytes });
  }
  const least = Math.ceil(sizeBytes / maxParts);
  return withinLimits(sizeBytes, least <= requested ? requested : Math.min(Math.ceil(least / MiB) * MiB, maxPartBytes));
}

function withinLimits(sizeBytes: number, partSizeBytes: number): number {
  const mostBytes = PART_LIMITS.maxParts * PART_LIMITS.maxPartBytes;
  if (sizeBytes > mostBytes) throw migrationError("FILE_TOO_LARGE", { sizeBytes, mostBytes });
  return partSizeBytes;
}

const usualParallel = (sizeBytes: number): number => (sizeBytes <= 64 * MiB ? 4 : 8);

function partTimeout(partBytes: number, bytesPerSecond: number | undefined): number {
  // Half of the share is still progress: other connections may temporarily take more than theirs.
  const slowest = Math.min(SLOWEST_BYTES_PER_SECOND, (bytesPerSecond ?? Infinity) / 2);
  return PART_TIMEOUT_BASE_MS + Math.ceil((partBytes / slowest) * 1000);
}

const trafficLimit = (bytesPerSecond: number): number =>
  Math.round(Math.min(TRAFFIC_LIMIT.maxBitsPerSecond, Math.max(TRAFFIC_LIMIT.minBitsPerSecond, bytesPerSecond * 8)));

function requirePositive(property: string, value: number | undefined, isAllowed: (value: number) => boolean): void {
  if (value === undefined || (isAllowed(value) && value > 0)) return;
  throw migrationError("INPUT_INVALID", {
    property,
    fault: `${value} is not a positive number`,
    remedy: "Give a number above 0, or leave the option out.",
  });
}
