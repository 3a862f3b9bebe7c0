import type { AccountFacts, InstanceFacts } from "../aliyun/rds-api";
import { isCloudDisk2008R2 } from "../model/engine-version";
import { errorOf, type Finding, warningOf } from "./finding";

/** Instance states that end by themselves and after which a migration goes on. @see DescribeDBInstanceAttribute, DBInstanceStatus */
const PASSING_STATES = [
  ...["Creating", "Rebooting", "DBInstanceClassChanging", "TRANSING", "EngineVersionUpgrading", "TransingToOthers"],
  ...["GuardDBInstanceCreating", "Restoring", "Importing", "ImportingFromOthers", "DBInstanceNetTypeChanging"],
  ...["GuardSwitching", "INS_CLONING", "MinorVersionUpgrading"],
];

/** What makes an instance unable to take any migration. */
export function checkInstance(facts: InstanceFacts): Finding[] {
  const { instanceId: instance, engine, engineVersion, type, lockMode, lockReason } = facts;
  if (!/^sqlserver$/i.test(engine)) return [errorOf("INSTANCE_NOT_SQLSERVER", { instance, engine })];
  const findings: Finding[] = [];
  if (type !== "" && type !== "Primary") findings.push(errorOf("INSTANCE_NOT_PRIMARY", { instance, type }));
  if (!isUnlocked(lockMode)) findings.push(errorOf("INSTANCE_LOCKED", { instance, lockMode, reason: lockReason }));
  if (isCloudDisk2008R2(engineVersion)) findings.push(warningOf("VERSION_2008R2_CLOUD", { instance }));
  return findings;
}

/** Whether it takes one now: a warning in a state that ends by itself, which this migration's own task may have caused. */
export function checkStatus({ instanceId: instance, status }: InstanceFacts): Finding | undefined {
  if (status === "Running") return undefined;
  const passes = PASSING_STATES.some((state) => state.toLowerCase() === status.toLowerCase());
  return (passes ? warningOf : errorOf)("INSTANCE_NOT_RUNNING", { instance, status, passes });
}

/** Without a privileged account a restored database is online and out of reach. */
export function checkAccounts(instance: string, accounts: readonly AccountFacts[]): Finding[] {
  // `Super` and `Sysadmin` today; a kind that is invented tomorrow gets the benefit of the doubt.
  const privileged = accounts.some(({ type, status }) => !/^normal$/i.test(type) && !/^unavailable$/i.test(status));
  return privileged ? [] : [warningOf("ACCOUNT_MISSING", { instance })];
}

/** `Unlock`, in any spelling, or no word at all. */
export const isUnlocked = (lockMode: string): boolean => lockMode === "" || /^unlock$/i.test(lockMode);
