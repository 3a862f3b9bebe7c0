import { isTaskStatus, type MigrateTask, type TaskStatus } from "../rds/rds-api";

/** What a task's answer means for the migration. */
export type TaskVerdict =
  | { kind: "running" }
  | { kind: "waiting" }
  | { kind: "online"; warning?: string }
  | { kind: "failed" }
  | { kind: "unrecognised" };

const VERDICTS: Record<TaskStatus, TaskVerdict["kind"]> = {
  NoStart: "running",
  Running: "running",
  Waiting: "waiting",
  Success: "online",
  Failed: "failed",
};

/**
 * One answer, judged. A status that is not documented is neither final nor a success: it is polled on until the deadline.
 * `Success` alone is not proof: a fault that DBCC finds after opening, or the missing account, arrive in its description.
 */
export function classifyTask(task: Pick<MigrateTask, "status" | "description">): TaskVerdict {
  if (!isTaskStatus(task.status)) return { kind: "unrecognised" };
  const kind = VERDICTS[task.status];
  if (kind !== "online") return { kind };
  const warning = successWarning(task.description);
  return warning === undefined ? { kind } : { kind, warning };
}

/** Texts that a task carries after Success. @see CreateMigrateTask's guide, "common errors" */
function successWarning(description: string): string | undefined {
  if (/DBCC checkdb failed|consistency errors|allocation errors/i.test(description)) {
    return `DBCC CHECKDB found damage in the restored database: "${description}" Run it on the source; if it is damaged there too, repair it and migrate again.`;
  }
  if (/doesn'?t have any init account/i.test(description)) {
    return `"${description}" The database is online, but nobody can log in to it yet.`;
  }
  return undefined;
}
