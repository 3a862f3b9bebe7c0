import type { ObjectFacts } from "../aliyun/object-store";
import type { CreateTaskRequest } from "../aliyun/rds-api";
import { refusalPause } from "../decisions/refusal-pause";
import { isMigrationError, type MigrationError, mayHaveBeenAccepted, migrationError } from "../errors/migration-error";
import { overwritesOnRestore } from "../model/engine-version";
import { pollIntervalMs, takesIncrements } from "../model/inputs";
import type { MigrateTask } from "../model/migrate-task";
import { formatDuration } from "../model/quantities";
import { findDatabase } from "../session/databases";
import type { Job } from "../session/job";
import { objectPosition } from "../session/object-position";
import { openLock, recordTaskId, releaseLock } from "../submission-lock/job-locks";
import type { HeldLock, LockStore } from "../submission-lock/lock-store";
import { acquireSubmission } from "./acquire-submission";
import { findForeignTask, findTask, listIsComplete, type TaskSearch } from "./find-task";
import { recordTask } from "./follow-task";

/** The longest that a signed URL may live for RDS. @see CreateMigrateTask, OSSUrls: 18 hours */
const SIGNED_URL_SECONDS = 18 * 3600;
/** Looks at the list after a create call without a usable answer, before it is sent once more. */
const RECONCILE_ATTEMPTS = 4;
/** Before the first of these looks; each later pause is twice as long, so that together they take a minute. */
const RECONCILE_PAUSE_MS = 4_000;
/** Times that one run sends CreateMigrateTask for one object when nothing shows that it was accepted. */
const MAX_SENDS = 3;

/**
 * The migration task of this object: the one that is there already, else a new one. CreateMigrateTask takes no client
 * token, so it is sent under a claim in the bucket (claim/take-turn.ts), and sent again only after the list has shown for
 * as long as a claim holds that there is no task.
 * @param failedTaskId the task whose failure is recorded: it and the failures before it are known and count no more
 */
export async function ensureTask(job: Job, object: ObjectFacts, failedTaskId?: string): Promise<MigrateTask> {
  const search: TaskSearch = { object, failedTaskId };
  const { bucket, key: objectKey } = object;
  const { instanceId } = job.inputs;
  const place = { bucket, objectKey, instanceId, databaseName: job.progress.databaseName };
  const desk = openLock(job, job.inputs, place);
  let refusals = 0;
  let sends = 0;
  for (;;) {
    const turn = await acquireSubmission(job, desk, search);
    if (turn.kind === "task") return turn.task;
    const request = await prepare(job, desk, object, turn.claim);
    if (request === undefined) continue;
    try {
      sends += 1;
      const task = await createTask(job, object, request);
      // Before anything else is awaited: a run that is stopped now must not lose the id.
      recordTask(job, task);
      await recordTaskId(desk, turn.claim, task.taskId);
      return task;
    } catch (error) {
      if (!isMigrationError(error)) throw error;
      if (mayHaveBeenAccepted(error)) {
        const settled = await settle(job, search, error);
        if (settled !== undefined) {
          await recordTaskId(desk, turn.claim, settled.taskId);
          return settled;
        }
        if (sends >= MAX_SENDS || !(await mayBeSentAgain(job)))
          throw migrationError(
            "CREATE_UNSETTLED",
            { database: place.databaseName, said: error.what },
            { cause: error },
          );
        continue;
      }
      await releaseLock(desk, turn.claim);
      const collided = isCollision(error) ? await resolveConflict(job, search, error) : undefined;
      if (collided !== undefined) return collided;
      if (error.retry !== "passes") throw error;
      refusals += 1;
      const waitMs = refusalPause(error.code, refusals, pollIntervalMs(job.inputs));
      if (job.session.clock.now() + waitMs > job.deadlineMs) throw error;
      job.log.status(`waiting to submit: ${error.summary}`);
      await job.session.clock.sleep(waitMs, job.signal);
      sends = 0;
    }
  }
}

/** What CreateMigrateTask needs; undefined when getting it took so long that the claim had to be given up. */
async function prepare(
  job: Job,
  desk: LockStore,
  object: ObjectFacts,
  claim: HeldLock | undefined,
): Promise<PlaceForRds | undefined> {
  try {
    job.signal.throwIfAborted();
    const place = await placeForRds(job, object);
    if (claim === undefined || desk.maySend(claim)) return place;
  } catch (error) {
    // Nothing was sent: a fault of these looks says nothing about a task.
    await releaseLock(desk, claim);
    throw error;
  }
  await releaseLock(desk, claim);
  return undefined;
}

