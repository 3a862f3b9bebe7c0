import type { ErrorCode } from "../errors/catalogue";
import { type Finding, notChecked } from "./finding";

/** Faults of the credentials and the region. They are the same for every call, so one finding is enough. */
const FAULTS_OF_EVERY_CALL: readonly string[] = [
  "ACCESS_KEY_UNKNOWN",
  "SIGNATURE_REFUSED",
  "TOKEN_EXPIRED",
  "CLOCK_SKEWED",
  "REGION_INVALID",
] satisfies ErrorCode[];

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
    ? one.message === other.message || FAULTS_OF_EVERY_CALL.includes(one.code)
    : one.unchecked.why === other.unchecked?.why);
