import type { FaultCase } from "./fault-case";

export interface DrawnCase {
  seed: number;
  fault: FaultCase;
}

/** Prime, so that it shares no factor with a number of cases: consecutive seeds then meet all cases, far apart. */
const STRIDE = 7_919;

/**
 * `runs` cases, with seeds from `seed` on. A seed stands for one case and for everything that is random in it, so that a run
 * is replayed by its seed and `--runs 1`; as many consecutive seeds as there are cases meet each of them once.
 */
export function drawCases(cases: readonly FaultCase[], seed: number, runs = cases.length): DrawnCase[] {
  return Array.from({ length: runs }, (_, index) => {
    const own = seed + index;
    const fault = cases[(((own * STRIDE) % cases.length) + cases.length) % cases.length];
    if (fault === undefined) throw new Error("there are no cases to draw from");
    return { seed: own, fault };
  });
}
