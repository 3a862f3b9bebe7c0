import { catalogue } from "../errors/catalogue";
import { migrationError } from "../errors/migration-error";
import { isTaskStatus, type MigrateTask, type TaskStatus } from "../model/migrate-task";

/** What a task's answer means for the migration. */
export type TaskStatusDecision =
  | { kind: "running" }
  | { kind: "waiting" }
  | { kind: "online"; warnings: string[] }
  | { kind: "failed" }
  | { kind: "unrecognised" };

const VERDICTS: Record<TaskStatus, TaskStatusDecision["kind"]> = {
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
export function classifyTask(task: Pick<MigrateTask, "status" | "description">): TaskStatusDecision {
  if (!isTaskStatus(task.status)) return { kind: "unrecognised" };
  const kind = VERDICTS[task.status];
  return kind === "online" ? { kind, warnings: successWarnings(task.description) } : { kind };
}

/** The service's own words on a task, in one text. */
export const statusTextOf = ({ status, description }: Pick<MigrateTask, "status" | "description">): string =>
  description === "" ? status : `${status}: ${description}`;

/** A task that the service does not show for so long after it was created was forgotten, not late; milliseconds. */
export const FORGOTTEN_AFTER_MS = 3_600_000;

/**
 * Texts that a task carries after Success. Each warning quotes its own sentence and not the whole description, which grows
 * when DBCC answers: a warning that changed with it would be shown again.
 */
function successWarnings(description: string): string[] {
  return (["ONLINE_DAMAGED", "ONLINE_NO_ACCOUNT"] as const).flatMap((code) => {
    const said = catalogue[code].match?.description?.exec(description)?.[0].trim();
    return said === undefined ? [] : [migrationError(code, { description: said }).message];
  });
}
