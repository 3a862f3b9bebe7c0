import { findDatabase } from "./databases";
import { isMigrationError, type MigrationError, migrationError } from "./errors/migration-error";
import { recordTask } from "./follow-task";
import { pollIntervalMs, takesIncrements } from "./inputs";
import { type Job, showInfo, showStatus, warn } from "./job";
import type { ObjectFacts } from "./oss/object-store";
import { type Candidate, findOwnTask, mayBeOwn, type OwnTask } from "./plan/own-task";
import { classifyTask } from "./plan/task-verdict";
import { formatDuration } from "./quantities";
import { LEGACY_VERSION } from "./rds/engine-versions";
import type { CreateTaskRequest, MigrateTask } from "./rds/rds-api";
import { findRegion } from "./settings";

/** The longest that a signed URL may live for RDS. @see CreateMigrateTask, OSSUrls: 18 hours */
const SIGNED_URL_SECONDS = 18 * 3600;
/** Looks at the list after a create call without a usable answer, before it is sent once more. */
const SETTLING_LOOKS = 4;
/** Before the first of these looks; each later pause is twice as long, so that together they take a minute. */
const SETTLING_PAUSE_MS = 4_000;
/** Times that one run sends CreateMigrateTask for one object when nothing shows that it was accepted. */
const MAX_SENDS = 3;
/** Pause after a refusal that passes by itself: at first the poll interval, at most this. */
const MAX_REFUSAL_PAUSE_MS = 5 * 60_000;
/** The daily limits are asked again hourly at most: "concurrent" in their text may mean that they pass within the day. */
const LIMIT_PAUSE_MS = 60 * 60_000;

/**
 * The migration task of this object: the one that is there already, else a new one. Sent again only after the list has
 * shown that there is none, because CreateMigrateTask takes no client token.
 * @param failedTaskId the task whose failure is recorded: it and the failures before it are known and count no more
 */
export async function ensureTask(job: Job, object: ObjectFacts, failedTaskId?: string): Promise<MigrateTask> {
  const found = await findTask(job, object, failedTaskId);
  if (found !== undefined) return found;
  let pauseMs = pollIntervalMs(job.inputs);
  let sends = 0;
  for (;;) {
    job.signal.throwIfAborted();
    // Outside of the try: a fault of these looks says nothing about the call that has not been sent yet.
    const place = await placeForRds(job, object);
    const sentMs = job.session.clock.now();
    try {
      sends += 1;
      return await createTask(job, object, place);
    } catch (error) {
      if (!isMigrationError(error)) throw error;
      const settled = await settle(job, object, failedTaskId, error, sentMs);
      if (settled !== undefined) return settled;
      if (isUnsettled(error)) {
        const said = error.what;
        if (sends >= MAX_SENDS || !(await mayBeSentAgain(job)))
          throw migrationError("CREATE_UNSETTLED", { database: job.progress.databaseName, said }, { cause: error });
        continue;
      }
      if (error.retry !== "passes") throw error;
      const waitMs = error.code.startsWith("API_DAILY_LIMIT") ? LIMIT_PAUSE_MS : pauseMs;
      if (job.session.clock.now() + waitMs > job.deadlineMs) throw error;
      showStatus(job, `waiting to submit: ${error.what}`);
      await job.session.clock.sleep(waitMs, job.signal);
      pauseMs = Math.min(pauseMs * 2, MAX_REFUSAL_PAUSE_MS);
      sends = 0;
    }
  }
}

/** Where a second restore would overwrite, or where no list shows whether there was a first, only a person can tell. */
const mayBeSentAgain = async (job: Job): Promise<boolean> =>
  !(await isLegacy(job)) && !job.session.unlisted.has(job.inputs.instanceId);

/** Faults after which nobody knows whether the service made a task. */
const isUnsettled = (error: MigrationError): boolean =>
  ["NO_ANSWER", "ANSWER_UNREADABLE", "NETWORK_FAILED", "SERVICE_FAULT"].includes(error.code);

/** Refusals that another run of this very migration explains, when it was a moment faster. */
const isCollision = (error: MigrationError): boolean =>
  error.code === "API_DB_STATE" || error.code === "API_DB_NAME_TAKEN";

/** After a call that failed: the task that exists all the same, if there is one. */
async function settle(
  job: Job,
  object: ObjectFacts,
  failedTaskId: string | undefined,
  error: MigrationError,
  sentMs: number,
): Promise<MigrateTask | undefined> {
  if (isCollision(error)) return findTask(job, object, failedTaskId);
  if (!isUnsettled(error)) return undefined;
  showStatus(job, `${error.what} Looking whether the task was created.`);
  let pauseMs = Math.min(pollIntervalMs(job.inputs), SETTLING_PAUSE_MS);
  for (let look = 0; look < SETTLING_LOOKS; look++) {
    await job.session.clock.sleep(pauseMs, job.signal);
    pauseMs *= 2;
    const found = await findTask(job, object, failedTaskId, sentMs);
    if (found !== undefined) return found;
    job.signal.throwIfAborted();
  }
  return undefined;
}

