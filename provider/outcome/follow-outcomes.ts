import type { DatabaseFacts } from "../aliyun/rds-api";
import { FORGOTTEN_AFTER_MS } from "../decisions/classify-task";
import { withSpentRetry } from "../decisions/failure-notice";
import { taskPollPause } from "../decisions/poll-pause";
import { isMigrationError, migrationError } from "../errors/migration-error";
import { pollIntervalMs, type WaitPoint } from "../model/inputs";
import type { ResourceLog } from "../model/log";
import { isSameName } from "../model/names";
import type { DatabaseOutcome, OutcomeInputs } from "../model/outcome";
import { isOnline } from "../session/databases";
import { SERVICE_SECOND_MS } from "../session/lookups";
import { pollUntil } from "../session/poll-until";
import type { Session } from "../session/session";
import { explainFailure } from "../steps/explain-failure";
import { describeFailure } from "../steps/failure";
import { isUnderWay, outcomeAfterFetch } from "./database-outcome";

/** A run of the outcome resource, and its deadline. */
export interface Following {
  session: Session;
  log: ResourceLog;
  inputs: Omit<OutcomeInputs, "members">;
  signal: AbortSignal;
  deadlineMs: number;
  /** Called after each fetch, so that a run that ends between two fetches loses nothing. */
  onSeen: (outcomes: DatabaseOutcome[]) => void;
  /** Called after each fetch, to log the progress. */
  logProgress: (outcomes: readonly DatabaseOutcome[]) => void;
}

/**
 * Follows all databases together until none is under way, the deadline passes or the run ends. Each poll fetches one list
 * of the instance's tasks, whatever the number of databases.
 */
export async function followOutcomes(
  following: Following,
  first: readonly DatabaseOutcome[],
  wait: WaitPoint,
): Promise<DatabaseOutcome[]> {
  if (wait !== "finished") return noteAccessibility(following, first, first);
  const { session, inputs, signal, deadlineMs, onSeen, logProgress } = following;
  const { clock } = session;
  const { value: last } = await pollUntil(first, {
    fetchNext: async (previous, pauseMs) => {
      const outcomes = await fetchAllTasks(following, previous, clock.now() - pauseMs / 2);
      onSeen(outcomes);
      logProgress(outcomes);
      return outcomes;
    },
    isDone: (outcomes) => !outcomes.some(isUnderWay),
    hasChanged: (previous, outcomes) => !isEqual(previous, outcomes),
    fetchesAtOnce: true,
    pause: taskPollPause({ firstMs: pollPauseMs(inputs) }),
    deadlineMs,
    clock,
    signal,
  });
  return noteAccessibility(following, first, last);
}

/** The first pause between two polls; milliseconds. */
export const pollPauseMs = pollIntervalMs;

/** Fetches the tasks of all databases that are under way; they share one list. */
export const fetchAllTasks = (where: Where, outcomes: readonly DatabaseOutcome[], notBeforeMs: number) =>
  fetchTasks(where, outcomes, isUnderWay, notBeforeMs);

/** The instance whose tasks are fetched. */
export interface Where {
  session: Session;
  inputs: Omit<OutcomeInputs, "members">;
}

/** Fetches the tasks of the selected databases; the other outcomes stay as they are. */
export function fetchTasks(
  { session, inputs }: Where,
  outcomes: readonly DatabaseOutcome[],
  isSelected: (outcome: DatabaseOutcome, index: number) => boolean,
  notBeforeMs: number,
): Promise<DatabaseOutcome[]> {
  const taskList = session.lookups.taskList(inputs, inputs.instanceId);
  return Promise.all(
    outcomes.map(async (outcome, index) => {
      const { migrateTaskId, startedAt } = outcome;
      if (!isSelected(outcome, index) || migrateTaskId === undefined) return outcome;
      const now = session.clock.now();
      const createdAtMs = Date.parse(startedAt ?? "") || now;
      const task = await taskList.find(migrateTaskId, { createdAtMs, notBeforeMs });
      if (task !== undefined)
        return withExplanation({ session, scope: inputs, notBeforeMs }, outcomeAfterFetch(outcome, task, now));
      if (createdAtMs > now - FORGOTTEN_AFTER_MS) return outcome;
      const databases = await session.lookups.databases(inputs, inputs.instanceId, notBeforeMs);
      return outcomeOfForgotten(outcome, migrateTaskId, inputs.instanceId, databases);
    }),
  );
}

async function withExplanation(
  where: Parameters<typeof explainFailure>[0],
  outcome: DatabaseOutcome,
): Promise<DatabaseOutcome> {
  const { failure, retriedAfter } = outcome;
  if (failure === undefined) return outcome;
  return { ...outcome, failure: withSpentRetry(await explainFailure(where, failure), retriedAfter) };
}

/** The database shows the result of a task that the service has forgotten. */
function outcomeOfForgotten(
  outcome: DatabaseOutcome,
  task: string,
  instance: string,
  databases: readonly DatabaseFacts[],
): DatabaseOutcome {
  const { database } = outcome;
  const found = databases.find(({ name }) => isSameName(name, database));
  if (found === undefined) {
    const failure = describeFailure(migrationError("TASK_FORGOTTEN", { task, database, instance }));
    return { ...outcome, status: "failed", failure };
  }
  if (!isOnline(found)) return outcome;
  const warning = `The service no longer knows migration task ${task}; ${database} is online on ${instance}, so it is recorded as finished.`;
  return { ...outcome, status: "online", warnings: [...outcome.warnings, warning] };
}

/** Warns of databases that went online but are not accessible: `Success` means only that the task has ended. */
async function noteAccessibility(
  { session, log, inputs }: Following,
  before: readonly DatabaseOutcome[],
  after: readonly DatabaseOutcome[],
): Promise<DatabaseOutcome[]> {
  const ended = new Set(after.filter((each, index) => each.status === "online" && before[index]?.status !== "online"));
  if (ended.size === 0) return [...after];
  const lastEndMs = Math.max(...[...ended].map(({ finishedAt }) => Date.parse(finishedAt ?? "") || 0));
  try {
    const now = session.clock.now();
    const list = await session.lookups.databases(
      inputs,
      inputs.instanceId,
      Math.min(now, lastEndMs + SERVICE_SECOND_MS),
    );
    return after.map((each) => (ended.has(each) ? withAccessibility(each, inputs.instanceId, list) : each));
  } catch (error) {
    if (!isMigrationError(error)) throw error;
    // The migrations have succeeded, so a failed check does not fail them. The next refresh checks again.
    const message = `not checked: whether the databases on ${inputs.instanceId} are accessible. ${error.message}`;
    log.info(message);
    return [...after];
  }
}

function withAccessibility(
  outcome: DatabaseOutcome,
  instance: string,
  databases: readonly DatabaseFacts[],
): DatabaseOutcome {
  const found = databases.find(({ name }) => isSameName(name, outcome.database));
  if (found === undefined || isOnline(found)) return outcome;
  const { message } = migrationError("ONLINE_NOT_ACCESSIBLE", {
    database: outcome.database,
    instance,
    status: found.status,
  });
  return { ...outcome, warnings: [...outcome.warnings, message] };
}

const isEqual = (one: readonly DatabaseOutcome[], other: readonly DatabaseOutcome[]): boolean =>
  one.every((each, index) => each.status === other[index]?.status && each.statusText === other[index]?.statusText);
