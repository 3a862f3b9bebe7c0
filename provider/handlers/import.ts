import type { DatabaseFacts } from "../aliyun/rds-api";
import { classifyTask } from "../decisions/classify-task";
import { outputsOf, startProgress } from "../decisions/run-record";
import { listed } from "../errors/message-text";
import { type MigrationError, migrationError } from "../errors/migration-error";
import type { MigrationInputs } from "../model/inputs";
import type { MigrateTask } from "../model/migrate-task";
import { isSameName } from "../model/names";
import { migrationId } from "../model/outputs";
import { toPlain } from "../model/plain";
import { isOnline } from "../session/databases";
import type { HandlerContext, ImportedResource } from "../session/handler-context";
import { type Job, runOf } from "../session/job";
import { noteAccessibility } from "../steps/accessibility";
import { recordTask } from "../steps/follow-task";
import { fetchTaskFiles } from "../steps/task-files";
import { recordExistingDatabase } from "./adopt-existing";

/** The service lists the tasks of one week. */
const WEEK_MS = 7 * 24 * 3_600_000;

/**
 * Imports a database that is already on the instance or is being restored there, by the id `<instance>/<database>`; read-only. The
 * inputs adopt its newest task of the last week, or the database where the service has no task. The service has neither the bucket
 * nor the backup, so the inputs name none.
 * @throws INPUT_INVALID for another id, and for a database that does not exist
 */
export async function importMigration(context: HandlerContext, id: string): Promise<ImportedResource> {
  const { session } = context;
  const { instanceId, name } = partsOf(id);
  const now = session.clock.now();
  const [databases, tasks] = await Promise.all([
    session.lookups.databases({}, instanceId, now),
    session.lookups.taskList({}, instanceId).list({ sinceMs: now - WEEK_MS, notBeforeMs: now }),
  ]);
  const database = databases.find((each) => isSameName(each.name, name));
  const isOpen = database !== undefined && isOnline(database);
  const task = newestTask(tasks ?? [], name, isOpen);
  if (task === undefined && !isOpen) throw nothingToImport(instanceId, name, databases);
  const databaseName = database?.name ?? task?.databaseName ?? name;
  const isWaiting = task !== undefined && classifyTask(task).kind === "waiting";
  const inputs: MigrationInputs = {
    ...{ instanceId, databaseName, adopt: task?.taskId ?? true },
    ...(isWaiting ? { phase: "restoring" } : {}),
  };
  const job: Job = {
    ...{ inputs, progress: startProgress(databaseName, undefined, now) },
    ...{ ...runOf(context), deadlineMs: now },
  };
  if (task === undefined) recordExistingDatabase(job.progress);
  else await recordFoundTask(job, task);
  if (database !== undefined && job.progress.status === "online") noteAccessibility(job, database);
  return { id: migrationId(instanceId, databaseName), inputs: toPlain(inputs), outs: toPlain(outputsOf(job)) };
}

function nothingToImport(instanceId: string, name: string, databases: readonly DatabaseFacts[]): MigrationError {
  const closed = databases.find((each) => isSameName(each.name, name));
  if (closed !== undefined)
    return migrationError("INPUT_INVALID", {
      property: "id",
      fault: `names a database that is ${closed.status} and has no listed migration task`,
      remedy: `Declare ${closed.name} with \`adopt\` and the id of its task (console, Backup and Restoration, Cloud Migration Records).`,
    });
  const names = listed(
    "Databases of the instance:",
    databases.map((each) => each.name),
  );
  return migrationError("INPUT_INVALID", {
    property: "id",
    fault: `names no database of ${instanceId}`,
    remedy: [`Correct ${name}, or migrate its backup instead.`, ...names].join("\n"),
  });
}

/** The instance and the database of an id. RDS writes instance ids in lower case. @throws INPUT_INVALID */
function partsOf(id: string): { instanceId: string; name: string } {
  const [, instance, name] = /^([A-Za-z0-9-]+)\/(.+)$/.exec(id) ?? [];
  if (instance !== undefined && name !== undefined) return { instanceId: instance.toLowerCase(), name };
  throw migrationError("INPUT_INVALID", {
    property: "id",
    fault: `${id} is not an instance and a database with a slash between them`,
    remedy: "Write the id as rm-…/NAME, with the instance's id and the name of the database on it.",
  });
}

/** The newest task of a database: a successful one where the database is online, else one that still runs. Failed tasks do not count. */
function newestTask(tasks: readonly MigrateTask[], name: string, isDatabaseOnline: boolean): MigrateTask | undefined {
  const [newest] = tasks
    .filter((task) => isSameName(task.databaseName, name))
    .filter((task) => {
      const { kind } = classifyTask(task);
      return isDatabaseOnline ? kind === "online" : kind !== "online" && kind !== "failed";
    })
    .sort((one, other) => other.createdAtMs - one.createdAtMs);
  return newest;
}

async function recordFoundTask(job: Job, task: MigrateTask): Promise<void> {
  if (Number.isFinite(task.createdAtMs)) job.progress.startedAt = new Date(task.createdAtMs).toISOString();
  recordTask(job, await fetchTaskFiles(job, task));
}
