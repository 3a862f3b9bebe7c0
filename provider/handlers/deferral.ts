import { codeOfMessage, messageText, parseMessage } from "../errors/message-text";
import { InitError } from "../model/init-error";
import type { MigrationInputs, Refusal } from "../model/inputs";
import { type Failure, type MigrationOutputs, migrationId } from "../model/outputs";
import { type PlainObject, toPlain } from "../model/plain";
import type { Session } from "../session/session";
import { describeFailure } from "../steps/failure";
import { type CheckResult, check, isNew } from "./check";
import { existsInCloud } from "./converge";
import { create } from "./create";
import { update } from "./update";

/**
 * In Pulumi any failure stops every step that has not started, so one bad database would stop all others. A migration that
 * an InstanceMigration declares therefore *defers*: what check finds and what create or update fail with is logged as an
 * error under its own row and recorded, and the resource's step succeeds. The instance's outcome, which depends on all of
 * them, fails in their place. A stand-alone migration throws its own.
 */

/** Check of any migration. The findings of a deferred one go to the log, the session and the input `refused`. */
export async function checkDeferring(session: Session, olds: PlainObject, news: PlainObject): Promise<CheckResult> {
  const result = await check(session, olds, news);
  if (news.deferred !== true) return result;
  const inputs: Partial<MigrationInputs> = news;
  const urn = inputs.resourceUrn ?? "";
  const isNewMigration = isNew(olds);
  const reasons = result.failures.map(({ reason }) => reason);
  if (inputs.discoveryFault !== undefined && isNewMigration) reasons.unshift(inputs.discoveryFault);
  session.findings.set(urn, reasons);
  if (reasons.length === 0) return result;
  for (const reason of reasons) logOnce(session, urn, reason);
  // What is refused takes no space and no place on the instance: those behind it are judged without it.
  for (const added of session.newDatabases.values()) added.delete(urn);
  const refused: Refusal = { reasons, isNew: isNewMigration };
  return { inputs: { ...result.inputs, refused }, failures: [] };
}

/** What is the same for five hundred databases is told in full under the first, and named under the others. */
function logOnce(session: Session, urn: string | undefined, reason: string): void {
  const first = session.firstLoggedUnder.get(reason) ?? urn;
  if (first !== undefined) session.firstLoggedUnder.set(reason, first);
  const code = codeOfMessage(reason);
  const isRepeated = first !== undefined && first !== urn && code !== undefined;
  session.engine.log("error", urn, isRepeated ? `${code}: the same as under ${nameOf(first)}.` : reason);
}

/** The last part of a URN. */
const nameOf = (urn: string): string => urn.slice(urn.lastIndexOf("::") + 2);

type Handled = { id: string; outs: PlainObject };

/** Create of any migration. Nothing of a refused one is sent. */
export async function createDeferring(
  session: Session,
  signal: AbortSignal,
  hostInputs: PlainObject,
): Promise<Handled> {
  if (hostInputs.deferred !== true) return create(session, signal, hostInputs);
  const { refused } = hostInputs as Partial<MigrationInputs>;
  if (refused !== undefined) return recordFailed(session, hostInputs, failureOf(refused.reasons));
  try {
    return await create(session, signal, hostInputs);
  } catch (error) {
    if (signal.aborted) throw error;
    if (error instanceof InitError) return recordInitError(session, error);
    const failure = describeFailure(error);
    logFailure(session, hostInputs.resourceUrn, failure);
    return recordFailed(session, hostInputs, failure);
  }
}

/** Update of any migration. What is wrong with changed inputs leaves the record as it was. */
export async function updateDeferring(
  session: Session,
  signal: AbortSignal,
  olds: PlainObject,
  hostInputs: PlainObject,
): Promise<{ outs: PlainObject }> {
  if (hostInputs.deferred !== true) return update(session, signal, olds, hostInputs);
  const { refused } = hostInputs as Partial<MigrationInputs>;
  if (refused?.isNew) return recordFailed(session, hostInputs, failureOf(refused.reasons));
  if (refused !== undefined) return { outs: toPlain(olds) };
  try {
    return await update(session, signal, olds, hostInputs);
  } catch (error) {
    if (signal.aborted) throw error;
    if (error instanceof InitError) return recordInitError(session, error);
    const failure = describeFailure(error);
    logFailure(session, hostInputs.resourceUrn, failure);
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

/** What an init error would have saved, saved as a success. */
function recordInitError(session: Session, error: InitError): Handled {
  const recorded = error.properties as unknown as MigrationOutputs;
  for (const reason of error.reasons) logOnce(session, recorded.resourceUrn, reason);
  const begunNothing = recorded.failure !== undefined && !existsInCloud(recorded);
  return { id: error.id, outs: begunNothing ? { ...error.properties, status: "failed" } : error.properties };
}

function logFailure(session: Session, urn: unknown, failure: Failure): void {
  logOnce(session, typeof urn === "string" ? urn : undefined, messageText({ ...failure, what: failure.cause }));
}

/** The reasons of check as a failure: the code and the remedy of the first. Once the cause is gone, the next `up` begins. */
export function failureOf(reasons: readonly string[]): Failure {
  const [first = "", ...others] = reasons;
  const { code, what, remedy } = parseMessage(first) ?? { code: "UNEXPECTED", what: first, remedy: "" };
  return { code, cause: [what, ...others].join("\n"), remedy, retry: "afterFix", retryable: true };
}
