import type { AccountFacts, InstanceFacts } from "../aliyun/rds-api";
import { isCloudDisk2008R2 } from "../model/engine-version";
import { errorOf, type Finding, warningOf } from "./finding";

/** Transient instance states, after which a migration continues. @see DescribeDBInstanceAttribute, DBInstanceStatus */
const TRANSIENT_STATES = [
  ...["Creating", "Rebooting", "DBInstanceClassChanging", "TRANSING", "EngineVersionUpgrading", "TransingToOthers"],
  ...["GuardDBInstanceCreating", "Restoring", "Importing", "ImportingFromOthers", "DBInstanceNetTypeChanging"],
  ...["GuardSwitching", "INS_CLONING", "MinorVersionUpgrading"],
];

/** Reasons why an instance cannot run any migration. */
export function checkInstance(facts: InstanceFacts): Finding[] {
  const { instanceId: instance, engine, engineVersion, type, lockMode, lockReason } = facts;
  if (!/^sqlserver$/i.test(engine)) return [errorOf("INSTANCE_NOT_SQLSERVER", { instance, engine })];
  const findings: Finding[] = [];
  if (type !== "" && type !== "Primary") findings.push(errorOf("INSTANCE_NOT_PRIMARY", { instance, type }));
  if (!isUnlocked(lockMode)) findings.push(errorOf("INSTANCE_LOCKED", { instance, lockMode, reason: lockReason }));
  if (isCloudDisk2008R2(engineVersion)) findings.push(warningOf("VERSION_2008R2_CLOUD", { instance }));
  return findings;
}

/**
 * Whether the instance can run a migration now. A transient state is a warning: this migration's own task may have
 * caused it.
 */
export function checkStatus({ instanceId: instance, status }: InstanceFacts): Finding | undefined {
  if (status === "Running") return undefined;
  const passes = TRANSIENT_STATES.some((state) => state.toLowerCase() === status.toLowerCase());
  return (passes ? warningOf : errorOf)("INSTANCE_NOT_RUNNING", { instance, status, passes });
}

/** Without a privileged account nobody can use a restored database. */
export function checkAccounts(instance: string, accounts: readonly AccountFacts[]): Finding[] {
  // `Super` and `Sysadmin` today; an unknown type counts as privileged.
  const privileged = accounts.some(({ type, status }) => !/^normal$/i.test(type) && !/^unavailable$/i.test(status));
  return privileged ? [] : [warningOf("ACCOUNT_MISSING", { instance })];
}

/** `Unlock` in any case, or empty. */
export const isUnlocked = (lockMode: string): boolean => lockMode === "" || /^unlock$/i.test(lockMode);
