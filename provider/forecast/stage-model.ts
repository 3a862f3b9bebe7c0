import { ASSUMED_SPREAD } from "./assumptions";
import { median, quantile } from "./range";

/** A stage that was measured: a restore or a check. */
export interface Sample {
  bytes: number;
  seconds: number;
}

/** How long a stage takes for a number of bytes. */
export interface StageModel {
  overheadSeconds: number;
  secondsPerByte: number;
  /** Measured over modelled seconds, ascending: how much one database differs from the next. */
  ratios: readonly number[];
  /** Standard deviation of the logarithm of what all databases share: how little is known about the rate. */
  uncertainty: number;
  /** Measured stages behind the model; 0: it is assumed. */
  samples: number;
}

/** Fewer samples do not show a fixed part beside the rate. */
const ENOUGH_FOR_OVERHEAD = 8;
/** Overheads that are tried, as shares of the shortest measured stage. */
const OVERHEAD_SHARES = [0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.97];
/** The differences between databases until samples show them. */
const ASSUMED_RATIOS = [0.75, 0.85, 0.95, 1, 1.05, 1.18, 1.33];
/** The standard error of a median is larger than that of a mean by this factor. */
const MEDIAN_ERROR = 1.25;

/** The model of an assumed rate. */
export const assumedStage = (bytesPerSecond: number): StageModel => ({
  overheadSeconds: 0,
  secondsPerByte: 1 / bytesPerSecond,
  ratios: ASSUMED_RATIOS,
  uncertainty: ASSUMED_SPREAD,
  samples: 0,
});

/**
 * Fits seconds to bytes by medians, so that a few stalled tasks do not count. The fixed part is the one with which the relative
 * errors are smallest. Without a sample the rate is assumed.
 */
export function fitStage(samples: readonly Sample[], assumedBytesPerSecond: number): StageModel {
  const usable = samples.filter(({ bytes, seconds }) => bytes > 0 && seconds > 0);
  if (usable.length === 0) return assumedStage(assumedBytesPerSecond);
  const shortest = Math.min(...usable.map(({ seconds }) => seconds));
  const shares = usable.length < ENOUGH_FOR_OVERHEAD ? [0] : OVERHEAD_SHARES;
  const fits = shares.map((share) => fitWith(shortest * share, usable));
  const best = fits.reduce((one, other) => (other.error < one.error ? other : one));
  const n = usable.length;
  const isFew = n < ENOUGH_FOR_OVERHEAD;
  return {
    overheadSeconds: best.overheadSeconds,
    secondsPerByte: best.secondsPerByte,
    ratios: isFew ? [...ASSUMED_RATIOS, ...best.ratios].sort((one, other) => one - other) : best.ratios,
    uncertainty: Math.max((MEDIAN_ERROR * spreadOf(best.ratios)) / Math.sqrt(n), ASSUMED_SPREAD / (1 + n)),
    samples: n,
  };
}

/** The modelled seconds, before what differs from database to database. */
export const stageSeconds = ({ overheadSeconds, secondsPerByte }: StageModel, bytes: number): number =>
  overheadSeconds + secondsPerByte * bytes;

function fitWith(overheadSeconds: number, samples: readonly Sample[]) {
  const secondsPerByte = median(samples.map(({ bytes, seconds }) => (seconds - overheadSeconds) / bytes));
  const ratios = samples
    .map(({ bytes, seconds }) => seconds / (overheadSeconds + secondsPerByte * bytes))
    .sort((one, other) => one - other);
  return { overheadSeconds, secondsPerByte, ratios, error: median(ratios.map((ratio) => Math.abs(Math.log(ratio)))) };
}

/** Standard deviation of the logarithms, from the middle four fifths. */
const spreadOf = (ratios: readonly number[]): number =>
  Math.log(quantile(ratios, 0.9) / quantile(ratios, 0.1)) / (2 * 1.2816);
