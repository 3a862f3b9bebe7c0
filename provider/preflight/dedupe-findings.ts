import { isFaultOfEveryCall } from "../errors/fault-of-every-call";
import { type Finding, notChecked } from "./finding";

/**
 * The findings of one resource without repetitions. Checks that failed for the same reason are merged into one finding that lists them.
 */
export function dedupeFindings(findings: readonly Finding[]): Finding[] {
  const deduped: Finding[] = [];
  for (const finding of findings) {
    const at = deduped.findIndex((earlier) => hasSameCause(earlier, finding));
    const earlier = deduped[at];
    if (earlier === undefined) deduped.push(finding);
    else if (earlier.unchecked !== undefined && finding.unchecked !== undefined) {
      const what = `${earlier.unchecked.what}; ${finding.unchecked.what}`;
      deduped[at] = notChecked(what, earlier.unchecked.why, earlier.severity === "note" ? "note" : "warning");
    }
  }
  return deduped;
}

const hasSameCause = (one: Finding, other: Finding): boolean =>
  one.severity === other.severity &&
  one.code === other.code &&
  (one.unchecked === undefined
    ? one.message === other.message || isFaultOfEveryCall(one.code)
    : one.unchecked.why === other.unchecked?.why);
