import { z } from "zod";
import type { TestResult } from "./sdk-suite";

const group = z.strictObject({
  /** "not emulated" names a row of emulator/README.md; "limit of the run" names what the run lacks. */
  reason: z.enum(["not emulated", "limit of the run"]),
  because: z.string().min(1),
  /** These tests pass in some runs. */
  unstable: z.boolean().default(false),
  tests: z.array(z.string()).min(1),
});

/** The failures that one version of an SDK is known for. All other tests pass. */
export const expectedResultsSchema = z.strictObject({
  sdk: z.string(),
  version: z.string(),
  /** How many tests pass, without the unstable ones. */
  passed: z.int(),
  failed: z.array(group),
});

export type ExpectedResults = z.infer<typeof expectedResultsSchema>;

export interface Comparison {
  passed: number;
  /** Failures by reason, those without one last. */
  explained: { reason: string; because: string; failed: number }[];
  /** Failures that no group lists. */
  unexplained: TestResult[];
  /** Listed failures that passed, were skipped or did not run: the list is out of date. */
  outdated: string[];
  /** How many tests the list says pass, when another number did. */
  expectedPassed?: number;
  skipped: number;
}

export function compareResults(results: readonly TestResult[], expected: ExpectedResults | undefined): Comparison {
  const groups = expected?.failed ?? [];
  const failed = new Map(results.filter(({ outcome }) => outcome === "failed").map((result) => [result.test, result]));
  const listed = new Set(groups.flatMap(({ tests }) => tests));
  const unstable = new Set(groups.flatMap((group) => (group.unstable ? group.tests : [])));
  const passed = results.filter(({ outcome }) => outcome === "passed");
  const stablePassed = passed.filter(({ test }) => !unstable.has(test)).length;
  return {
    passed: passed.length,
    expectedPassed: expected?.passed === stablePassed ? undefined : expected?.passed,
    skipped: results.filter(({ outcome }) => outcome === "skipped").length,
    explained: groups.map(({ reason, because, tests }) => ({
      reason,
      because,
      failed: tests.filter((test) => failed.has(test)).length,
    })),
    unexplained: [...failed.values()].filter(({ test }) => !listed.has(test)),
    outdated: [...listed].filter((test) => !failed.has(test) && !unstable.has(test)),
  };
}
