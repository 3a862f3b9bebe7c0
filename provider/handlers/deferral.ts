import { recordFailure } from "../decisions/failure-notice";
import { causeKey } from "../errors/fault-of-every-call";
import { codeOfMessage } from "../errors/message-text";
import { isMigrationError, type MigrationError } from "../errors/migration-error";
import type { CheckResult } from "../model/check-result";
import { failureOfFindings } from "../model/failure-of-findings";
import { failureText } from "../model/failure-text";
import { InitError } from "../model/init-error";
import { knownInputs, type MigrationInputs, type Refusal, repeatedInputs } from "../model/inputs";
import { existsInCloud, type Failure, migrationId, parseOutputs, readableOutputs } from "../model/outputs";
import { type PlainObject, toPlain } from "../model/plain";
import type { HandlerContext } from "../session/handler-context";
import type { Session } from "../session/session";
import { describeFailure } from "../steps/failure";
import { check, isNew } from "./check";
import { logOncePerRun } from "./check-run";
import { create } from "./create";
import { update } from "./update";

/**
 * In Pulumi a failure stops every step that has not started, so one bad database would stop all others. The migrations of an
 * InstanceMigration therefore *defer* their failures: findings of check and errors of create and update are logged under the
 * resource and recorded, and the step succeeds. The instance's outcome depends on all of them and fails in their place. A
 * stand-alone migration throws its errors itself.
 */

/** Checks any migration. The findings of a deferred one are logged and written to the run record and to the input `refused`. */
export async function checkDeferring(
  context: HandlerContext,
  olds: PlainObject,
  news: PlainObject,
): Promise<CheckResult> {
  if (news.deferred !== true) return check(context, olds, news);
  const { urn, session } = context;
  const { discoveryFault } = knownInputs(news);
  const before = knownInputs(olds);
  const isNewMigration = isNew(before);
  const isRecorded = discoveryFault !== undefined && !isNewMigration;
  const result = await check(context, olds, isRecorded ? withRecordedBackup(news, before) : news);
  if (isRecorded) context.log.warning(discoveryFault);
  const found = result.failures.map(({ reason }) => reason);
  const reasons = discoveryFault !== undefined && isNewMigration ? reasonsWith(discoveryFault, found) : found;
  session.run.findings.set(urn, reasons);
  if (reasons.length === 0) return result;
  for (const reason of reasons) logOnce(context, reason);
  // A refused database uses no space on the instance and does not count towards its limit, so later checks leave it out.
  for (const added of session.run.newDatabases.values()) added.delete(urn);
  const refused: Refusal = { reasons, isNew: isNewMigration };
  return { inputs: { ...result.inputs, refused }, failures: [] };
}

/**
 * The inputs of a migration that has sent its backup already: the files that the program finds today are at fault, so the
 * recorded backup stays. A half-copied file must not change a finished migration.
 */
function withRecordedBackup(news: PlainObject, { backup, manifest }: Partial<MigrationInputs>): PlainObject {
  const { discoveryFault: _fault, backup: _backup, manifest: _manifest, ...others } = news;
  return { ...others, ...(backup === undefined ? {} : { backup }), ...(manifest === undefined ? {} : { manifest }) };
}

/** Without a usable backup, the check of the chosen file finds what the discovery's fault already says. */
const reasonsWith = (discoveryFault: string, found: readonly string[]): string[] =>
  codeOfMessage(discoveryFault) === "CHAIN_NO_FULL" ? [discoveryFault] : [discoveryFault, ...found];

/**
 * Logs a reason in full under the first resource that has it; later resources only refer to that one. The outcome logs a reason
 * that is about all databases, under the InstanceMigration.
 */
function logOnce({ session, log, urn }: HandlerContext, reason: string): void {
  const { firstLoggedUnder, sharedFindings } = session.run;
  const code = codeOfMessage(reason);
  if (code !== undefined && sharedFindings.get(urn)?.some(({ message }) => message === reason)) {
    log.errorReference(`${code}: the same for all databases; see the row of the InstanceMigration.`);
    return;
  }
  const key = causeKey(reason);
  const first = firstLoggedUnder.get(key) ?? urn;
  firstLoggedUnder.set(key, first);
  const isRepeated = first !== urn && code !== undefined;
  if (isRepeated) log.errorReference(`${code}: the same as under ${nameOf(first)}.`);
  else log.error(reason);
}

