import { catalogue, type ErrorCode } from "../errors/catalogue";
import type { Recheck } from "../errors/catalogue-entry";
import { adoptedTask, type MigrationInputs } from "../model/inputs";
import { isOssUrl } from "../model/location";
import type { Failure, MigrationOutputs } from "../model/outputs";

/** How an update treats a failed migration. */
export type Resubmission =
  | { kind: "send"; why: "noTask" | "passes" | "otherMigration" }
  /** It fetches the fact first and sends again only if the cause is fixed. */
  | { kind: "recheck"; recheck: Recheck }
  /** It sends nothing and reports the recorded failure again, unless the object that the program names has changed. */
  | { kind: "refuse" }
  /** As `refuse`: the migration was submitted again once after this failure, and the service reported it again. */
  | { kind: "waitForPerson" }
  /** The recorded task still holds the full backup and the increments applied so far. */
  | { kind: "continue"; taskId: string }
  | { kind: "adopt" };

/**
 * Plans the next update of a failed migration, from the state alone. Each task counts towards the limit of 20 a day, so a
 * pipeline that runs `up` every few minutes must not repeat the same failure.
 */
export function planResubmission(failed: MigrationOutputs, wanted: Partial<MigrationInputs>): Resubmission {
  const { failure, migrateTaskId, chain } = failed;
  if (migrateTaskId !== undefined && chain?.reachedLsn !== undefined)
    return { kind: "continue", taskId: migrateTaskId };
  if (wanted.adopt === true || adoptedTask(wanted) !== undefined) return { kind: "adopt" };
  if (failure === undefined || migrateTaskId === undefined) return { kind: "send", why: "noTask" };
  if (isOtherMigration(failed, wanted)) return { kind: "send", why: "otherMigration" };
  if (failure.retry === "passes") return { kind: "send", why: "passes" };
  if (isRetrySpent(failed, failure)) return { kind: "waitForPerson" };
  const recheck = failure.retry === "afterFix" ? recheckOf(failure) : undefined;
  return recheck === undefined ? { kind: "refuse" } : { kind: "recheck", recheck };
}

/**
 * Whether the migration was already submitted again after this failure. A lookup only infers that the cause is gone, so the
 * service's second report of it counts more. A cause that ends by itself needs no lookup.
 */
export const isRetrySpent = (
  { retriedAfter = [] }: Pick<MigrationOutputs, "retriedAfter">,
  { code, retry }: Failure,
): boolean => retry !== "passes" && retriedAfter.some(({ failure }) => failure.code === code);

/** Whether an update has to fail for a failure that a refresh found, whatever it sends: nobody has changed an input since. */
export function mustReport(recorded: MigrationOutputs, wanted: Partial<MigrationInputs>): boolean {
  if (recorded.failure?.unreported !== true) return false;
  const plan = planResubmission(recorded, wanted);
  return plan.kind !== "adopt" && !(plan.kind === "send" && plan.why === "otherMigration");
}

/** What the catalogue checks before a failure's migration is sent again. */
function recheckOf({ code }: Failure): Recheck | undefined {
  const found: { recheck?: Recheck } = code in catalogue ? catalogue[code as ErrorCode] : {};
  return found.recheck;
}

/** Another content, or a changed input that the service acts on. */
const isOtherMigration = (failed: MigrationOutputs, wanted: Partial<MigrationInputs>): boolean =>
  wanted.backupId !== failed.backupId ||
  (wanted.checkDb ?? "async") !== (failed.checkDb ?? "async") ||
  wanted.allowOverwrite !== failed.allowOverwrite ||
  wanted.retryTrigger !== failed.retryTrigger;

/** The space that the service's text of a failure asks for; MB. */
export function neededMegabytes(cause: string): number | undefined {
  const [, needed, fileSize] = /needed \(?(\d+) MB|bak file (\d+) MB/i.exec(cause) ?? [];
  const megabytes = needed ?? fileSize;
  return megabytes === undefined ? undefined : Number(megabytes);
}

/** Whether an update also compares the object that the program names: it may have been replaced under the same key. */
export const comparesObject = ({ backup }: Partial<MigrationInputs>): boolean =>
  backup !== undefined && isOssUrl(backup);
