import { classifyTask } from "../decisions/classify-task";
import { writtenAfter } from "../decisions/increment-plan";
import { type NextIncrement, planNextIncrement } from "../decisions/next-increment";
import { counted } from "../errors/message-text";
import { isMigrationError, migrationError } from "../errors/migration-error";
import { taskErrorCode } from "../errors/task-errors";
import { parseDurationMs } from "../model/duration";
import { type ChainStart, nameOfFile } from "../model/increment";
import { listedIncrements, phaseOf } from "../model/inputs";
import type { MigrateTask } from "../model/migrate-task";
import { type Job, warn } from "../session/job";
import { type Followed, followTask } from "../steps/follow-task";
import { findPosition, hasRestoredFull } from "./chain-position";
import { chainOf, updateCutoverStatus } from "./chain-progress";
import { chainFaults } from "./check-increments";
import { loadIncrements } from "./load-increments";
import { isOpenAlready, openDatabase } from "./open-database";
import { applyIncrement } from "./send-increment";

/**
 * Continues a full backup that was submitted for increments: waits for it, finds out what the task has restored, applies the
 * fewest files that reach the newest LSN, and opens the database when the program asks for it. Each step checks the service
 * before it acts, so a run may start and be killed at any point.
 */
export async function runChain(job: Job, first: MigrateTask): Promise<Followed> {
  const { inputs, progress } = job;
  const start = await loadIncrements(job, first);
  const idle = await waitUntilIdle(job, first);
  if (idle === "timedOut") return idle;
  if (progress.status === "online") {
    warnLateFiles(job);
    return "reached";
  }
  if (progress.status === "submitted" || (progress.status === "restoring" && inputs.wait === "submitted"))
    return "reached";
  return applyAll(job, idle, start);
}

/** Follows the task until it waits or has ended. A failed increment does not throw here, but where its file is known. */
async function waitUntilIdle(job: Job, first: MigrateTask): Promise<MigrateTask | "timedOut"> {
  const { inputs, progress, session } = job;
  const isIdle = (status: string) =>
    status === "online" || status === "waitingForIncrements" || (inputs.wait === "submitted" && status !== "uploaded");
  try {
    if ((await followTask(job, first, isIdle)) === "timedOut") return "timedOut";
  } catch (error) {
    const isTaskFailure = isMigrationError(error) && progress.status === "failed";
    if (!isTaskFailure || !(await hasRestoredFull(job, first.taskId))) throw error;
  }
  return (await session.clients.rds(inputs).describeMigrateTask(inputs.instanceId, first.taskId)) ?? first;
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
  let step = plan();
  let current = task;
  for (; step.kind === "send"; step = plan()) {
    if ((await applyIncrement(job, current, step.next)) === "timedOut") return "timedOut";
    current = { ...current, status: "Waiting", description: "" };
  }
  // Only the task's own status shows whether an increment has ended it or it still waits.
  if (classifyTask(current).kind !== "failed") progress.status = "waitingForIncrements";
  updateCutoverStatus(job, step.plan);
  const [fault] = chainFaults(step.plan, progress.databaseName);
  if (step.kind === "deferred") logDeferred(job, step);
  else if (fault !== undefined) throw fault;
  if (phaseOf(inputs) === "restoring") return finishRestoring(job, current);
  if (step.kind === "deferred") {
    const values = { database: progress.databaseName, left: step.plan.steps.length, until: utc(step.untilMs) };
    throw migrationError("INCREMENTS_LIMITED", values);
  }
  return openDatabase(job, current, step.plan);
}

/** Updates the position of a database that waits for increments; sends nothing. */
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

/** The result while the phase is restoring. A failed task without a new file throws its failure again. */
async function finishRestoring(job: Job, task: MigrateTask): Promise<Followed> {
  if (classifyTask(task).kind !== "failed") return "reached";
  // A person may have opened it in the console.
  if (await isOpenAlready(job)) {
    job.progress.status = "online";
    return "reached";
  }
  const { databaseName: database } = job.progress;
  const file = chainOf(job).files.at(-1);
  if (file?.state !== "failed") {
    // The opening by a cutover group or in the console failed, not a file.
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

function logDeferred(job: Job, { plan, why, untilMs }: Extract<NextIncrement, { kind: "deferred" }>): void {
  const names = plan.steps.map(({ file }) => nameOfFile(file));
  const reason =
    why === "interval" ? "minInterval" : "the calls that one database may take a day, less four for the cutover";
  const count = counted(names.length, "increment is", "increments are");
  job.log.info(`${count} left until ${utc(untilMs)}.\nLimit: ${reason}. Files: ${names.join(", ")}`);
}

/** Warns of files that were written on the source after the cutover: their changes are not in the database. */
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
