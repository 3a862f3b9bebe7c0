import { randomUUID } from "node:crypto";
import type { ObjectFacts } from "../aliyun/object-store";
import type { CreateTaskRequest, RdsApi } from "../aliyun/rds-api";
import { PollPause } from "../decisions/poll-pause";
import { isMigrationError, type MigrationError, mayHaveBeenAccepted, migrationError } from "../errors/migration-error";
import { pollIntervalMs } from "../model/inputs";
import type { Job } from "../session/job";
import { pollUntil } from "../session/poll-until";
import { openLock, recordTaskId, releaseLock } from "./job-locks";
import { type FoundLock, type HeldLock, isHeld, type LockStore } from "./lock-store";

/** Checks of the service after a lost reply, before the call counts as not accepted. */
const RECONCILE_ATTEMPTS = 4;
/** Before the first of these checks; each later pause is twice as long, so that together they take a minute. */
const RECONCILE_PAUSE_MS = 4_000;
/** Times that one run sends a call when nothing shows that it was accepted. */
const MAX_SENDS = 3;

export type CreateTaskReply = Awaited<ReturnType<RdsApi["createMigrateTask"]>>;

/** What the lock of another run means: the result exists, the lock no longer counts, or its writer may still send. */
export type FoundLockDecision<T> = { kind: "existing"; value: T } | { kind: "expired" } | { kind: "wait"; ms: number };

/** One use of CreateMigrateTask: what differs between a full backup and an increment. `T` is what an accepted call yields. */
export interface Submission<T extends { taskId: string }> {
  readonly job: Job;
  /** The object that the call names. */
  readonly object: ObjectFacts;
  /** Between two checks while another run holds the lock. */
  readonly lockPause: PollPause;
  /** What the service shows of an earlier call. `lock` is undefined when another run holds it, or none can be written. */
  findExisting(lock: HeldLock | undefined): Promise<T | undefined>;
  /** Called when `findExisting` found nothing. @throws when only a person can decide */
  decideFoundLock(found: FoundLock, store: LockStore): Promise<FoundLockDecision<T>>;
  /** Fetches what the call needs. `lock` is undefined where none can be written. */
  prepareRequest(lock: HeldLock | undefined): Promise<CreateTaskRequest>;
  /** Records and logs an accepted call. */
  recordReply(reply: CreateTaskReply): T;
  /** After a lost reply: one check whether the service accepted the call. Throws when the run has ended and it shows nothing. */
  findAccepted(): Promise<T | undefined>;
  /** After these checks found nothing. The lock is released before the call is sent again at once. */
  retryAfterLostReply(): Promise<"atOnce" | "afterLockExpires" | "never">;
  /** The error when nobody can know whether the call was accepted. */
  unknownOutcome(cause: MigrationError): MigrationError;
  /** After a refusal: what the conflicting call has created, or undefined to send again. @throws what the refusal means */
  resolveRefusal(error: MigrationError): Promise<T | undefined>;
}

/**
 * Sends CreateMigrateTask at most once for an object and a destination, or finds what an earlier call has created. The call
 * takes no client token, so a submission lock in the bucket takes its place: acquire the lock, check the service, send the
 * call, record the task id in the lock. In this order: a task created before the lock already appears in the task list.
 * @throws CLAIM_HELD, and what the submission throws
 */
export async function submitOnce<T extends { taskId: string }>(submission: Submission<T>): Promise<T> {
  const { job, object } = submission;
  const { inputs, session, progress } = job;
  const { instanceId } = inputs;
  const { databaseName } = progress;
  const store = openLock(job, inputs, { bucket: object.bucket, objectKey: object.key, instanceId, databaseName });
  let sends = 0;
  /** A lock of this run under which nothing was sent, and which is too old to be removed: the next one follows it. */
  let unused: FoundLock | undefined;
  for (;;) {
    const acquired = await acquireSubmission(submission, store, unused);
    if (acquired.kind === "existing") return acquired.value;
    const { lock } = acquired;
    const prepared = await prepareToSend(submission, store, lock);
    if (prepared === undefined) {
      unused = await releaseLock(store, lock);
      continue;
    }
    const { request, beforeSend } = prepared;
    try {
      const { taskId } = request;
      const destination = taskId === undefined ? instanceId : `task ${taskId}`;
      job.log.status(`submitting ${object.bucket}/${object.key} to ${destination}`);
      // Record the reply before any await, so that a cancelled run keeps the task id.
      const value = submission.recordReply(await session.clients.rds(inputs).createMigrateTask(request, beforeSend));
      await recordTaskId(store, lock, value.taskId);
      return value;
    } catch (error) {
      if (!isMigrationError(error)) throw error;
      if (prepared.isWithheld) {
        unused = await releaseLock(store, lock);
        continue;
      }
      unused = undefined;
      if (mayHaveBeenAccepted(error)) {
        sends += 1;
        const accepted = await reconcileLostReply(submission, error);
        if (accepted !== undefined) {
          await recordTaskId(store, lock, accepted.taskId);
          return accepted;
        }
        const retry = await submission.retryAfterLostReply();
        if (retry === "atOnce") await releaseLock(store, lock);
        if (retry === "never" || sends >= MAX_SENDS) throw submission.unknownOutcome(error);
      } else {
        await releaseLock(store, lock);
        const conflicting = await submission.resolveRefusal(error);
        if (conflicting !== undefined) return conflicting;
        sends = 0;
      }
    }
  }
}