/** The last part of a URN. */
const nameOf = (urn: string): string => urn.slice(urn.lastIndexOf("::") + 2);

type CreateResult = { id: string; outs: PlainObject };

/** Creates any migration. A refused one sends nothing. */
export async function createDeferring(context: HandlerContext, hostInputs: PlainObject): Promise<CreateResult> {
  if (hostInputs.deferred !== true) return create(context, hostInputs);
  const { session } = context;
  const { refused, waitsFor } = knownInputs(hostInputs);
  if (refused !== undefined) return recordFailed(session, hostInputs, failureOfFindings(refused.reasons));
  if (waitsFor !== undefined) return recordPlanned(hostInputs, waitsFor);
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

/** Updates any migration. If the changed inputs are refused, the record stays as it is. */
export async function updateDeferring(
  context: HandlerContext,
  olds: PlainObject,
  hostInputs: PlainObject,
): Promise<{ outs: PlainObject }> {
  if (hostInputs.deferred !== true) return update(context, olds, hostInputs);
  const { refused, waitsFor } = knownInputs(hostInputs);
  if (refused?.isNew) return recordFailed(context.session, hostInputs, failureOfFindings(refused.reasons));
  if (refused !== undefined) return { outs: toPlain(olds) };
  if (waitsFor !== undefined && !existsInCloud(readableOutputs(olds))) return recordPlanned(hostInputs, waitsFor);
  try {
    return await update(context, olds, hostInputs);
  } catch (error) {
    if (context.signal.aborted) throw error;
    if (error instanceof InitError) return recordInitError(context, error);
    const failure = describeFailure(error);
    logFailure(context, failure);
    return { outs: toPlain({ ...olds, ...recordFailure(readableOutputs(olds), failure) }) };
  }
}

/** Records a failed migration for which nothing exists in the cloud. Its inputs may be invalid, so they are recorded unparsed. */
function recordFailed(session: Session, hostInputs: PlainObject, failure: Failure): CreateResult {
  const { instanceId, databaseName } = hostInputs;
  const startedAt = new Date(session.clock.now()).toISOString();
  const outs = toPlain({ ...repeatedInputs(hostInputs), status: "failed", startedAt, warnings: [], failure });
  return { id: migrationId(String(instanceId), String(databaseName)), outs };
}

/** Records a migration whose wave has not begun: nothing was sent for it. */
function recordPlanned(hostInputs: PlainObject, waitsFor: string): CreateResult {
  const { instanceId, databaseName } = hostInputs;
  const outs = toPlain({ ...repeatedInputs(hostInputs), status: "planned", statusText: waitsFor, warnings: [] });
  return { id: migrationId(String(instanceId), String(databaseName)), outs };
}

/** Returns the outputs of an init error as a success, so that the engine saves the same state. */
function recordInitError(context: HandlerContext, error: InitError): CreateResult {
  const recorded = parseOutputs(error.properties);
  if (isMigrationError(error.cause) && error.cause.code === "API_DAILY_LIMIT_INSTANCE")
    return recordForNextRun(context, error, error.cause);
  for (const reason of error.reasons) logOnce(context, reason);
  const isNothingSent = recorded.failure !== undefined && !existsInCloud(recorded);
  return { id: error.id, outs: isNothingSent ? { ...error.properties, status: "failed" } : error.properties };
}

/**
 * Records a backup that is uploaded and that the instance accepts no more today, when several runners or a large fleet have used the
 * quota up. It is not a failure: the next run submits it.
 */
function recordForNextRun(
  context: HandlerContext,
  { id, properties }: InitError,
  refusal: MigrationError,
): CreateResult {
  const { failure: _failure, firstFailure: _first, ...outs } = properties;
  logOncePerRun({ context }, `${refusal.code}: ${refusal.what} What is left is sent by the next pulumi up.`, "info");
  return { id, outs: { ...outs, status: "planned", statusText: refusal.summary } };
}

const logFailure = (context: HandlerContext, failure: Failure): void => logOnce(context, failureText(failure));
