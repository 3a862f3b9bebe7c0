import { isTaskStatus, type MigrateTask, type TaskStatus } from "../rds/rds-api";

/** What a task's answer means for the migration. */
export type TaskVerdict =
  | { kind: "running" }
  | { kind: "waiting" }
  | { kind: "online"; warnings: string[] }
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
  return kind === "online" ? { kind, warnings: successWarnings(task.description) } : { kind };
}

/**
 * Texts that a task carries after Success. Each warning quotes its own sentence and not the whole description, which grows
 * when DBCC answers: a warning that changed with it would be shown again.
 * @see CreateMigrateTask's guide, "common errors"
 */
function successWarnings(description: string): string[] {
  const warnings: string[] = [];
  const damage = /(?:asynchronously )?DBCC checkdb failed.*|[^.]*(?:consistency|allocation) errors.*/is.exec(
    description,
  );
  if (damage !== null) {
    warnings.push(
      `DBCC CHECKDB found damage in the restored database: "${damage[0].trim()}" Run it on the source; if it is damaged there too, repair it and migrate again.`,
    );
  }
  const account = /[^.]*doesn'?t have any init account[^.]*\.?/i.exec(description);
  if (account !== null) {
    warnings.push(`"${account[0].trim()}" The database is online, but nobody can log in to it yet.`);
  }
  return warnings;
}
