import { counted } from "../errors/message-text";
import { faultMessages } from "../model/arguments";
import type { CheckResult } from "../model/check-result";
import { knownOutcomeInputs, type Member, outcomeFaults } from "../model/outcome";
import type { PlainObject } from "../model/plain";
import type { HandlerContext } from "../session/handler-context";
import { memberFindings, memberUrn } from "./findings";
import { logSharedFindings } from "./shared-findings";

/** Checks the outcome, after all migrations, because it depends on them. Their findings become the input `findings`. */
export async function checkOutcome(context: HandlerContext, news: PlainObject): Promise<CheckResult> {
  const faults = faultMessages(outcomeFaults(news));
  if (faults.length > 0) return { inputs: news, failures: faults.map((reason) => ({ property: "", reason })) };
  const { members = [], wave } = knownOutcomeInputs(news);
  logSharedFindings(context, members, wave?.name);
  logPlanned(context, members);
  const findings = memberFindings(context, members);
  return { inputs: findings.length === 0 ? news : { ...news, findings }, failures: [] };
}

/** Logs how many databases wait for their wave, and for what. */
function logPlanned({ session, urn, log }: HandlerContext, members: readonly Member[]): void {
  const reasons = members.flatMap(({ name }) => session.run.waiting.get(memberUrn(urn, name)) ?? []);
  for (const reason of new Set(reasons)) {
    const count = reasons.filter((each) => each === reason).length;
    log.info(`${counted(count, "database is", "databases are")} planned: ${reason}`);
  }
}
