import { classifyTask } from "../decisions/classify-task";
import { withAddress } from "../errors/error-address";
import { isMigrationError, migrationError } from "../errors/migration-error";
import { taskErrorCode } from "../errors/task-errors";
import { type OpenedMember, parseGroupOutputs } from "../model/cutover-group";
import { failureText } from "../model/failure-text";
import { type Phase, phaseOf } from "../model/inputs";
import type { ResourceLog } from "../model/log";
import type { MigrateTask } from "../model/migrate-task";
import { type PlainObject, toPlain } from "../model/plain";
import type { Scope } from "../model/scope";
import { isDatabaseOpen } from "../session/databases";
import type { HandlerContext } from "../session/handler-context";
import type { Session } from "../session/session";
import { describeFailure } from "../steps/failure";
import { recordOnline, statusOf } from "./plan-group";

/**
 * Refreshes the members that are not recorded as open; read-only. A task is fetched only when the instance's database list, which
 * the refresh of the migrations shares, shows that the database is open, or when the group is opening it. The migration itself
 * refreshes an open database. A failure that this refresh finds is logged as an error once.
 */
export async function readGroup(
  { session, log }: HandlerContext,
  id: string,
  props: PlainObject,
): Promise<{ id: string; props: PlainObject }> {
  const recorded = parseGroupOutputs(props);
  const { opened } = recorded;
  if (opened.every(({ status }) => status === "online")) return { id, props };
  try {
    const refreshed = await Promise.all(opened.map((record) => refreshMember(session, recorded, record)));
    logNewFailures(log, opened, refreshed);
    return { id, props: toPlain({ ...props, status: statusOf(refreshed), opened: refreshed }) };
  } catch (error) {
    if (!isMigrationError(error)) throw error;
    log.warning(`not refreshed; the last known state is kept. ${error.message}`);
    return { id, props };
  }
}

function logNewFailures(log: ResourceLog, before: readonly OpenedMember[], refreshed: readonly OpenedMember[]): void {
  refreshed.forEach(({ database, status, failure }, index) => {
    if (status !== "failed" || failure === undefined || before[index]?.status === "failed") return;
    log.error(`${database}: ${withAddress(failureText(failure))}`);
  });
}

/** Relies on the task's status: the database's status while it waits is documented for the console only. */
async function refreshMember(
  session: Session,
  inputs: Scope & { phase?: Phase },
  record: OpenedMember,
): Promise<OpenedMember> {
  const { instanceId, database, migrateTaskId, status } = record;
  if (status === "online" || migrateTaskId === undefined) return record;
  const opens = phaseOf(inputs) === "online";
  if (!(await isDatabaseOpen(session, inputs, instanceId, database)) && !opens) return record;
  const task = await session.clients.rds(inputs).describeMigrateTask(instanceId, migrateTaskId);
  return task === undefined ? record : recordAfterFetch(record, task, opens);
}

/** Records the task's result. Before the group opens its databases, a failed task is reported by its migration only. */
function recordAfterFetch(before: OpenedMember, task: MigrateTask, opens: boolean): OpenedMember {
  const record = { ...before };
  const { kind } = classifyTask(task);
  if (kind === "online") recordOnline(record, task.finishedAtMs);
  else if (kind === "failed" && opens) {
    const { taskId, description } = task;
    record.status = "failed";
    record.failure = describeFailure(
      migrationError(taskErrorCode(description), { database: record.database, taskId, description }),
    );
  }
  return record;
}
