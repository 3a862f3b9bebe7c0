import { faultMessages } from "../model/arguments";
import type { CheckResult } from "../model/check-result";
import { knownOutcomeInputs, outcomeFaults } from "../model/outcome";
import type { PlainObject } from "../model/plain";
import type { HandlerContext } from "../session/handler-context";
import { memberFindings } from "./findings";
import { logSharedFindings } from "./shared-findings";

/** Checks the outcome, after all migrations, because it depends on them. Their findings become the input `findings`. */
export async function checkOutcome(context: HandlerContext, news: PlainObject): Promise<CheckResult> {
  const faults = faultMessages(outcomeFaults(news));
  if (faults.length > 0) return { inputs: news, failures: faults.map((reason) => ({ property: "", reason })) };
  const { members = [] } = knownOutcomeInputs(news);
  logSharedFindings(context, members);
  const findings = memberFindings(context, members);
  return { inputs: findings.length === 0 ? news : { ...news, findings }, failures: [] };
}
