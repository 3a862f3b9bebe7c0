import { migrationError } from "../errors/migration-error";
import { knownOutcomeInputs, type Member, type MemberFindings, type OutcomeInputs } from "../model/outcome";
import type { PlainObject } from "../model/plain";
import { isUnknown } from "../model/unknown";
import type { HandlerContext } from "../session/handler-context";
import { describeDataAsOf } from "./data-as-of";
import { describePreviewForecast } from "./describe-preview-forecast";
import { memberFindings, memberUrn, withTotals } from "./findings";

/**
 * Logs the time up to which the backups contain the source's data and how long the migrations will take, and reports the findings.
 * With `onFinding: "stop"` they fail the preview; of several waves the last one reports those of all. In an update the migrations are
 * already recorded, so the outcome's own step fails instead.
 * @throws INSTANCE_FINDINGS
 */
export async function previewOutcome(context: HandlerContext, news: PlainObject): Promise<void> {
  const inputs = knownOutcomeInputs(news);
  const { members = [], wave } = inputs;
  logDataAsOf(context, members);
  if (wave?.isLast === false) return;
  const all = [...(wave?.earlier ?? []), ...members];
  const findings = await withTotals(context, { ...inputs, findings: memberFindings(context, all) });
  if (findings.length > 0) reportFindings(context, inputs, { findings, of: all.length });
  logForecast(context, inputs);
}

/** @throws INSTANCE_FINDINGS with `onFinding: "stop"`: a preview that fails migrates nothing */
function reportFindings(
  context: HandlerContext,
  { onFinding }: Partial<OutcomeInputs>,
  { findings, of }: { findings: readonly MemberFindings[]; of: number },
): void {
  const refused = findings.map(({ database, reasons }) => ({ database, reasons }));
  if (onFinding !== "isolate") throw migrationError("INSTANCE_FINDINGS", { refused, of });
  context.log.warning(migrationError("INSTANCE_ISOLATED", { refused, of }).message);
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
