import { isNewTaskFailure, waitsForIncrements } from "../decisions/run-record";
import { runChain } from "../increments/run-chain";
import type { MigrationOutputs } from "../model/outputs";
import type { Job } from "../session/job";
import { verifyAccessible } from "../steps/accessibility";
import { cleanUp } from "../steps/clean-up";
import { followTask } from "../steps/follow-task";
import { removeLocks } from "../submission-lock/job-locks";
import { type ConvergeRequest, endRun, errorOf, stillRunning, timeoutReason } from "./end-run";
import { findOrCreateTask } from "./find-task";

/**
 * Brings a migration to the point that its inputs ask for; create and update both call it. Each step checks what exists before
 * it acts, so a run can be killed at any point and the next one continues: 1. if the object is missing or differs from the
 * backup, upload it or resume the upload; 2. if the object has no task, create one; 3. follow the task.
 * @returns the outputs at that point
 * @throws InitError with all known outputs, when something exists in the cloud but the point was not reached
 */
export async function converge(request: ConvergeRequest): Promise<MigrationOutputs> {
  const { job, prior } = request;
  const { inputs, progress } = job;
  try {
    const task = await findOrCreateTask(job, prior);
    if (task === "finished") {
      await cleanUp(job);
      return endRun(request);
    }
    const followed = waitsForIncrements(job, task) ? await runChain(job, task) : await followTask(job, task);
    if (followed === "timedOut") throw stillRunning(request, timeoutReason(job));
    await verifyAccessible(job);
    if (progress.status === "online") await removeAllLocks(job);
    await cleanUp(job);
    return endRun(request);
  } catch (error) {
    if (isNewTaskFailure(progress, prior)) await removeLocks(job, { ...inputs, ...progress });
    throw await errorOf(request, error);
  }
}

/** Removes the submission locks of the full backup and of each increment. */
async function removeAllLocks(job: Job): Promise<void> {
  const { inputs, progress } = job;
  const increments = (progress.chain?.files ?? []).filter(({ type }) => type !== "FULL");
  for (const { objectKey } of [{ objectKey: progress.objectKey }, ...increments]) {
    await removeLocks(job, { ...inputs, ...progress, objectKey });
  }
}
