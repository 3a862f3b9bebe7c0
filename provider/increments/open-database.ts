import { createHash } from "node:crypto";
import { classifyTask } from "../decisions/classify-task";
import { cutoverObstacles } from "../decisions/cutover-guard";
import type { IncrementPlan } from "../decisions/increment-plan";
import { isMigrationError, mayHaveBeenAccepted, migrationError } from "../errors/migration-error";
import { listedIncrements, pollIntervalMs } from "../model/inputs";
import type { MigrateTask } from "../model/migrate-task";
import { findDatabase, isOnline } from "../session/databases";
import type { Job } from "../session/job";
import { type Followed, followTask } from "../steps/follow-task";
import { chainOf, clearCutoverStatus, endOfChain } from "./chain-progress";

/** Times that one run sends the call when it gets no answer; the client token makes the service act once. */
const MAX_SENDS = 4;
/** Before the first poll of an opening, which takes a minute: the database is unavailable meanwhile. */
const FIRST_PAUSE_MS = 2_000;
/** The token may have 64 characters; 40 digits make it practically unique. */
const TOKEN_HEX_DIGITS = 40;

/**
 * The cutover: opens the database when it is ready, and waits until it is online. It cannot be undone.
 * @throws CUTOVER_NOT_READY, CUTOVER_UNSETTLED, and what a refusal or a failed opening means
 */
export async function openDatabase(job: Job, task: MigrateTask, plan: IncrementPlan): Promise<Followed> {
  requireReady(job, plan);
  return openReady(job, task);
}

/** Opens a database that is known to be ready. @throws CUTOVER_UNSETTLED, and what a refusal means */
export async function openReady(job: Job, task: MigrateTask): Promise<Followed> {
  await sendOpening(job, task);
  try {
    const followed = await followTask(job, task, (status) => status === "online", FIRST_PAUSE_MS);
    if (followed === "reached") clearCutoverStatus(job);
    return followed;
  } catch (error) {
    // The next call needs a new token: with this one the service would repeat its answer without any effect.
    if (job.progress.status === "failed") {
      const chain = chainOf(job);
      chain.failedOpenings = (chain.failedOpenings ?? 0) + 1;
    }
    throw error;
  }
}

/** @throws CUTOVER_NOT_READY */
function requireReady(job: Job, plan: IncrementPlan): void {
  const { inputs, progress } = job;
  const chain = chainOf(job);
  const end = endOfChain(chain);
  const reasons = cutoverObstacles({
    reachedLsn: BigInt(chain.reachedLsn ?? 0),
    listed: listedIncrements(inputs),
    gaps: plan.gaps,
    pending: plan.steps,
    ...(end === undefined ? {} : { end }),
    ...(inputs.cutover === undefined ? {} : { cutover: inputs.cutover }),
  });
  if (reasons.length > 0) throw migrationError("CUTOVER_NOT_READY", { database: progress.databaseName, reasons });
}

/** Sends the call again after a lost reply: with the same token the service acts at most once. */
async function sendOpening(job: Job, task: MigrateTask): Promise<void> {
  const { inputs, progress, session } = job;
  const { instanceId } = inputs;
  const { databaseName } = progress;
  const rds = session.clients.rds(inputs);
  const request = {
    instanceId,
    databaseName,
    taskId: task.taskId,
    checkDb: inputs.checkDb ?? "async",
    clientToken: openingToken(instanceId, task.taskId, chainOf(job).failedOpenings ?? 0),
  };
  let pauseMs = pollIntervalMs(inputs);
  for (let sends = 1; ; sends += 1) {
    job.signal.throwIfAborted();
    try {
      job.log.status(`opening ${databaseName}`);
      const { requestId } = await rds.openDatabase(request);
      job.log.info(`opens ${databaseName} (task ${task.taskId}, RequestId ${requestId ?? "?"})`);
      return;
    } catch (error) {
      if (!isMigrationError(error)) throw error;
      // The error may only mean that an earlier call has taken effect.
      if (await isOpening(job, task)) return;
      if (mayHaveBeenAccepted(error) && sends >= MAX_SENDS)
        throw migrationError(
          "CUTOVER_UNSETTLED",
          { database: databaseName, task: task.taskId, said: error.what },
          { cause: error },
        );
      if (!mayHaveBeenAccepted(error) && error.retry !== "passes") throw error;
      if (session.clock.now() + pauseMs > job.deadlineMs) throw error;
      await session.clock.sleep(pauseMs, job.signal);
      pauseMs *= 2;
    }
  }
}

/** The same in every run, so that a repeated call takes effect once; a new one after each failed opening. */
export const openingToken = (instanceId: string, taskId: string, failedOpenings: number): string =>
  createHash("sha256")
    .update(`open/${instanceId}/${taskId}/${failedOpenings}`)
    .digest("hex")
    .slice(0, TOKEN_HEX_DIGITS);

async function isOpening({ inputs, session }: Job, { taskId }: MigrateTask): Promise<boolean> {
  const task = await session.clients.rds(inputs).describeMigrateTask(inputs.instanceId, taskId);
  return task !== undefined && ["running", "online"].includes(classifyTask(task).kind);
}

/** Whether the database is open although its task does not show it, for example after an opening in the console. */
export async function isOpenAlready(job: Job): Promise<boolean> {
  const database = await findDatabase(job, job.session.clock.now());
  return database !== undefined && isOnline(database);
}
