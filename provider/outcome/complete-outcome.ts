import { counted } from "../errors/message-text";
import { InitError } from "../model/init-error";
import { DEFAULT_TIMEOUT, timeoutMs } from "../model/inputs";
import type { ResourceLog } from "../model/log";
import {
  type DatabaseOutcome,
  type KnownMember,
  type OutcomeInputs,
  type OutcomeOutputs,
  parseOutcomeInputs,
} from "../model/outcome";
import { type PlainObject, toPlain } from "../model/plain";
import { STATUS_HINT } from "../model/status-command";
import type { HandlerContext } from "../session/handler-context";
import { describeFleetEnd } from "../steps/describe-end";
import { cleanUpOutcomes } from "./clean-up-outcomes";
import { describeDataAsOf } from "./data-as-of";
import { outcomeOfMember } from "./database-outcome";
import { followOutcomes } from "./follow-outcomes";
import { lastKnownReport } from "./last-known-report";
import { progressLog } from "./log-progress";
import { outcomeReport } from "./outcome-report";
import { isAsWanted } from "./plan-outcome";
import { retryReport, unreportedRetries } from "./retried-failures";

/**
 * Creates or updates an outcome: follows every database until it reaches the point of `wait`, and records the results.
 * @throws InitError with the table of all databases, when one of them does not reach it; the next `up` continues
 */
export async function completeOutcome(
  context: HandlerContext,
  hostInputs: PlainObject,
  recorded: readonly DatabaseOutcome[],
): Promise<{ id: string; outs: PlainObject }> {
  const { session, log, signal } = context;
  const inputs = parseOutcomeInputs(hostInputs);
  const { instanceId, members, findings = [], wait = "finished", timeout = DEFAULT_TIMEOUT } = inputs;
  const known = new Map(recorded.map((outcome) => [outcome.database, outcome]));
  const before = members.map((member) => outcomeOfMember(member, known.get(member.database)));
  const record = (all: readonly DatabaseOutcome[]) => {
    for (const outcome of all) session.fleet.record(instanceId, outcome.database, outcome);
  };
  record(before);
  let outcomes = before;
  let askedAtMs: number | undefined;
  const fail = (reason: string): InitError =>
    new InitError(instanceId, { __provider: hostInputs.__provider }, outputsOf(inputs, outcomes), [
      `${reason}\n${STATUS_HINT}`,
    ]);
  const onSeen = (refreshed: DatabaseOutcome[]) => {
    outcomes = refreshed;
    record(refreshed);
    askedAtMs = session.clock.now();
  };
  try {
    const deadlineMs = session.clock.now() + timeoutMs(inputs);
    const logProgress = progressLog(context, members, before, () => describeFleetEnd(session, instanceId));
    const following = { session, log, inputs, signal, deadlineMs, onSeen, logProgress };
    outcomes = await followOutcomes(following, before, wait);
    outcomes = await cleanUpOutcomes(following, members, before, outcomes);
  } catch (error) {
    throw fail(lastKnownReport(error, { instance: instanceId, outcomes, askedAtMs }));
  }
  const retries = unreportedRetries(members, known);
  if (findings.length > 0 || outcomes.some((outcome) => !isAsWanted(outcome, wait))) {
    throw fail(outcomeReport({ instance: instanceId, outcomes, members, findings, retries, wait, timeout }));
  }
  if (retries.length > 0) throw fail(retryReport(instanceId, outcomes, retries));
  const sentence = describeDataAsOf(
    outcomes
      .filter(({ phase }) => phase === undefined)
      .map(({ database, dataAsOf, status }) => ({ database, dataAsOf, isFailed: status === "failed" })),
  );
  if (sentence !== undefined) log.info(sentence);
  for (const outcome of outcomes) logNewWarnings(log, outcome, members);
  if (inputs.isRehearsal) logLeftDatabases(log, instanceId, outcomes);
  return { id: instanceId, outs: toPlain(outputsOf(inputs, outcomes)) };
}

const outputsOf = (inputs: Omit<OutcomeInputs, "members">, summary: DatabaseOutcome[]): OutcomeOutputs => {
  const { instanceId, region, profile, assumeRoleArn } = inputs;
  return { instanceId, region, profile, assumeRoleArn, summary };
};

/** Logs the databases that a rehearsal has restored. This package drops no database. */
function logLeftDatabases(log: ResourceLog, instance: string, outcomes: readonly DatabaseOutcome[]): void {
  const names = outcomes.filter(({ status }) => status !== "planned").map(({ database }) => database);
  const first = `rehearsal: ${counted(names.length, "database")} to drop on ${instance}; nothing was dropped`;
  log.info([first, ...names].join("\n"));
}

/** Logs the warnings that the migration's own row has not shown. */
function logNewWarnings(
  log: ResourceLog,
  { database, warnings }: DatabaseOutcome,
  members: readonly KnownMember[],
): void {
  const logged = members.find((member) => member.database === database)?.warnings ?? [];
  for (const warning of warnings.filter((each) => !logged.includes(each))) log.warning(`${database}: ${warning}`);
}
