import type { Recheck } from "../errors/catalogue-entry";
import { failureText } from "../model/failure-text";
import type { MigrationInputs } from "../model/inputs";
import type { Failure, MigrationOutputs } from "../model/outputs";
import { comparesObject, isRetrySpent, neededMegabytes, planResubmission } from "./resubmission";

/**
 * The recorded failure of a migration, for the row of a preview: code, cause and remedy, the first failure where it was another
 * one, and what an update fetches before it sends again.
 */
export function describeRecordedFailure(recorded: MigrationOutputs, wanted: Partial<MigrationInputs>): string {
  const { failure, databaseName, status } = recorded;
  const next =
    status === "failed"
      ? describeResubmission(recorded, wanted)
      : "pulumi up continues from the point that the last run reached.";
  if (failure === undefined) return `${databaseName} failed in an earlier run; the state does not record why.\n${next}`;
  return [failureText(failure), ...firstFailureLine(recorded), next].join("\n");
}

/** One line with the failure before the first retry; nothing where the last failure is the same. */
export function firstFailureLine({ firstFailure, failure }: FailureRecord): string[] {
  if (firstFailure === undefined || isSameFailure(firstFailure, failure)) return [];
  return [`First failure: ${summaryOf(firstFailure)}`];
}

/** The failures that a state records. */
export interface FailureRecord {
  firstFailure?: Failure | undefined;
  failure?: Failure | undefined;
  retriedAfter?: MigrationOutputs["retriedAfter"];
}

/** The code and the first line of the cause. */
export const summaryOf = ({ code, cause }: Failure): string => `${code}: ${cause.split("\n")[0]}`;

/** Returns the failures to record after another failure: the first one is kept until the migration succeeds. */
export function recordFailure(
  { firstFailure, failure: last, retriedAfter }: FailureRecord,
  failure: Failure,
): Pick<FailureRecord, "failure" | "firstFailure"> {
  const first = reported(firstFailure ?? last);
  return {
    failure: withSpentRetry(failure, retriedAfter),
    firstFailure: isSameFailure(first, failure) ? undefined : first,
  };
}

/** Returns a failure without the mark of a refresh. */
export function reported<F extends Failure | undefined>(failure: F): F {
  if (failure === undefined) return failure;
  const { unreported: _mark, ...known } = failure;
  return known as F;
}

/** Adds to the remedy what sends the migration again, when its one automatic retry for this cause is spent. */
export function withSpentRetry(failure: Failure, retriedAfter: MigrationOutputs["retriedAfter"]): Failure {
  if (!isRetrySpent({ retriedAfter }, failure) || failure.remedy.endsWith(SPENT)) return failure;
  return { ...failure, remedy: `${failure.remedy} ${SPENT}` };
}

const SPENT =
  "It was sent again once after this failure; to send it once more, change retryTrigger or another input, or use pulumi up --replace URN.";

/** Two attempts that fail for one cause differ in numbers only, such as the task's id and the free space. */
const isSameFailure = (one: Failure | undefined, other: Failure | undefined): boolean =>
  one?.code === other?.code && withoutNumbers(one) === withoutNumbers(other);

const withoutNumbers = (failure: Failure | undefined): string | undefined => failure?.cause.replace(/\d+/g, "");

function describeResubmission(failed: MigrationOutputs, wanted: Partial<MigrationInputs>): string {
  const plan = planResubmission(failed, wanted);
  switch (plan.kind) {
    case "continue":
      return `pulumi up continues migration task ${plan.taskId} after the last applied file.`;
    case "adopt":
      return "pulumi up sends nothing: it adopts what exists on RDS.";
    case "send":
      return SENT[plan.why];
    case "recheck": {
      const lookup = `Before pulumi up sends again, it ${LOOKUPS[plan.recheck](failed)}.`;
      return comparesObject(wanted) ? `${lookup} It also sends again if ${wanted.backup} has changed.` : lookup;
    }
    case "refuse":
    case "waitForPerson":
      return comparesObject(wanted)
        ? `Before pulumi up sends again, it compares ${wanted.backup}: the object must have changed.`
        : "pulumi up does not send again until the backup, checkDb, allowOverwrite or retryTrigger changes.";
  }
}

const SENT = {
  noTask: "pulumi up tries again: the last run created no migration task.",
  passes: "pulumi up sends again without a lookup: the cause ends by itself.",
  otherMigration: "pulumi up sends again: the program names another backup or other settings.",
} as const;

/** The lookup of each recheck and the result that permits another task. */
const LOOKUPS: Record<Recheck, (failed: MigrationOutputs) => string> = {
  databaseName: ({ instanceId, databaseName }) =>
    `lists the databases of ${instanceId}: ${databaseName} must not exist there`,
  databaseCount: ({ instanceId }) => `counts the databases of ${instanceId}: they must be fewer than its limit`,
  space: ({ instanceId, failure }) => {
    const megabytes = neededMegabytes(failure?.cause ?? "");
    const needed = megabytes === undefined ? "enough" : `${megabytes} MB`;
    return `reads the free space of ${instanceId}: ${needed} must be free`;
  },
  instance: ({ instanceId }) => `reads the status of ${instanceId}: it must be Running and not locked`,
  role: () => "reads the RAM role of the import: it must exist",
  object: ({ objectKey, bucket }) =>
    `reads the object ${objectKey ?? "of the backup"}${bucket === undefined ? "" : ` in ${bucket}`}: it must exist`,
};
