import { classifyTask } from "../decisions/classify-task";
import { isMigrationError } from "../errors/migration-error";
import { taskErrorCode } from "../errors/task-errors";
import type { MigrateTask, TaskFile } from "../model/migrate-task";
import type { Job } from "../session/job";

/**
 * Records the status of each file of a task that failed or that waits for increments; other tasks cost no call. Where the
 * edition does not list files, or the call fails, the recorded files stay.
 * @returns the task, with the description of its failed file where its own description is not in the catalogue
 */
export async function fetchTaskFiles(job: Job, task: MigrateTask): Promise<MigrateTask> {
  const { kind } = classifyTask(task);
  if (kind !== "failed" && kind !== "waiting") return task;
  const files = await listFiles(job, task.taskId);
  if (files.length === 0) return task;
  job.progress.files = files.map(({ fileName, status }) => ({ name: fileName, status }));
  return kind === "failed" ? { ...task, description: describedBy(task, files) } : task;
}

/** Errors are ignored: the failure of the task matters more than the failure of this call. */
async function listFiles({ inputs, session }: Job, taskId: string): Promise<TaskFile[]> {
  try {
    return (await session.clients.rds(inputs).listTaskFiles(inputs.instanceId, taskId)) ?? [];
  } catch (error) {
    if (!isMigrationError(error)) throw error;
    return [];
  }
}

/** The console shows a failure's cause with the task or only with its file ("View File Details"). */
function describedBy({ description }: MigrateTask, files: readonly TaskFile[]): string {
  const isKnown = (text: string): boolean => taskErrorCode(text) !== "TASK_FAILED";
  if (isKnown(description)) return description;
  const texts = files.map((file) => file.description).filter((text) => text !== "" && text !== description);
  const added = texts.find(isKnown) ?? (description === "" ? texts[0] : undefined);
  return [description, added].filter((text) => text !== undefined && text !== "").join(" ");
}
