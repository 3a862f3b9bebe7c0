/** A duration in seconds: eight of ten true values should be between `low` and `high`. */
export interface Range {
  low: number;
  likely: number;
  high: number;
}

const LOW = 0.1;
const HIGH = 0.9;

/**
 * The range of simulated values, which are not empty. A further value of the same kind is inside with the promised chance: between the
 * outer values of n there are n - 1 of the n + 1 places where it can be.
 */
export function rangeOf(values: readonly number[]): Range {
  const sorted = Float64Array.from(values).sort();
  const shareOf = (chance: number) =>
    sorted.length === 1 ? 0.5 : Math.min(1, Math.max(0, ((sorted.length + 1) * chance - 1) / (sorted.length - 1)));
  return { low: quantile(sorted, shareOf(LOW)), likely: quantile(sorted, 0.5), high: quantile(sorted, shareOf(HIGH)) };
}

/** @param sorted ascending; not empty */
export function quantile(sorted: ArrayLike<number>, share: number): number {
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
