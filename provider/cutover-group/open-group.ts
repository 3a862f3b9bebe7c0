import { classifyTask } from "../decisions/classify-task";
import { listed } from "../errors/message-text";
import { isMigrationError, migrationError } from "../errors/migration-error";
import { plainErrorOf } from "../errors/plain-error";
import { openReady } from "../increments/open-database";
import { type GroupOutputs, type KnownGroupMember, type OpenedMember, parseGroupInputs } from "../model/cutover-group";
import { InitError } from "../model/init-error";
import { DEFAULT_TIMEOUT, phaseOf, timeoutMs } from "../model/inputs";
import type { MigrateTask } from "../model/migrate-task";
import { type PlainObject, toPlain } from "../model/plain";
import { STATUS_HINT } from "../model/status-command";
import type { HandlerContext } from "../session/handler-context";
import { type Job, runOf } from "../session/job";
import type { Session } from "../session/session";
import { describeFailure } from "../steps/failure";
import { membersNotReady, onlineOf, recordOf, recordOnline, statusOf } from "./plan-group";

type KnownGroupInputs = ReturnType<typeof parseGroupInputs>;

/** A member with its current task. */
interface ReadyMember {
  member: KnownGroupMember;
  record: OpenedMember;
  task: MigrateTask;
}

/**
 * Creates or updates a group: opens its databases one after the other, when all of them are ready. Each is recorded as soon as it
 * is open, and the next `up` continues with the rest.
 * @throws InitError with GROUP_NOT_READY, or with GROUP_INCOMPLETE and the open databases
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
    for (const [index, next] of ready.entries()) {
      signal.throwIfAborted();
      await openMember({ context, deadlineMs, inputs }, next).catch((error: unknown) => {
        throw incomplete(error, next, opened, ready.slice(index + 1));
      });
    }
  } catch (error) {
    const { message } = plainErrorOf(error);
    throw new InitError(
      id,
      hostInputs,
      outputs(),
      [[message, ...lastKnown(error, opened), STATUS_HINT].join("\n")],
      error,
    );
  }
  return { id, outs: toPlain({ ...hostInputs, ...outputs() }) };
}

/** Lists the members for an error that does not name them: a run that was stopped, or a service that refuses the calls. */
const lastKnown = (error: unknown, opened: readonly OpenedMember[]): string[] =>
  isMigrationError(error) && ["GROUP_NOT_READY", "GROUP_INCOMPLETE"].includes(error.code)
    ? []
    : listed(
        "Last known state of the group:",
        opened.map(({ database, status }) => `${database}: ${status}`),
      );

const newRecord = ({ database, instanceId, migrateTaskId }: KnownGroupMember): OpenedMember => ({
  ...{ database, instanceId, status: "waiting", warnings: [] },
  ...(migrateTaskId === undefined ? {} : { migrateTaskId }),
});

/** Checks every member before the first database is opened, and records those that are already open. @throws GROUP_NOT_READY */
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
    else if (task === undefined) notReady.push({ database, reasons: ["RDS has no migration task for it"] });
    // A running task was started by an earlier run of the group, because the migration reports it as ready: continue it. A failed
    // call to open the database is repeated with a new token.
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
      throw new Error(`not open within ${timeout ?? DEFAULT_TIMEOUT}; task ${task.taskId} continues`);
    recordOnline(record, Date.parse(job.progress.finishedAt ?? "") || context.session.clock.now());
  } catch (error) {
    record.failure = describeFailure(error);
    // After a transient error, or a run that ended too early, the member keeps waiting.
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
  remaining: readonly ReadyMember[],
) {
  const why = isMigrationError(error) ? error.what : plainErrorOf(error).message;
  return migrationError(
    "GROUP_INCOMPLETE",
    {
      opened: opened.filter(({ status }) => status === "online").map(({ database }) => database),
      database: member.database,
      why,
      closed: remaining.map((one) => one.member.database),
    },
    { cause: error },
  );
}
