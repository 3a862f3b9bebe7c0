import { catalogue } from "../errors/catalogue";
import { migrationError } from "../errors/migration-error";
import { isTaskStatus, type MigrateTask, type TaskStatus } from "../model/migrate-task";

/** What a task's status means for the migration. */
export type TaskStatusDecision =
  | { kind: "running" }
  | { kind: "waiting" }
  | { kind: "online"; warnings: string[] }
  | { kind: "failed" }
  | { kind: "unrecognised" };

const KIND_BY_STATUS: Record<TaskStatus, TaskStatusDecision["kind"]> = {
  NoStart: "running",
  Running: "running",
  Waiting: "waiting",
  Success: "online",
  Failed: "failed",
};

/**
 * Classifies one poll. An undocumented status is neither final nor a success: polling continues until the deadline.
 * `Success` alone is not proof: its description may report a fault that DBCC found after opening, or a missing account.
 */
export function classifyTask(task: Pick<MigrateTask, "status" | "description">): TaskStatusDecision {
  if (!isTaskStatus(task.status)) return { kind: "unrecognised" };
  const kind = KIND_BY_STATUS[task.status];
  return kind === "online" ? { kind, warnings: successWarnings(task.description) } : { kind };
}

/** Status and description of a task in one text. */
export const statusTextOf = ({ status, description }: Pick<MigrateTask, "status" | "description">): string =>
  description === "" ? status : `${status}: ${description}`;

/** A task that the service still does not return this long after its creation is lost, not late. */
export const FORGOTTEN_AFTER_MS = 3_600_000;

/**
 * Warnings in the description of a successful task. Each quotes its own sentence and not the whole description, which
 * grows when DBCC answers: a changed warning would be shown again.
 */
function successWarnings(description: string): string[] {
  return (["ONLINE_DAMAGED", "ONLINE_NO_ACCOUNT"] as const).flatMap((code) => {
    const sentence = catalogue[code].match?.description?.exec(description)?.[0].trim();
    return sentence === undefined ? [] : [migrationError(code, { description: sentence }).message];
  });
}
