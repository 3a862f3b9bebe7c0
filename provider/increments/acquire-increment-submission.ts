import { randomUUID } from "node:crypto";
import type { ObjectFacts } from "../aliyun/object-store";
import { migrationError } from "../errors/migration-error";
import { type Increment, nameOfFile } from "../model/increment";
import { adoptedTask, listedIncrements, pollIntervalMs } from "../model/inputs";
import type { TaskFile } from "../model/migrate-task";
import type { Job } from "../session/job";
import { tryAcquire } from "../steps/acquire-submission";
import { openLock, releaseLock } from "../submission-lock/job-locks";
import { type FoundLock, type HeldLock, isHeld } from "../submission-lock/lock-store";
import { chainOf } from "./chain-progress";
import { isNamedBy } from "./increment-object";

/** Between two looks at somebody's claim; milliseconds. */
const LONGEST_PAUSE_MS = 2_000;

export interface IncrementSubmission {
  job: Job;
  taskId: string;
  increment: Increment;
  object: ObjectFacts;
}

/** Whether this run may send the file, or the task has it already. `claim` is undefined where none can be written. */
export type Acquisition = { kind: "taken" } | { kind: "send"; claim: HeldLock | undefined };

/**
 * Waits for the right to send a file to its task: the call takes no client token, so it is claimed first (claim/claim.ts),
 * then the task's files are looked at, in this order. Where the edition does not list files, a claim that carries the task's
 * id says that the call was accepted; one without it, that nobody knows.
 * @throws INCREMENT_UNSETTLED, CLAIM_HELD
 */
export async function acquireIncrementSubmission(turn: IncrementSubmission): Promise<Acquisition> {
  const { job, object, increment } = turn;
  const { inputs, session, progress } = job;
  const { instanceId } = inputs;
  const place = { bucket: object.bucket, objectKey: object.key, instanceId, databaseName: progress.databaseName };
  const desk = openLock(job, inputs, place);
  const wish = { crc64: object.crc64, writer: randomUUID() };
  let taken = await tryAcquire(job, () => desk.take(wish));
  for (;;) {
    const held = taken !== undefined && isHeld(taken) ? taken : undefined;
    const files = await filesNow(turn).catch(async (error) => {
      await releaseLock(desk, held);
      throw error;
    });
    // Each entry beyond the failures that are known is a call that was accepted.
    if (files !== undefined && files.length > knownFailures(turn)) {
      await releaseLock(desk, held);
      return { kind: "taken" };
    }
    if (taken === undefined || isHeld(taken)) return { kind: "send", claim: held };
    const found: FoundLock = taken;
    const verdict = classifyFound(turn, found, files !== undefined);
    if (verdict.kind === "taken") return verdict;
    if (verdict.kind === "void") {
      taken = await tryAcquire(job, () => desk.take(wish, found));
      continue;
    }
    const { clock } = session;
    if (clock.now() + verdict.ms > job.deadlineMs) {
      throw migrationError("CLAIM_HELD", {
        database: progress.databaseName,
        instance: instanceId,
        claim: `oss://${place.bucket}/${desk.key(found.generation)}`,
        claimedAt: found.claim?.claimedAt ?? `${Math.round(found.ageMs / 1000)} s ago`,
      });
    }
    job.log.status(`waiting for another run that has claimed ${increment.file}, or for the end of its claim`);
    await clock.sleep(Math.min(pollIntervalMs(inputs), verdict.ms, LONGEST_PAUSE_MS), job.signal);
    taken = await tryAcquire(job, () => desk.take(wish));
  }
}

/** What the service lists under the object's name; undefined where the edition does not list files. */
export async function entriesOf({ job, taskId, object }: IncrementSubmission): Promise<TaskFile[] | undefined> {
  const { inputs, session } = job;
  const files = await session.clients.rds(inputs).listTaskFiles(inputs.instanceId, taskId);
  return files?.filter(({ fileName }) => fileName === nameOfFile(object.key));
}

/** The same, and the last moment at which a run that is told to stop has sent nothing. */
async function filesNow(turn: IncrementSubmission): Promise<TaskFile[] | undefined> {
  const files = await entriesOf(turn);
  turn.job.signal.throwIfAborted();
  return files;
}

export const knownFailures = ({ job, object }: IncrementSubmission): number =>
  chainOf(job).files.filter(({ state, objectKey }) => state === "failed" && objectKey === object.key).length;

type FoundLockDecision = { kind: "taken" } | { kind: "void" } | { kind: "wait"; ms: number };

/** @throws INCREMENT_UNSETTLED */
function classifyFound(
  turn: IncrementSubmission,
  { claim, generation, ageMs }: FoundLock,
  listIsComplete: boolean,
): FoundLockDecision {
  const { job, taskId, increment, object } = turn;
  const { voidAfterMs } = job.session.lockTimes;
  // It says how a call went whose failure is known, or that of other bytes under this key.
  if (generation <= knownFailures(turn)) return { kind: "void" };
  if (claim?.taskId === taskId && claim.crc64 === object.crc64 && !listIsComplete) return { kind: "taken" };
  if (ageMs < voidAfterMs) return { kind: "wait", ms: voidAfterMs - ageMs };
  if (listIsComplete) return { kind: "void" };
  const settled = settledByUser(turn);
  if (settled !== undefined) return { kind: settled };
  const said = `${job.inputs.instanceId} does not list a task's files, and an earlier run did not record an answer`;
  const database = job.progress.databaseName;
  throw migrationError("INCREMENT_UNSETTLED", { file: increment.file, database, task: taskId, said });
}

/** What `adopt: "<id>/<last file>"` says of this file. */
function settledByUser({ job, increment }: IncrementSubmission): "taken" | "void" | undefined {
  const lastFile = adoptedTask(job.inputs)?.lastFile;
  if (lastFile === undefined) return undefined;
  const isLast = (each: Increment) => nameOfFile(each.file) === lastFile || isNamedBy(each, lastFile);
  const last = listedIncrements(job.inputs).find(isLast);
  const full = nameOfFile(job.progress.objectKey ?? "");
  const lastLsn = last?.lastLsn ?? (lastFile === full ? "0" : chainLsn(job, lastFile));
  return lastLsn !== undefined && BigInt(increment.lastLsn) <= BigInt(lastLsn) ? "taken" : "void";
}

const chainLsn = (job: Job, name: string): string | undefined =>
  chainOf(job).files.find(({ objectKey, source }) => source === name || nameOfFile(objectKey) === name)?.lastLsn;
