import { migrationError } from "../errors/migration-error";
import { faultMessages } from "../model/arguments";
import type { CheckResult } from "../model/check-result";
import { knownOutcomeInputs, type Member, type OutcomeInputs, outcomeFaults } from "../model/outcome";
import type { PlainObject } from "../model/plain";
import { isUnknown } from "../model/unknown";
import type { HandlerContext } from "../session/handler-context";
import { describeDataAsOf } from "./data-as-of";
import { describePreviewForecast } from "./describe-preview-forecast";
import { findingsOf, memberUrn } from "./findings";
import { logSharedFindings } from "./shared-findings";

/**
 * Checks the outcome, after all migrations, because it depends on them. With `onFinding: "stop"` their findings fail the preview.
 * In an update the migrations are already recorded, so the outcome's own step fails instead.
 */
export async function checkOutcome(context: HandlerContext, news: PlainObject): Promise<CheckResult> {
  const faults = faultMessages(outcomeFaults(news));
  if (faults.length > 0) return { inputs: news, failures: faults.map((reason) => ({ property: "", reason })) };
  const { isPreview, log } = context;
  const inputs = knownOutcomeInputs(news);
  const { members = [], onFinding } = inputs;
  logSharedFindings(context, members);
  const findings = await findingsOf(context, inputs);
  if (isPreview) logDataAsOf(context, members);
  if (isPreview) logForecast(context, inputs);
  const checked = findings.length === 0 ? news : { ...news, findings };
  if (!isPreview || findings.length === 0) return { inputs: checked, failures: [] };
  const refused = findings.map(({ database, reasons }) => ({ database, reasons }));
  if (onFinding !== "isolate") {
    const { message } = migrationError("INSTANCE_FINDINGS", { refused, of: members.length });
    return { inputs: checked, failures: [{ property: "", reason: message }] };
  }
  const { message } = migrationError("INSTANCE_ISOLATED", { refused, of: members.length });
  log.warning(message);
  return { inputs: checked, failures: [] };
}

/** Logs the time range up to which the full backups contain the source's data. */
function logDataAsOf({ session, urn, log }: HandlerContext, members: readonly Member[]): void {
  const fullOnly = members.filter(({ phase }) => phase === undefined);
  const { dataAsOf: checked, findings, failing } = session.run;
  const known = fullOnly.map(({ name, database, dataAsOf, status }) => {
    const member = memberUrn(urn, name);
    const isRefused = (findings.get(member) ?? []).length > 0;
    return {
      database,
      dataAsOf: checked.get(member) ?? (isUnknown(dataAsOf) ? undefined : dataAsOf),
      isFailed: isRefused || failing.has(member) || status === "failed",
    };
  });
  const sentence = describeDataAsOf(known);
  if (sentence !== undefined) log.info(sentence);
}

/** Logs how long the databases that this run adds will take. Nothing is fetched for it. */
function logForecast(
  { session, log }: HandlerContext,
  { instanceId = "", members = [] }: Pick<Partial<OutcomeInputs>, "instanceId" | "members">,
): void {
  const added = [...(session.run.newDatabases.get(instanceId)?.values() ?? [])];
  const sentence = describePreviewForecast({ added, members, nowMs: session.clock.now() });
  if (sentence !== undefined) log.info(sentence);
}
