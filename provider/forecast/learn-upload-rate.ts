import type { Timeline } from "../model/outputs";
import { ASSUMED, ASSUMED_SPREAD, LEAST_UNCERTAINTY } from "./assumptions";
import type { Sending } from "./forecast-database";
import { networkSeconds, type Sent } from "./network-seconds";
import { quantile } from "./range";
import { timeOf } from "./timeline";

/** What one machine's network carries. */
export interface UploadRate {
  bytesPerSecond: number;
  /** Standard deviation of the logarithm of the mean rate. */
  uncertainty: number;
  /** How much the network wavers: standard deviation of the logarithm from one time to the next. */
  spread: number;
  /** Uploads behind it; 0: it is assumed. */
  samples: number;
  /** How it is known, where it is not learnt: `given`, or with what it was measured. */
  basis?: string;
}

interface Upload extends Sent {
  bytes: number;
}

/** A network wavers by this much at least; the standard deviation of the logarithm. */
const LEAST_SPREAD = 0.15;
/** What a network carries changes in the course of the day: readings within so many seconds repeat each other. */
const INDEPENDENT_SECONDS = 3 * 3600;

interface ObservedUpload {
  backupBytes: number;
  timeline: Timeline;
  sending?: Sending;
}

/**
 * Learns what the network of a machine carries, from the share of it that each file had. A large file counts for more than a small one,
 * because it shows a longer time.
 */
export function learnUploadRate(runs: readonly (readonly ObservedUpload[])[]): UploadRate {
  const readings: number[] = [];
  let samples = 0;
  let independent = 0;
  let bytes = 0;
  let seconds = 0;
  for (const records of runs) {
    const uploads = records.flatMap(uploadOf);
    const ended = uploads.filter(({ endMs }) => Number.isFinite(endMs));
    if (ended.length === 0) continue;
    samples += ended.length;
    const firstMs = Math.min(...ended.map(({ startMs }) => startMs));
    const lastMs = Math.max(...ended.map(({ endMs }) => endMs));
    independent += Math.max(1, (lastMs - firstMs) / 1000 / INDEPENDENT_SECONDS);
    for (const [index, own] of networkSeconds(uploads).entries()) {
      if (!Number.isFinite(own)) continue;
      bytes += uploads[index]?.bytes ?? 0;
      seconds += own;
      readings.push((uploads[index]?.bytes ?? 0) / own);
    }
  }
  if (readings.length === 0)
    return {
      ...{ bytesPerSecond: ASSUMED.uploadBytesPerSecond, samples: 0 },
      ...{ uncertainty: ASSUMED_SPREAD, spread: LEAST_SPREAD },
    };
  const sorted = readings.sort((one, other) => one - other);
  const spread = Math.max(LEAST_SPREAD, Math.log(quantile(sorted, 0.9) / quantile(sorted, 0.1)) / (2 * 1.2816));
  return {
    ...{ bytesPerSecond: bytes / seconds, samples, spread },
    uncertainty: Math.min(ASSUMED_SPREAD, spread / Math.sqrt(independent)),
  };
}

/**
 * How much the mean rate of the seconds to come may differ from the learnt one: it wavers as much as what was seen, and less over a long time.
 * @returns the standard deviation of its logarithm
 */
export function rateUncertainty({ uncertainty, spread }: UploadRate, seconds: number): number {
  const toCome = spread / Math.sqrt(Math.max(1, seconds / INDEPENDENT_SECONDS));
  return Math.max(LEAST_UNCERTAINTY, Math.hypot(uncertainty, toCome));
}

function uploadOf({ backupBytes, timeline, sending }: ObservedUpload): Upload[] {
  // Its part that is sent counts like a file: an upload of hours shows the rate of this run before it ends.
  if (sending !== undefined) {
    const { startMs, atMs: endMs, bytes } = sending;
    return endMs > startMs && bytes > 0 ? [{ startMs, endMs, bytes }] : [];
  }
  const startMs = timeOf(timeline, "uploadStartedAt");
  const finishedMs = timeOf(timeline, "uploadFinishedAt");
  if (Number.isNaN(startMs) || finishedMs <= startMs || backupBytes <= 0) return [];
  return [{ startMs, endMs: Number.isNaN(finishedMs) ? Number.POSITIVE_INFINITY : finishedMs, bytes: backupBytes }];
}
