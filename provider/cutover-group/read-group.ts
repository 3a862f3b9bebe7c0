import { classifyTask } from "../decisions/classify-task";
import { isMigrationError, migrationError } from "../errors/migration-error";
import { taskErrorCode } from "../errors/task-errors";
import { type OpenedMember, parseGroupOutputs } from "../model/cutover-group";
import { type Phase, phaseOf } from "../model/inputs";
import type { MigrateTask } from "../model/migrate-task";
import { type PlainObject, toPlain } from "../model/plain";
import type { Scope } from "../model/scope";
import { isDatabaseOpen } from "../session/databases";
import type { HandlerContext } from "../session/handler-context";
import type { Session } from "../session/session";
import { describeFailure } from "../steps/failure";
import { recordOnline, statusOf } from "./plan-group";

/**
 * Refresh of a group: looks at the members that are not recorded as open and moves them on; never acts. The databases of an
 * instance, a list that its members' own refresh shares, tell which tasks are worth a look. What became of an open database
 * afterwards, its own migration looks up.
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
    const seen = await Promise.all(opened.map((record) => look(session, recorded, record)));
    return { id, props: toPlain({ ...props, status: statusOf(seen), opened: seen }) };
  } catch (error) {
    if (!isMigrationError(error)) throw error;
    log.warning(`not refreshed; the last known state is kept. ${error.message}`);
    return { id, props };
  }
}

/** The task is the witness: what word the service has for a database that waits is documented for the console only. */
async function look(session: Session, inputs: Scope & { phase?: Phase }, record: OpenedMember): Promise<OpenedMember> {
  const { instanceId, database, migrateTaskId, status } = record;
  if (status === "online" || migrateTaskId === undefined) return record;
  const opens = phaseOf(inputs) === "online";
  if (!(await isDatabaseOpen(session, inputs, instanceId, database)) && !opens) return record;
  const task = await session.clients.rds(inputs).describeMigrateTask(instanceId, migrateTaskId);
  return task === undefined ? record : recordAfterFetch(record, task, opens);
}

/** A task that failed before the group was to open anything is its own migration's matter. */
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
