import { type MigrationInputs, type Phase, phaseOf, type WaitPoint } from "../model/inputs";
import { isSameName } from "../model/names";
import type { MigrationOutputs, MigrationStatus } from "../model/outputs";
import { type ChainChange, planChainChange } from "./chain-change";
import { isCleanupDue } from "./cleanup";

/** What an update would do about a difference between what is recorded and what the program says. */
export type Change = ChainChange | { kind: "replace"; property: "instanceId" | "databaseName" };

/** Whether a status is as far as `up` was asked to go; whether increments are left to apply is another question. */
export function hasReached(status: MigrationStatus, wait: WaitPoint, phase: Phase = "online"): boolean {
  if (status === "online" || (phase === "restoring" && status === "waitingForIncrements")) return true;
  return wait === "submitted" && (status === "submitted" || status === "restoring");
}

/** Statuses in which a task exists on the instance: from here on another backup is another migration. */
export const hasTask = (recorded: MigrationOutputs): boolean =>
  recorded.migrateTaskId !== undefined || recorded.status === "online";

/**
 * Pure decision behind `diff`: "changes" only when an update would act now. The engine also asks it with exchanged roles at
 * refresh, so nothing here may depend on when or how often it is called.
 *
 * `unknown` names the inputs whose values are not known before `up`; of the time only the quota and `minInterval` ask.
 */
export function planChange(
  recorded: MigrationOutputs,
  wanted: Partial<MigrationInputs>,
  unknown: ReadonlySet<string>,
  nowMs: number,
): Change {
  if (unknown.has("instanceId") || differs(recorded.instanceId, wanted.instanceId)) {
    return { kind: "replace", property: "instanceId" };
  }
  if (unknown.has("databaseName") || differsInName(recorded.databaseName, wanted.databaseName)) {
    return { kind: "replace", property: "databaseName" };
  }
  if (recorded.status === "failed") return { kind: "update", why: "the last run failed" };
  const otherBackup = differs(recorded.backupId, wanted.backupId);
  if (otherBackup && !hasTask(recorded)) return { kind: "update", why: "another backup, and no task ran yet" };
  const chain = planChainChange(recorded, wanted, nowMs);
  const phase = unknown.has("phase") ? phaseOf(recorded) : phaseOf(wanted);
  if (!hasReached(recorded.status, wanted.wait ?? "finished", phase))
    return { kind: "update", why: "not as far as wanted", warnings: chain.warnings ?? [] };
  if (chain.kind === "update") return chain;
  if (isCleanupDue(recorded, wanted.cleanup)) return { kind: "update", why: "uploaded objects to delete" };
  const warnings = [...(chain.warnings ?? []), ...(otherBackup ? [changedTooLate(recorded)] : [])];
  return { kind: "none", warnings };
}

const changedTooLate = (recorded: MigrationOutputs): string =>
  `${recorded.databaseName} is already ${recorded.status === "online" ? "online" : "being restored"} from ${recorded.backup}; ` +
  "the other backup that the program names now is not migrated. To migrate again on purpose: drop or rename the database on RDS, " +
  "then pulumi up --replace with this resource's URN.";

/** A value that one side does not have is no difference: defaults come and go between versions. */
const differs = (recorded: string | undefined, wanted: string | undefined): boolean =>
  recorded !== undefined && wanted !== undefined && recorded !== wanted;

/** SQL Server compares database names without case (by its default collations). */
const differsInName = (recorded: string | undefined, wanted: string | undefined): boolean =>
  recorded !== undefined && wanted !== undefined && !isSameName(recorded, wanted);
