import { migrationError } from "../errors/migration-error";
import type { CheckResult } from "../model/check-result";
import type { PlainObject } from "../model/plain";
import { isUnknown } from "../model/unknown";
import type { Session } from "../session/session";
import { describeDataAsOf } from "./data-as-of";
import { findingsOf, memberUrn } from "./findings";
import type { OutcomeInputs } from "./outcome-inputs";

/**
 * Comes last, because the outcome depends on all migrations. Fails a preview for what was found about them (`onFinding:
 * "stop"`); in an update they are recorded by then, and the outcome's own step fails instead.
 */
export async function checkOutcome(session: Session, news: PlainObject): Promise<CheckResult> {
  const inputs = news as unknown as OutcomeInputs;
  const { members, preview, onFinding, resourceUrn } = inputs;
  const findings = await findingsOf(session, inputs);
  logDataAsOf(session, inputs);
  const checked = findings.length === 0 ? news : { ...news, findings };
  if (!preview || findings.length === 0) return { inputs: checked, failures: [] };
  const refused = findings.map(({ database, reasons }) => ({ database, reasons }));
  if (onFinding !== "isolate") {
    const { message } = migrationError("INSTANCE_FINDINGS", { refused, of: members.length });
    return { inputs: checked, failures: [{ property: "", reason: message }] };
  }
  const { message } = migrationError("INSTANCE_ISOLATED", { refused, of: members.length });
  session.engine.log("warning", resourceUrn, message);
  return { inputs: checked, failures: [] };
}

/** A preview of full backups says until when the source's writes are in them. */
function logDataAsOf(session: Session, { members, preview, resourceUrn = "" }: OutcomeInputs): void {
  if (!preview) return;
  const fullOnly = members.filter(({ phase }) => phase === undefined);
  const told = fullOnly.map(({ name, database, dataAsOf }) => ({
    database,
    dataAsOf: session.dataAsOf.get(memberUrn(resourceUrn, name)) ?? (isUnknown(dataAsOf) ? undefined : dataAsOf),
  }));
  const sentence = describeDataAsOf(told);
  if (sentence !== undefined) session.engine.log("info", resourceUrn, sentence);
}
