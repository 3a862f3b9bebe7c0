import { reported, summaryOf } from "../decisions/failure-notice";
import type { Failure, MigrationOutputs } from "../model/outputs";
import type { Job } from "../session/job";
import { planRetry } from "../steps/resubmit";

/**
 * Requires a change since a migration failed, or a cause that seems to be gone; logs and records such a retry. Runs before the
 * upload, which reads whole files.
 */
export async function requireRetry(job: Job, prior: MigrationOutputs): Promise<void> {
  const { failure, migrateTaskId, retriedAfter = [] } = prior;
  const retry = await planRetry(job, prior);
  if (retry === undefined) throw new StillFailed(reported(failure));
  if (retry === "changed") job.progress.retriedAfter = undefined;
  if (failure === undefined) return;
  if (retry !== "inferred" || migrateTaskId === undefined) {
    job.log.info(`retries after ${summaryOf(failure)}`);
    return;
  }
  const others = retriedAfter.filter((each) => each.failure.code !== failure.code);
  job.progress.retriedAfter = [...others, { migrateTaskId, failure: reported(failure) }];
  if (failure.retry === "passes") {
    job.log.warning(`retries after ${summaryOf(failure)}\nThe cause ends by itself.`);
    return;
  }
  job.log.warning(
    `retries after ${summaryOf(failure)}\nNobody has changed an input, but the cause seems to be gone. The migration is submitted again once for this cause; after that it waits for a change.`,
  );
}

/** The recorded failure still applies: it is reported again, and nothing is sent. */
export class StillFailed extends Error {
  constructor(readonly failure: Failure | undefined) {
    super("still failed");
  }
}
