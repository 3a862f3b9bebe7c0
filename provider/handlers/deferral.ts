import { codeOfMessage, messageText, parseMessage } from "../errors/message-text";
import type { CheckResult } from "../model/check-result";
import { InitError } from "../model/init-error";
import { knownInputs, type Refusal } from "../model/inputs";
import { existsInCloud, type Failure, migrationId, parseOutputs } from "../model/outputs";
import { type PlainObject, toPlain } from "../model/plain";
import type { HandlerContext } from "../session/handler-context";
import type { Session } from "../session/session";
import { describeFailure } from "../steps/failure";
import { check, isNew } from "./check";
import { create } from "./create";
import { update } from "./update";

/**
 * In Pulumi any failure stops every step that has not started, so one bad database would stop all others. A migration that
 * an InstanceMigration declares therefore *defers*: what check finds and what create or update fail with is logged as an
 * error under its own row and recorded, and the resource's step succeeds. The instance's outcome, which depends on all of
 * them, fails in their place. A stand-alone migration throws its own.
 */

/** Check of any migration. The findings of a deferred one go to the log, the run record and the input `refused`. */
export async function checkDeferring(
  context: HandlerContext,
  olds: PlainObject,
  news: PlainObject,
): Promise<CheckResult> {
  const result = await check(context, olds, news);
  if (news.deferred !== true) return result;
  const { urn, session } = context;
  const { discoveryFault } = knownInputs(news);
  const isNewMigration = isNew(olds);
  const reasons = result.failures.map(({ reason }) => reason);
  if (discoveryFault !== undefined && isNewMigration) reasons.unshift(discoveryFault);
  session.run.findings.set(urn, reasons);
  if (reasons.length === 0) return result;
  for (const reason of reasons) logOnce(context, reason);
  // A refused database takes no space and no place on the instance: the later ones are checked without it.
  for (const added of session.run.newDatabases.values()) added.delete(urn);
  const refused: Refusal = { reasons, isNew: isNewMigration };
  return { inputs: { ...result.inputs, refused }, failures: [] };
}

/** Logs what is the same for five hundred databases in full under the first; the others refer to it. */
function logOnce({ session, log, urn }: HandlerContext, reason: string): void {
  const { firstLoggedUnder } = session.run;
  const first = firstLoggedUnder.get(reason) ?? urn;
  firstLoggedUnder.set(reason, first);
  const code = codeOfMessage(reason);
  const isRepeated = first !== urn && code !== undefined;
  log.error(isRepeated ? `${code}: the same as under ${nameOf(first)}.` : reason);
}

/** The last part of a URN. */
const nameOf = (urn: string): string => urn.slice(urn.lastIndexOf("::") + 2);

type Handled = { id: string; outs: PlainObject };

/** Create of any migration. A refused one sends nothing. */
export async function createDeferring(context: HandlerContext, hostInputs: PlainObject): Promise<Handled> {
  if (hostInputs.deferred !== true) return create(context, hostInputs);
  const { session } = context;
  const { refused } = knownInputs(hostInputs);
  if (refused !== undefined) return recordFailed(session, hostInputs, failureOf(refused.reasons));
  try {
    return await create(context, hostInputs);
  } catch (error) {
    if (context.signal.aborted) throw error;
    if (error instanceof InitError) return recordInitError(context, error);
    const failure = describeFailure(error);
    logFailure(context, failure);
    return recordFailed(session, hostInputs, failure);
  }
}

/** Update of any migration. A fault of changed inputs leaves the record as it was. */
export async function updateDeferring(
  context: HandlerContext,
  olds: PlainObject,
  hostInputs: PlainObject,
): Promise<{ outs: PlainObject }> {
  if (hostInputs.deferred !== true) return update(context, olds, hostInputs);
  const { refused } = knownInputs(hostInputs);
  if (refused?.isNew) return recordFailed(context.session, hostInputs, failureOf(refused.reasons));
  if (refused !== undefined) return { outs: toPlain(olds) };
  try {
    return await update(context, olds, hostInputs);
  } catch (error) {
    if (context.signal.aborted) throw error;
    if (error instanceof InitError) return recordInitError(context, error);
    const failure = describeFailure(error);
    logFailure(context, failure);
    return { outs: toPlain({ ...olds, failure }) };
  }
}

/** A migration for which nothing exists in the cloud. Its inputs may be what is wrong, so they are recorded as they are. */
function recordFailed(session: Session, hostInputs: PlainObject, failure: Failure): Handled {
  const { instanceId, databaseName } = hostInputs;
  const startedAt = new Date(session.clock.now()).toISOString();
  const outs = toPlain({ ...hostInputs, status: "failed", startedAt, warnings: [], failure });
  return { id: migrationId(String(instanceId), String(databaseName)), outs };
}

/** Saves what an init error would have saved, as a success. */
function recordInitError(context: HandlerContext, error: InitError): Handled {
  const recorded = parseOutputs(error.properties);
  for (const reason of error.reasons) logOnce(context, reason);
  const begunNothing = recorded.failure !== undefined && !existsInCloud(recorded);
  return { id: error.id, outs: begunNothing ? { ...error.properties, status: "failed" } : error.properties };
}

const logFailure = (context: HandlerContext, failure: Failure): void =>
  logOnce(context, messageText({ ...failure, what: failure.cause }));

/** The reasons of check as a failure: the code and the remedy of the first. Once the cause is gone, the next `up` begins. */
export function failureOf(reasons: readonly string[]): Failure {
  const [first = "", ...others] = reasons;
  const { code, what, remedy } = parseMessage(first) ?? { code: "UNEXPECTED", what: first, remedy: "" };
  return { code, cause: [what, ...others].join("\n"), remedy, retry: "afterFix", retryable: true };
}
