/** A duration in seconds: eight of ten true values should be between `low` and `high`. */
export interface Range {
  low: number;
  likely: number;
  high: number;
}

const LOW = 0.1;
const HIGH = 0.9;

/** The range of simulated values, which are not empty. */
export function rangeOf(values: readonly number[]): Range {
  const sorted = [...values].sort((one, other) => one - other);
  return { low: quantile(sorted, LOW), likely: quantile(sorted, 0.5), high: quantile(sorted, HIGH) };
}

/** @param sorted ascending; not empty */
export function quantile(sorted: readonly number[], share: number): number {
  const place = (sorted.length - 1) * share;
  const below = sorted[Math.floor(place)] ?? Number.NaN;
  const above = sorted[Math.ceil(place)] ?? Number.NaN;
  return below + (above - below) * (place - Math.floor(place));
}

/** @param values not empty */
export const median = (values: readonly number[]): number =>
  quantile(
    [...values].sort((one, other) => one - other),
    0.5,
  );
