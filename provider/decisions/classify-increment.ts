import { taskErrorCode } from "../errors/task-errors";
import type { MigrateTask, TaskFile } from "../model/migrate-task";
import { classifyTask } from "./classify-task";

/** State of a file that the service has accepted. */
export type IncrementStatus =
  | { kind: "pending" }
  | { kind: "applied" }
  | { kind: "failed"; description: string }
  /** The service reports a status that means neither an end nor progress. */
  | { kind: "unclear"; detail: string };

export interface IncrementInput {
  task: Pick<MigrateTask, "status" | "description">;
  /** The service's entry for this file; null: not listed yet; undefined: the edition does not list files. */
  entry: TaskFile | null | undefined;
  /** Whether the task was observed at work after the file was accepted. */
  sawWork: boolean;
  /** Time since the file was accepted. */
  waitedMs: number;
  /**
   * Without a list of files, a task that still shows Waiting may not have started on the file. After this time the file
   * counts as applied. If that is wrong, the service refuses the next file while the task is at work, and nothing is
   * lost.
   */
  begunWithinMs: number;
}

/** Classifies one poll. The file's own status decides where the service lists files; the task's status has to agree. */
export function classifyIncrement(input: IncrementInput): IncrementStatus {
  const { task, entry } = input;
  const { kind } = classifyTask(task);
  if (entry === undefined) return classifyByTask(input);
  if (entry !== null && isFileFailure(entry.status))
    return { kind: "failed", description: entry.description || task.description || entry.status };
  if (kind === "failed") return { kind: "failed", description: task.description };
  if (entry === null || kind !== "waiting") return { kind: "pending" };
  if (isRestored(entry.status)) return { kind: "applied" };
  return isAtWork(entry.status) ? { kind: "pending" } : { kind: "unclear", detail: `its status is ${entry.status}` };
}

function classifyByTask({ task, sawWork, waitedMs, begunWithinMs }: IncrementInput): IncrementStatus {
  const { kind } = classifyTask(task);
  if (reportsFailure(task)) return { kind: "failed", description: task.description };
  return kind === "waiting" && (sawWork || waitedMs >= begunWithinMs) ? { kind: "applied" } : { kind: "pending" };
}

/** Whether a task has failed, or waits again with a description that is a known failure of a file. */
export function reportsFailure(task: Pick<MigrateTask, "status" | "description">): boolean {
  const { kind } = classifyTask(task);
  const isKnownFailure = task.description !== "" && taskErrorCode(task.description) !== "TASK_FAILED";
  return kind === "failed" || (kind === "waiting" && isKnownFailure);
}

export const isRestored = (status: string): boolean => /^restored$/i.test(status);

/** DeleteFailed concerns the downloaded copy, not the restore. */
export const isFileFailure = (status: string): boolean => /failed$/i.test(status) && !/^deletefailed$/i.test(status);

const isAtWork = (status: string): boolean =>
  ["nostart", "downloading", "finished", "checksuccess", "restoring", ""].includes(status.toLowerCase());
