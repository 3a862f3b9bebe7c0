import type { ErrorCode } from "../errors/catalogue";
import { type Finding, notChecked } from "./finding";

/** Faults of the credentials, whichever call meets them: what is said of one call holds for all. */
const OF_THE_CREDENTIALS: readonly string[] = [
  "ACCESS_KEY_UNKNOWN",
  "SIGNATURE_REFUSED",
  "TOKEN_EXPIRED",
  "CLOCK_SKEWED",
] satisfies ErrorCode[];

/** The same findings without repetitions: one cause that kept several looks from being made is told once, with all of them. */
export function dedupeFindings(findings: readonly Finding[]): Finding[] {
  const condensed: Finding[] = [];
  for (const finding of findings) {
    const at = condensed.findIndex((earlier) => hasSameCause(earlier, finding));
    const earlier = condensed[at];
    if (earlier === undefined) condensed.push(finding);
    else if (earlier.unchecked !== undefined && finding.unchecked !== undefined) {
      const what = `${earlier.unchecked.what}; ${finding.unchecked.what}`;
      condensed[at] = notChecked(what, earlier.unchecked.why, earlier.severity === "note" ? "note" : "warning");
    }
  }
  return condensed;
}

const hasSameCause = (one: Finding, other: Finding): boolean =>
  one.severity === other.severity &&
  one.code === other.code &&
  (one.unchecked === undefined ? OF_THE_CREDENTIALS.includes(one.code) : one.unchecked.why === other.unchecked?.why);
