import { readBaseline } from "../../provider/source/baseline";
import { detailedFindings } from "../../provider/source/baseline-findings";
import { BASELINE_CASES } from "../../testing/baseline/baseline-cases";
import { baselineText } from "../../testing/baseline/baseline-text";

/** A finding of a baseline with example values. */
export interface BaselineExample {
  code: string;
  severity: "error" | "warning";
  /** The message without its remedy. */
  example: string;
  remedy: string;
}

const exampleOf = ([
  code,
  records,
  destination = { engineVersion: "2019_std_ha" },
]: (typeof BASELINE_CASES)[number]) => {
  const source = readBaseline(baselineText(records), "baseline.json");
  const found = detailedFindings(source, destination).find((finding) => finding.code === code);
  if (found === undefined) throw new Error(`the case of ${code} does not find it`);
  const { severity, message, remedy } = found;
  return { code, severity, example: message.slice(0, -remedy.length).trimEnd(), remedy };
};

/** One example for each code that a baseline can report. */
export const baselineExamples = (): BaselineExample[] =>
  [...new Map(BASELINE_CASES.toReversed().map((each) => [each[0], exampleOf(each)])).values()].reverse();