async function findTask(
  job: Job,
  object: ObjectFacts,
  failedTaskId: string | undefined,
  notBeforeMs = 0,
): Promise<MigrateTask | undefined> {
  const own = await askWhoseTask(job, object, failedTaskId, Math.max(notBeforeMs, job.session.clock.now()));
  const { databaseName } = job.progress;
  if (own.kind === "unlisted") {
    job.session.unlisted.add(job.inputs.instanceId);
    warn(
      job,
      `${job.inputs.instanceId} does not list migration tasks (its edition does not support it): a task that an earlier run created without recording it could not be looked for. RDS refuses a second one while the database is there.`,
    );
    return undefined;
  }
  if (own.kind === "ambiguous") throw migrationError("TASK_AMBIGUOUS", { database: databaseName, tasks: own.taskIds });
  if (own.kind === "none") return undefined;
  if (own.kind === "stillThere") {
    // Recorded first, so that the failed replacement leaves the state as it was.
    recordTask(job, own.task);
    throw migrationError("REPLACE_BLOCKED", { database: databaseName, instance: job.inputs.instanceId });
  }
  if (!own.certain && classifyTask(own.task).kind !== "failed") {
    warn(
      job,
      `Migration task ${own.task.taskId} was taken as this migration's by its database name and time; the service does not tell which file it restores.`,
    );
  }
  showInfo(job, `continues migration task ${own.task.taskId} (${own.task.status})`);
  return own.task;
}

async function askWhoseTask(
  job: Job,
  object: ObjectFacts,
  failedTaskId: string | undefined,
  notBeforeMs: number,
): Promise<OwnTask | { kind: "unlisted" }> {
  const { inputs, session, progress } = job;
  const { databaseName } = progress;
  const question = { databaseName, objectLastModifiedMs: object.lastModifiedMs };
  const board = session.board(inputs, inputs.instanceId);
  // Without a readable time of the object, the list goes as far back as it can.
  const listed = await board.list({ sinceMs: object.lastModifiedMs || 0, notBeforeMs });
  if (listed === undefined) return { kind: "unlisted" };
  const possible = withoutKnownFailures(listed, failedTaskId).filter((task) => mayBeOwn(task, question));
  const candidates: Candidate[] = [];
  for (const task of possible) {
    const files = await session.rds(inputs).listTaskFiles(inputs.instanceId, task.taskId);
    candidates.push({ task, fileNames: files?.map((file) => file.fileName) });
  }
  const succeeded = possible.some((task) => classifyTask(task).kind === "online");
  const databasePresent = succeeded && (await findDatabase(job, notBeforeMs)) !== undefined;
  return findOwnTask({
    ...question,
    objectKey: object.key,
    databasePresent,
    candidates,
    retired: session.retiredTasks,
  });
}

/** Two failures of one object are two tasks: if only the last were left out, the one before would be taken for the answer. */
function withoutKnownFailures(tasks: readonly MigrateTask[], failedTaskId: string | undefined): MigrateTask[] {
  const knownMs = tasks.find(({ taskId }) => taskId === failedTaskId)?.createdAtMs ?? Number.NEGATIVE_INFINITY;
  const isKnown = (task: MigrateTask) => classifyTask(task).kind === "failed" && task.createdAtMs <= knownMs;
  return tasks.filter((task) => task.taskId !== failedTaskId && !isKnown(task));
}

async function createTask(job: Job, object: ObjectFacts, place: PlaceForRds): Promise<MigrateTask> {
  const { inputs, progress, session } = job;
  const { databaseName } = progress;
  showStatus(job, `submitting ${object.bucket}/${object.key} to ${inputs.instanceId}`);
  const { taskId, requestId } = await session.rds(inputs).createMigrateTask({
    instanceId: inputs.instanceId,
    databaseName,
    checkDb: inputs.checkDb ?? "async",
    object: place,
    waitsForIncrements: takesIncrements(inputs),
  });
  showInfo(job, `created migration task ${taskId} (RequestId ${requestId ?? "?"})`);
  return { taskId, databaseName, status: "NoStart", description: "", createdAtMs: session.clock.now() };
}

type PlaceForRds = CreateTaskRequest["object"];

async function placeForRds(job: Job, object: ObjectFacts): Promise<PlaceForRds> {
  const { inputs, session } = job;
  if (!(await isLegacy(job))) {
    const region = findRegion(session.settings, inputs.region);
    // The region's own endpoint whatever the upload used: internal or accelerated forms are not documented here.
    return { position: `oss-${region}.aliyuncs.com:${object.bucket}:${object.key}` };
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
  return { signedUrl: await session.store(inputs).signedUrl(object.bucket, object.key, await urlSeconds(job)) };
}

/** A signed URL ends with the token that signed it, whatever is written in it: said, because a long queue outlasts a short token. */
async function urlSeconds(job: Job): Promise<number> {
  const { inputs, session } = job;
  const { expiresAtMs } = await session.storeCredentials(inputs).get();
  if (expiresAtMs === undefined) return SIGNED_URL_SECONDS;
  const leftSeconds = Math.floor((expiresAtMs - session.clock.now()) / 1000);
  if (leftSeconds >= SIGNED_URL_SECONDS) return SIGNED_URL_SECONDS;
  showInfo(
    job,
    `RDS has ${formatDuration(leftSeconds)} to read the backup: the signed URL ends with the temporary credentials`,
  );
  return Math.max(1, leftSeconds);
}

const isLegacy = async ({ inputs, session }: Job): Promise<boolean> =>
  (await session.instance(inputs, inputs.instanceId)).engineVersion === LEGACY_VERSION;