/** Whether this run may send the call, or the result exists already. `lock` is undefined where none can be written. */
type Acquisition<T> = { kind: "existing"; value: T } | { kind: "send"; lock: HeldLock | undefined };

/** Waits until this run may send the call, or the result of an earlier call exists. @throws CLAIM_HELD at the deadline */
async function acquireSubmission<T extends { taskId: string }>(
  submission: Submission<T>,
  store: LockStore,
  unused: FoundLock | undefined,
): Promise<Acquisition<T>> {
  const { job, object, lockPause: pause } = submission;
  const { clock } = job.session;
  const writer = randomUUID();
  const attempt = (after?: FoundLock) => tryAcquire(submission, store, { crc64: object.crc64, writer }, after);
  const { value } = await pollUntil(await attempt(unused), {
    fetchNext: () => attempt(),
    // A wait that would end after the deadline is not begun.
    isDone: (attempted) => attempted.kind !== "wait" || clock.now() + attempted.ms > job.deadlineMs,
    pause,
    longestPauseMs: (attempted) => (attempted.kind === "wait" ? attempted.ms : Number.POSITIVE_INFINITY),
    clock,
    signal: job.signal,
  });
  if (value.kind === "wait") throw migrationError("CLAIM_HELD", store.errorValues(value.found));
  return value;
}

/** One attempt; an expired lock is followed at once. */
async function tryAcquire<T extends { taskId: string }>(
  submission: Submission<T>,
  store: LockStore,
  request: { crc64: string | undefined; writer: string },
  after: FoundLock | undefined,
): Promise<Acquisition<T> | { kind: "wait"; ms: number; found: FoundLock }> {
  const { job } = submission;
  let expired = after;
  for (;;) {
    const lock = await acquireLock(job, store, request, expired);
    const held = lock !== undefined && isHeld(lock) ? lock : undefined;
    const existing = await releaseOnError(store, held, () => {
      job.signal.throwIfAborted();
      return submission.findExisting(held);
    });
    if (existing !== undefined) {
      await releaseLock(store, held);
      return { kind: "existing", value: existing };
    }
    if (lock === undefined || isHeld(lock)) return { kind: "send", lock: held };
    const decision = await submission.decideFoundLock(lock, store);
    if (decision.kind === "existing") return decision;
    if (decision.kind === "wait") {
      job.log.status(`waiting for another run that holds the submission lock of ${store.target.objectKey}`);
      return { ...decision, found: lock };
    }
    expired = lock;
  }
}

/** Undefined where the bucket may only be read. It is logged once a run; the task list and RDS's refusals must suffice then. */
async function acquireLock(
  { session, log }: Job,
  store: LockStore,
  request: { crc64: string | undefined; writer: string },
  after: FoundLock | undefined,
): Promise<HeldLock | FoundLock | undefined> {
  const { bucket } = store.target;
  if (session.run.bucketsWithoutLocks.has(bucket)) return undefined;
  try {
    return await store.acquire(request, after);
  } catch (error) {
    if (!isMigrationError(error) || error.code !== "OSS_ACCESS_DENIED") throw error;
    session.run.bucketsWithoutLocks.add(bucket);
    log.warning(
      `${bucket} may not be written to, so this run leaves no submission locks there.
Only the task list and RDS's refusals keep two runs at once from creating two tasks. ${error.message}`,
    );
    return undefined;
  }
}

interface PreparedCall {
  request: CreateTaskRequest;
  /** Withholds the call when the lock is no longer valid on the open connection: opening it takes time too. */
  beforeSend?: () => void;
  isWithheld: boolean;
}

/** The call, when it may be sent now; undefined when the lock is no longer valid. */
async function prepareToSend<T extends { taskId: string }>(
  submission: Submission<T>,
  store: LockStore,
  lock: HeldLock | undefined,
): Promise<PreparedCall | undefined> {
  return releaseOnError(store, lock, async () => {
    submission.job.signal.throwIfAborted();
    const request = await submission.prepareRequest(lock);
    const call: PreparedCall = { request, isWithheld: false };
    if (lock === undefined) return call;
    const maySend = await store.confirm(lock);
    if (maySend === undefined) return undefined;
    call.beforeSend = () => {
      call.isWithheld = !maySend();
      if (call.isWithheld) throw new Error("the submission lock is no longer valid");
    };
    return call;
  });
}

/** What a call without a usable answer has created all the same; undefined when the service does not show it in time. */
async function reconcileLostReply<T extends { taskId: string }>(
  submission: Submission<T>,
  error: MigrationError,
): Promise<T | undefined> {
  const { job } = submission;
  job.log.status(`${error.summary} Checking whether the call was accepted.`);
  const firstMs = Math.min(pollIntervalMs(job.inputs), RECONCILE_PAUSE_MS);
  const { value } = await pollUntil<T | undefined>(undefined, {
    fetchNext: () => submission.findAccepted(),
    isDone: (accepted) => accepted !== undefined,
    pause: new PollPause({ firstMs, growth: 2 }),
    maxFetches: RECONCILE_ATTEMPTS,
    fetchesAfterAbort: true,
    clock: job.session.clock,
    signal: job.signal,
  });
  return value;
}

/** Nothing was sent yet: a failed step says nothing about a task, and the lock would only delay the next run. */
async function releaseOnError<R>(store: LockStore, lock: HeldLock | undefined, step: () => Promise<R>): Promise<R> {
  try {
    return await step();
  } catch (error) {
    await releaseLock(store, lock);
    throw error;
  }
}
