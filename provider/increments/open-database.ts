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

/** Times that one run sends the call when it gets no answer; the token makes them one. */
const MAX_SENDS = 4;
/** Before the first look at an opening, which takes a minute rather than hours: nobody can work meanwhile. */
const FIRST_PAUSE_MS = 2_000;
/** The token may have 64 characters; this is as good as unique. */
const TOKEN_HEX_DIGITS = 40;

/**
 * The cutover: opens the database when nothing speaks against it, and waits until it is online. It cannot be undone.
 * @throws CUTOVER_NOT_READY, CUTOVER_UNSETTLED, and what a refusal or a failed opening means
 */
export async function openDatabase(job: Job, task: MigrateTask, plan: IncrementPlan): Promise<Followed> {
  requireReady(job, plan);
  return openReady(job, task);
}

/** Opens a database of which it is settled that it may be opened. @throws CUTOVER_UNSETTLED, and what a refusal means */
export async function openReady(job: Job, task: MigrateTask): Promise<Followed> {
  await sendOpening(job, task);
  try {
    const followed = await followTask(job, task, (status) => status === "online", FIRST_PAUSE_MS);
    if (followed === "reached") clearCutoverStatus(job);
    return followed;
  } catch (error) {
    // A further call needs a token of its own: this one's answer would be repeated without any effect.
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

/** Sent again after a fault without an answer: with the same token the service carries it out at most once. */
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
      // It may only mean that an earlier call has taken effect: looked at again before it counts.
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

/** The same for every run, so that a repeated call is one; another for each opening that has failed. */
export const openingToken = (instanceId: string, taskId: string, failedOpenings: number): string =>
  createHash("sha256")
    .update(`open/${instanceId}/${taskId}/${failedOpenings}`)
    .digest("hex")
    .slice(0, TOKEN_HEX_DIGITS);

async function isOpening({ inputs, session }: Job, { taskId }: MigrateTask): Promise<boolean> {
  const seen = await session.clients.rds(inputs).describeMigrateTask(inputs.instanceId, taskId);
  return seen !== undefined && ["running", "online"].includes(classifyTask(seen).kind);
}

/** Somebody has opened the database by another way, while its task does not say so. */
export async function isOpenAlready(job: Job): Promise<boolean> {
  const database = await findDatabase(job, job.session.clock.now());
  return database !== undefined && isOnline(database);
}
