import type { FaultCase } from "./fault-case";

export interface DrawnCase {
  seed: number;
  fault: FaultCase;
}

/** A prime, so that it has no common factor with the number of cases. Consecutive seeds then reach every case, in mixed order. */
const STRIDE = 7_919;

/**
 * Selects `runs` cases with consecutive seeds that start at `seed`. A seed determines the case and all randomness in it, so
 * `--seed N --runs 1` replays a run. N consecutive seeds cover N cases once each.
 */
export function drawCases(cases: readonly FaultCase[], seed: number, runs = cases.length): DrawnCase[] {
  return Array.from({ length: runs }, (_, index) => {
    const caseSeed = seed + index;
    const fault = cases[(((caseSeed * STRIDE) % cases.length) + cases.length) % cases.length];
    if (fault === undefined) throw new Error("no cases to select from");
    return { seed: caseSeed, fault };
  });
}
