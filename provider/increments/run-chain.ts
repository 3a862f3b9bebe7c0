import { classifyTask } from "../decisions/classify-task";
import { writtenAfter } from "../decisions/increment-plan";
import { type NextIncrement, planNextIncrement } from "../decisions/next-increment";
import { isMigrationError, migrationError } from "../errors/migration-error";
import { taskErrorCode } from "../errors/task-errors";
import { parseDurationMs } from "../model/duration";
import { type ChainStart, nameOfFile } from "../model/increment";
import { listedIncrements, phaseOf } from "../model/inputs";
import type { MigrateTask } from "../model/migrate-task";
import { type Job, warn } from "../session/job";
import { type Followed, followTask } from "../steps/follow-task";
import { findPosition, hasTakenFull } from "./chain-position";
import { chainOf, updateCutoverStatus } from "./chain-progress";
import { chainFaults } from "./check-increments";
import { loadIncrements } from "./load-increments";
import { isOpenAlready, openDatabase } from "./open-database";
import { applyIncrement } from "./send-increment";

/**
 * What follows a full backup that was submitted for increments: waits for it, finds out what the task has taken, applies
 * the fewest files that reach the newest LSN, one after the other, and opens the database when the program asks for it.
 * Each step looks before it acts, so it may begin anywhere and be killed anywhere.
 */
export async function runChain(job: Job, first: MigrateTask): Promise<Followed> {
  const { inputs, progress } = job;
  const start = await loadIncrements(job, first);
  const rested = await rest(job, first);
  if (rested === "timedOut") return rested;
  if (progress.status === "online") {
    warnLateFiles(job);
    return "reached";
  }
  if (progress.status === "submitted" || (progress.status === "restoring" && inputs.wait === "submitted"))
    return "reached";
  return applyAll(job, rested, start);
}

/** Follows the task until it waits or has ended; an increment that ended it is judged where its file is known. */
async function rest(job: Job, first: MigrateTask): Promise<MigrateTask | "timedOut"> {
  const { inputs, progress, session } = job;
  const isThere = (status: string) =>
    status === "online" || status === "waitingForIncrements" || (inputs.wait === "submitted" && status !== "uploaded");
  try {
    if ((await followTask(job, first, isThere)) === "timedOut") return "timedOut";
  } catch (error) {
    const isTaskFailure = isMigrationError(error) && progress.status === "failed";
    if (!isTaskFailure || !(await hasTakenFull(job, first.taskId))) throw error;
  }
  const seen = await session.clients.rds(inputs).describeMigrateTask(inputs.instanceId, first.taskId);
  return seen ?? first;
}

async function applyAll(job: Job, task: MigrateTask, start: ChainStart): Promise<Followed> {
  const { inputs, progress, session } = job;
  const chain = chainOf(job);
  await findPosition(job, task, start);
  const roundStartMs = session.clock.now();
  const plan = (): NextIncrement =>
    planNextIncrement({
      chain,
      start,
      listed: listedIncrements(inputs),
      phase: phaseOf(inputs),
      minIntervalMs: inputs.minInterval === undefined ? undefined : parseDurationMs(inputs.minInterval),
      roundStartMs,
      nowMs: session.clock.now(),
    });
  let round = plan();
  let current = task;
  for (; round.kind === "send"; round = plan()) {
    if ((await applyIncrement(job, current, round.next)) === "timedOut") return "timedOut";
    current = { ...current, status: "Waiting", description: "" };
  }
  // A task that an increment has ended can only be told apart from one that waits by what it says itself.
  if (classifyTask(current).kind !== "failed") progress.status = "waitingForIncrements";
  updateCutoverStatus(job, round.plan);
  const [fault] = chainFaults(round.plan, progress.databaseName);
  if (round.kind === "deferred") warnLeftovers(job, round);
  else if (fault !== undefined) throw fault;
  if (phaseOf(inputs) === "restoring") return settleRestoring(job, current);
  if (round.kind === "deferred") {
    const values = { database: progress.databaseName, left: round.plan.steps.length, until: utc(round.untilMs) };
    throw migrationError("INCREMENTS_LIMITED", values);
  }
  return openDatabase(job, current, round.plan);
}

/** How far a database that waits has come; nothing is sent. */
export async function fetchChainPosition(job: Job, task: MigrateTask, start: ChainStart): Promise<void> {
  await findPosition(job, task, start);
  const { inputs, session } = job;
  const nowMs = session.clock.now();
  const listed = listedIncrements(inputs);
  const chain = chainOf(job);
  const phase = phaseOf(inputs);
  const { plan } = planNextIncrement({
    chain,
    start,
    listed,
    phase,
    minIntervalMs: undefined,
    roundStartMs: nowMs,
    nowMs,
  });
  updateCutoverStatus(job, plan);
}

/** A failed task that nothing new was sent to stays failed: said again as it was. */
async function settleRestoring(job: Job, task: MigrateTask): Promise<Followed> {
  if (classifyTask(task).kind !== "failed") return "reached";
  // Somebody may have opened it in the console.
  if (await isOpenAlready(job)) {
    job.progress.status = "online";
    return "reached";
  }
  const { databaseName: database } = job.progress;
  const file = chainOf(job).files.at(-1);
  if (file?.state !== "failed") {
    // Not a file, but the opening by a group or in the console.
    const { taskId, description } = task;
    throw migrationError(taskErrorCode(description), { database, taskId, description });
  }
  throw migrationError("INCREMENT_FAILED", {
    file: file.source ?? nameOfFile(file.objectKey),
    database,
    task: task.taskId,
    description: task.description,
    supply: `Supply a file that continues at LSN ${chainOf(job).reachedLsn ?? "?"}.`,
  });
}

function warnLeftovers(job: Job, { plan, why, untilMs }: Extract<NextIncrement, { kind: "deferred" }>): void {
  const names = plan.steps.map(({ file }) => nameOfFile(file));
  const reason =
    why === "interval" ? "minInterval" : "the calls that one database may take a day, less four for the cutover";
  const count = names.length === 1 ? "1 increment is" : `${names.length} increments are`;
  job.log.info(`${count} left until ${utc(untilMs)} (${reason}): ${names.join(", ")}`);
}

/** The database was opened; what was written on the source since is not in it. */
export function warnLateFiles(job: Job): void {
  const { progress, inputs } = job;
  const lsn = progress.chain?.reachedLsn ?? inputs.chainStart?.lastLsn;
  if (lsn === undefined) return;
  const late = writtenAfter(BigInt(lsn), listedIncrements(inputs));
  const [named] = late.filter((each) => each.named === true);
  const { databaseName: database } = progress;
  if (named !== undefined) throw migrationError("INCREMENT_AFTER_CUTOVER", { database, file: named.file });
  if (late.length === 0) return;
  const values = { database, files: late.map(({ file }) => file), lsn };
  warn(job, migrationError("SOURCE_WRITTEN_AFTER", values).message);
}

const utc = (ms: number): string => new Date(ms).toISOString().replace(/\.\d+Z$/, "Z");
