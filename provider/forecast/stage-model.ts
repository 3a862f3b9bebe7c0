import { ASSUMED_SPREAD } from "./assumptions";
import { quantile } from "./range";

/** A restore or a check that was observed. */
export interface Sample {
  bytes: number;
  seconds: number;
  /** It still runs: it takes longer than this. */
  isRunning?: boolean;
}

/** A fixed part and a rate, and how much speaks for them. */
export interface Fit {
  overheadSeconds: number;
  secondsPerByte: number;
  weight: number;
}

/** How long a stage takes for a number of bytes. */
export interface StageModel {
  /** The most likely fit. */
  best: Fit;
  /** The fits that the samples leave possible; their weights add up to 1. */
  fits: readonly Fit[];
  /** Observed over modelled seconds, ascending: how much one database differs from the next. */
  ratios: readonly number[];
  /** Finished stages behind the model; 0: it is assumed. */
  samples: number;
}

/** What is assumed of a stage before anything is observed. */
export interface AssumedStage {
  bytesPerSecond: number;
  overheadSeconds: number;
}

/** Rates that are tried: up to this factor from the assumed one, in steps of a tenth. */
const FURTHEST = Math.log(50);
const RATE_STEP = 0.1;
/** Fixed parts that are tried, as multiples of the assumed one. */
const OVERHEADS = [0.1, 0.25, 0.5, 0.75, 1, 1.5, 2, 3, 5];
/**
 * How much the logarithms of durations differ; with absolute values instead of squares, so that stalled tasks count little. More
 * than single databases differ, because the finished ones are not a random choice: the smallest end first.
 */
const SCALE = 0.4;
/** More samples than this tell the same, and what they share is not independent. */
const MOST_SAMPLES = 150;
const SMALLEST_WEIGHT = 1e-3;
/** The differences between databases until samples show them. */
const ASSUMED_RATIOS = [0.7, 0.82, 0.91, 1, 1.1, 1.22, 1.43];

/** Finds the rates and fixed parts that explain the samples, beginning with what is assumed. */
export function fitStage(samples: readonly Sample[], assumed: AssumedStage): StageModel {
  const usable = thinned(samples.filter(({ bytes, seconds }) => bytes > 0 && seconds > 0));
  const candidates = candidateFits(assumed).map((fit) => ({ ...fit, weight: fit.weight + likelihood(fit, usable) }));
  const best = candidates.reduce((one, other) => (other.weight > one.weight ? other : one));
  const possible = candidates
    .map((fit) => ({ ...fit, weight: Math.exp(fit.weight - best.weight) }))
    .filter(({ weight }) => weight > SMALLEST_WEIGHT);
  const sum = possible.reduce((total, { weight }) => total + weight, 0);
  const finished = usable.filter(({ isRunning }) => isRunning !== true);
  return {
    best,
    fits: possible.map((fit) => ({ ...fit, weight: fit.weight / sum })),
    ratios: ratiosOf(best, finished),
    samples: samples.filter(({ isRunning }) => isRunning !== true).length,
  };
}

/** The modelled seconds, before what differs from database to database. */
export const stageSeconds = ({ overheadSeconds, secondsPerByte }: Fit, bytes: number): number =>
  overheadSeconds + secondsPerByte * bytes;

/** One of the possible fits, by their weights. @param share from 0 to 1 */
export function fitAt({ fits, best }: StageModel, share: number): Fit {
  let rest = share;
  return (
    fits.find(({ weight }) => {
      rest -= weight;
      return rest < 0;
    }) ?? best
  );
}

/** All combinations; the weights are logarithms of how likely they are without a sample. */
function candidateFits({ bytesPerSecond, overheadSeconds }: AssumedStage): Fit[] {
  const fits: Fit[] = [];
  for (let log = -FURTHEST; log <= FURTHEST; log += RATE_STEP)
    for (const multiple of OVERHEADS)
      fits.push({
        overheadSeconds: overheadSeconds * multiple,
        secondsPerByte: Math.exp(log) / bytesPerSecond,
        weight: -surprise(log / ASSUMED_SPREAD) - surprise(Math.log(multiple) / 0.7),
      });
  return fits;
}

/** As of a normal distribution near the middle, and linear further out, so that samples can contradict an assumption. */
const surprise = (deviations: number): number =>
  Math.abs(deviations) < 1.5 ? deviations ** 2 / 2 : 1.125 + 1.5 * (Math.abs(deviations) - 1.5);

function likelihood(fit: Fit, samples: readonly Sample[]): number {
  return samples.reduce((sum, { bytes, seconds, isRunning }) => {
    const difference = Math.log(seconds / stageSeconds(fit, bytes));
    // What still runs contradicts only fits by which it would have ended.
    return sum - (isRunning ? Math.max(0, difference) : Math.abs(difference)) / SCALE;
  }, 0);
}

function thinned<T>(samples: readonly T[]): T[] {
  const step = Math.ceil(samples.length / MOST_SAMPLES);
  return samples.filter((_, index) => index % step === 0);
}

function ratiosOf(best: Fit, finished: readonly Sample[]): number[] {
  const observed = finished.map(({ bytes, seconds }) => seconds / stageSeconds(best, bytes));
  // A few samples do not show the differences yet.
  const assumed = finished.length < 3 * ASSUMED_RATIOS.length ? ASSUMED_RATIOS : [];
  return [...observed, ...assumed].sort((one, other) => one - other);
}

/** The seconds of a stage that are likely, and between which eight of ten are. */
export function stageRange(model: StageModel, bytes: number): { low: number; likely: number; high: number } {
  const sorted = model.fits
    .map((fit) => ({ seconds: stageSeconds(fit, bytes), weight: fit.weight }))
    .sort((one, other) => one.seconds - other.seconds);
  const likely = stageSeconds(model.best, bytes);
  const spreadOut = (bound: number, ratio: number) => Math.exp(Math.hypot(Math.log(bound / likely), Math.log(ratio)));
  const low = weightedQuantile(sorted, 0.1);
  const high = weightedQuantile(sorted, 0.9);
  return {
    low: likely / spreadOut(Math.min(low, likely), quantile(model.ratios, 0.1)),
    likely,
    high: likely * spreadOut(Math.max(high, likely), quantile(model.ratios, 0.9)),
  };
}

function weightedQuantile(sorted: readonly { seconds: number; weight: number }[], share: number): number {
  let rest = share;
  const found = sorted.find(({ weight }) => {
    rest -= weight;
    return rest < 0;
  });
  return (found ?? sorted.at(-1))?.seconds ?? Number.NaN;
}
