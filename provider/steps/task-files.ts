import { classifyTask } from "../decisions/classify-task";
import { isMigrationError } from "../errors/migration-error";
import { taskErrorCode } from "../errors/task-errors";
import type { MigrateTask, TaskFile } from "../model/migrate-task";
import type { Job } from "../session/job";

/**
 * Writes down how far the service came with each file of a task that failed or that waits for increments; a healthy task
 * costs no call. Where the edition does not tell, or the look fails, the files stay as they are known.
 * @returns the task, with the words of the file that failed where its own words say nothing that is known here
 */
export async function fetchTaskFiles(job: Job, task: MigrateTask): Promise<MigrateTask> {
  const { kind } = classifyTask(task);
  if (kind !== "failed" && kind !== "waiting") return task;
  const files = await listFiles(job, task.taskId);
  if (files.length === 0) return task;
  job.progress.files = files.map(({ fileName, status }) => ({ name: fileName, status }));
  return kind === "failed" ? { ...task, description: describedBy(task, files) } : task;
}

/** The failure itself matters more than the look behind it: what that is refused with is nobody's concern here. */
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
  const said = files.map((file) => file.description).filter((text) => text !== "" && text !== description);
  const telling = said.find(isKnown) ?? (description === "" ? said[0] : undefined);
  return [description, telling].filter((text) => text !== undefined && text !== "").join(" ");
}
