import { classifyTask } from "../decisions/classify-task";
import { isMigrationError, migrationError } from "../errors/migration-error";
import { plainErrorOf } from "../errors/plain-error";
import { openReady } from "../increments/open-database";
import { type GroupOutputs, type KnownGroupMember, type OpenedMember, parseGroupInputs } from "../model/cutover-group";
import { InitError } from "../model/init-error";
import { DEFAULT_TIMEOUT, phaseOf, timeoutMs } from "../model/inputs";
import type { MigrateTask } from "../model/migrate-task";
import { type PlainObject, toPlain } from "../model/plain";
import type { HandlerContext } from "../session/handler-context";
import { type Job, runOf } from "../session/job";
import type { Session } from "../session/session";
import { describeFailure } from "../steps/failure";
import { membersNotReady, onlineOf, recordOf, recordOnline, statusOf } from "./plan-group";

type KnownGroupInputs = ReturnType<typeof parseGroupInputs>;

/** A member with its task, as the service shows it now. */
interface ReadyMember {
  member: KnownGroupMember;
  record: OpenedMember;
  task: MigrateTask;
}

/**
 * Create and update of a group. Opens its databases one after the other, when all of them are ready; each is recorded as
 * soon as it is open, and the next `up` goes on where this one stopped.
 * @throws InitError with GROUP_NOT_READY, or GROUP_INCOMPLETE and what is open
 */
export async function openGroup(
  context: HandlerContext,
  hostInputs: PlainObject,
  recorded: readonly OpenedMember[],
): Promise<{ id: string; outs: PlainObject }> {
  const { session, signal } = context;
  const inputs = parseGroupInputs(hostInputs);
  const opened = inputs.members.map((member) => recordOf(recorded, member) ?? newRecord(member));
  const id = context.urn.split("::").at(-1) || "cutover-group";
  const outputs = (): GroupOutputs => ({ status: statusOf(opened), opened });
  if (phaseOf(inputs) === "restoring") return { id, outs: toPlain({ ...hostInputs, ...outputs() }) };
  const deadlineMs = session.clock.now() + timeoutMs(inputs);
  try {
    const ready = await requireAllReady(session, inputs, opened);
    for (const [at, candidate] of ready.entries()) {
      signal.throwIfAborted();
      await openMember({ context, deadlineMs, inputs }, candidate).catch((error: unknown) => {
        throw incomplete(error, candidate, opened, ready.slice(at + 1));
      });
    }
  } catch (error) {
    const reason = isMigrationError(error) ? error.message : plainErrorOf(error).message;
    throw new InitError(id, hostInputs, outputs(), [reason], error);
  }
  return { id, outs: toPlain({ ...hostInputs, ...outputs() }) };
}

const newRecord = ({ database, instanceId, migrateTaskId }: KnownGroupMember): OpenedMember => ({
  ...{ database, instanceId, status: "waiting", warnings: [] },
  ...(migrateTaskId === undefined ? {} : { migrateTaskId }),
});

/** Looks at every member before the first is opened; those that are open already are recorded. @throws GROUP_NOT_READY */
async function requireAllReady(
  session: Session,
  inputs: KnownGroupInputs,
  opened: OpenedMember[],
): Promise<ReadyMember[]> {
  const { members } = inputs;
  const notReady = membersNotReady(members);
  const ready: ReadyMember[] = [];
  for (const member of members) {
    const record = recordOf(opened, member);
    const { instanceId, database, migrateTaskId } = member;
    if (record === undefined || record.status === "online") continue;
    if (member.status === "online") {
      recordOnline(record, undefined);
      continue;
    }
    const task =
      migrateTaskId === undefined
        ? undefined
        : await session.clients.rds(inputs).describeMigrateTask(instanceId, migrateTaskId);
    const kind = task === undefined ? undefined : classifyTask(task).kind;
    if (kind === "online") recordOnline(record, task?.finishedAtMs);
    else if (task === undefined) notReady.push({ database, reasons: ["the service shows no migration task of it"] });
    // An opening that an earlier run has begun goes on: nothing else puts a task to work whose migration says that it is
    // ready. One that failed is tried again with a token of its own.
    else if (kind === "waiting" || kind === "running" || record.failedOpenings !== undefined)
      ready.push({ member, record, task });
    else if (!notReady.some((one) => one.database === database))
      notReady.push({ database, reasons: [`its task is ${task.status}`] });
  }
  const blocking = notReady.filter(({ database }) =>
    opened.some((one) => one.database === database && one.status !== "online"),
  );
  if (blocking.length > 0)
    throw migrationError("GROUP_NOT_READY", { members: blocking, of: members.length, open: onlineOf(opened) });
  return ready;
}

async function openMember(
  { context, deadlineMs, inputs }: { context: HandlerContext; deadlineMs: number; inputs: KnownGroupInputs },
  { member, record, task }: ReadyMember,
): Promise<void> {
  const { database: databaseName, instanceId } = member;
  const { region, profile, assumeRoleArn, timeout, pollInterval, checkDb } = inputs;
  const job: Job = {
    inputs: { instanceId, databaseName, region, profile, assumeRoleArn, timeout, pollInterval, checkDb },
    progress: {
      databaseName,
      status: "waitingForIncrements",
      warnings: record.warnings,
      chain: { files: [], ...(record.failedOpenings === undefined ? {} : { failedOpenings: record.failedOpenings }) },
    },
    ...runOf(context),
    deadlineMs,
  };
  try {
    const followed = await openReady(job, { ...task, status: "Waiting" });
    if (followed === "timedOut")
      throw new Error(`not open within ${timeout ?? DEFAULT_TIMEOUT}; task ${task.taskId} goes on`);
    recordOnline(record, Date.parse(job.progress.finishedAt ?? "") || context.session.clock.now());
  } catch (error) {
    record.failure = describeFailure(error);
    // What passes by itself, and a run that ended before the database was open, leave it waiting.
    if (job.progress.status === "failed" || (isMigrationError(error) && error.retry !== "passes"))
      record.status = "failed";
    const { failedOpenings } = job.progress.chain ?? {};
    if (failedOpenings !== undefined) record.failedOpenings = failedOpenings;
    throw error;
  }
}

function incomplete(
  error: unknown,
  { member }: ReadyMember,
  opened: readonly OpenedMember[],
  left: readonly ReadyMember[],
) {
  const why = isMigrationError(error) ? error.what : plainErrorOf(error).message;
  return migrationError(
    "GROUP_INCOMPLETE",
    {
      opened: opened.filter(({ status }) => status === "online").map(({ database }) => database),
      database: member.database,
      why,
      closed: left.map((one) => one.member.database),
    },
    { cause: error },
  );
}