/** Where a second restore would overwrite, or where no list shows whether there was a first, only a person can tell. */
const mayBeSentAgain = async (job: Job): Promise<boolean> => !(await isLegacy(job)) && listIsComplete(job);

/** Refusals that say, on SQL Server 2012 and later, that somebody else is at it or was a moment resolveConflict. */
const isCollision = (error: MigrationError): boolean =>
  error.code === "API_DB_STATE" || error.code === "API_DB_NAME_TAKEN";

/** After such a refusal: the task, when it is this migration's. @throws DATABASE_BUSY when it is another's */
async function resolveConflict(job: Job, search: TaskSearch, error: MigrationError): Promise<MigrateTask | undefined> {
  const own = await findTask(job, search);
  if (own !== undefined) return own;
  const foreign = await findForeignTask(job);
  if (foreign === undefined) return undefined;
  const { taskId, status, createdAtMs } = foreign;
  const since = Number.isNaN(createdAtMs) ? "?" : new Date(createdAtMs).toISOString();
  const values = { database: job.progress.databaseName, instance: job.inputs.instanceId, taskId, status, since };
  throw migrationError("DATABASE_BUSY", values, { cause: error, service: error.service });
}

/** After a call without a usable answer: the task that exists all the same, if there is one. */
async function settle(job: Job, search: TaskSearch, error: MigrationError): Promise<MigrateTask | undefined> {
  job.log.status(`${error.summary} Looking whether the task was created.`);
  let pauseMs = Math.min(pollIntervalMs(job.inputs), RECONCILE_PAUSE_MS);
  for (let look = 0; look < RECONCILE_ATTEMPTS; look++) {
    await job.session.clock.sleep(pauseMs, job.signal);
    pauseMs *= 2;
    const found = await findTask(job, search);
    if (found !== undefined) return found;
    job.signal.throwIfAborted();
  }
  return undefined;
}

async function createTask(job: Job, object: ObjectFacts, place: PlaceForRds): Promise<MigrateTask> {
  const { inputs, progress, session } = job;
  const { databaseName } = progress;
  job.log.status(`submitting ${object.bucket}/${object.key} to ${inputs.instanceId}`);
  const { taskId, requestId } = await session.clients.rds(inputs).createMigrateTask({
    instanceId: inputs.instanceId,
    databaseName,
    checkDb: inputs.checkDb ?? "async",
    object: place,
    waitsForIncrements: takesIncrements(inputs),
  });
  job.log.info(`created migration task ${taskId} (RequestId ${requestId ?? "?"})`);
  return { taskId, databaseName, status: "NoStart", description: "", createdAtMs: session.clock.now() };
}

type PlaceForRds = CreateTaskRequest["object"];

async function placeForRds(job: Job, object: ObjectFacts): Promise<PlaceForRds> {
  const { inputs, session } = job;
  if (!(await isLegacy(job))) {
    return { position: objectPosition(job, object) };
  }
  if (inputs.allowOverwrite !== true) {
    throw migrationError("OVERWRITE_NOT_ALLOWED", { database: job.progress.databaseName, instance: inputs.instanceId });
  }
  if ((await findDatabase(job, session.clock.now())) === undefined) {
    throw migrationError("DATABASE_MISSING_2008R2", {
      database: job.progress.databaseName,
      instance: inputs.instanceId,
    });
  }
  return { signedUrl: await session.clients.store(inputs).signedUrl(object.bucket, object.key, await urlSeconds(job)) };
}

/** A signed URL ends with the token that signed it, whatever is written in it: said, because a long queue outlasts a short token. */
async function urlSeconds(job: Job): Promise<number> {
  const { inputs, session } = job;
  const { expiresAtMs } = await session.clients.storeCredentials(inputs).get();
  if (expiresAtMs === undefined) return SIGNED_URL_SECONDS;
  const leftSeconds = Math.floor((expiresAtMs - session.clock.now()) / 1000);
  if (leftSeconds >= SIGNED_URL_SECONDS) return SIGNED_URL_SECONDS;
  job.log.info(
    `RDS has ${formatDuration(leftSeconds)} to read the backup: the signed URL ends with the temporary credentials`,
  );
  return Math.max(1, leftSeconds);
}

const isLegacy = async ({ inputs, session }: Job): Promise<boolean> =>
  overwritesOnRestore((await session.lookups.instance(inputs, inputs.instanceId)).engineVersion);
