import type { MigrateTask } from "../model/migrate-task";
import { classifyTask } from "../decisions/classify-task";
import { isMigrationError, migrationError } from "../errors/migration-error";
import { taskErrorCode } from "../errors/task-errors";
import { phaseOf } from "../model/inputs";
import { type PlainObject, toPlain } from "../model/plain";
import { isDatabaseOpen } from "../session/databases";
import type { Session } from "../session/session";
import { describeFailure } from "../steps/failure";
import type { GroupInputs, GroupOutputs, OpenedMember } from "./group-inputs";
import { recordOnline, statusOf } from "./plan-group";

/**
 * Refresh of a group: looks at the members that are not recorded as open and moves them on; never acts. The databases of an
 * instance, a list that its members' own refresh shares, tell which tasks are worth a look. What became of an open database
 * afterwards, its own migration looks up.
 */
export async function readGroup(
  session: Session,
  id: string,
  props: PlainObject,
): Promise<{ id: string; props: PlainObject }> {
  const recorded = props as unknown as GroupInputs & Partial<GroupOutputs>;
  const { opened = [], resourceUrn } = recorded;
  if (opened.every(({ status }) => status === "online")) return { id, props };
  try {
    const seen = await Promise.all(opened.map((record) => look(session, recorded, record)));
    return { id, props: toPlain({ ...props, status: statusOf(seen), opened: seen }) };
  } catch (error) {
    if (!isMigrationError(error)) throw error;
    session.engine.log("warning", resourceUrn, `not refreshed, the last known state is kept. ${error.message}`);
    return { id, props };
  }
}

/** The task is the witness: what word the service has for a database that waits is documented for the console only. */
async function look(session: Session, inputs: GroupInputs, record: OpenedMember): Promise<OpenedMember> {
  const { instanceId, database, migrateTaskId, status } = record;
  if (status === "online" || migrateTaskId === undefined) return record;
  const opens = phaseOf(inputs) === "online";
  if (!(await isDatabaseOpen(session, inputs, instanceId, database)) && !opens) return record;
  const task = await session.rds(inputs).describeMigrateTask(instanceId, migrateTaskId);
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
