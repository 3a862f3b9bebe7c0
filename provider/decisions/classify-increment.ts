import type { TaskFile } from "../aliyun/rds-api";
import { taskErrorCode } from "../errors/task-errors";
import type { MigrateTask } from "../model/migrate-task";
import { classifyTask } from "./classify-task";

/** What has become of a file that the service has accepted. */
export type IncrementStatus =
  | { kind: "pending" }
  | { kind: "applied" }
  | { kind: "failed"; description: string }
  /** The service says something that is neither an end nor work. */
  | { kind: "unclear"; said: string };

export interface IncrementInput {
  task: Pick<MigrateTask, "status" | "description">;
  /** The service's entry for this file; null: not listed yet; undefined: the edition does not list files. */
  entry: TaskFile | null | undefined;
  /** The task was seen at work after the file was accepted. */
  sawWork: boolean;
  /** Since the file was accepted, milliseconds. */
  waitedMs: number;
  /**
   * Without a list of files, a task that still shows Waiting may not have begun with the file; after so long it counts as
   * having begun and ended. If that is wrong, the next file is refused as long as the task is at work, and nothing is lost.
   */
  begunWithinMs: number;
}

/** Judges one look. A file's own status decides where the service tells it; the task's has to agree. */
export function classifyIncrement(question: IncrementInput): IncrementStatus {
  const { task, entry } = question;
  const { kind } = classifyTask(task);
  if (entry === undefined) return judgeByTask(question);
  if (entry !== null && isFileFailure(entry.status))
    return { kind: "failed", description: entry.description || task.description || entry.status };
  if (kind === "failed") return { kind: "failed", description: task.description };
  if (entry === null || kind !== "waiting") return { kind: "pending" };
  if (isRestored(entry.status)) return { kind: "applied" };
  return isAtWork(entry.status) ? { kind: "pending" } : { kind: "unclear", said: `its status is ${entry.status}` };
}

function judgeByTask({ task, sawWork, waitedMs, begunWithinMs }: IncrementInput): IncrementStatus {
  const { kind } = classifyTask(task);
  if (saysFailure(task)) return { kind: "failed", description: task.description };
  return kind === "waiting" && (sawWork || waitedMs >= begunWithinMs) ? { kind: "applied" } : { kind: "pending" };
}

/** A task that has failed, or that waits again and says of a file what is known as a failure. */
export function saysFailure(task: Pick<MigrateTask, "status" | "description">): boolean {
  const { kind } = classifyTask(task);
  const saysKnown = task.description !== "" && taskErrorCode(task.description) !== "TASK_FAILED";
  return kind === "failed" || (kind === "waiting" && saysKnown);
}

export const isRestored = (status: string): boolean => /^restored$/i.test(status);

/** DeleteFailed is about the downloaded copy, not about the restore. */
export const isFileFailure = (status: string): boolean => /failed$/i.test(status) && !/^deletefailed$/i.test(status);

const isAtWork = (status: string): boolean =>
  ["nostart", "downloading", "finished", "checksuccess", "restoring", ""].includes(status.toLowerCase());
