import type { RdsDatabase } from "./database";

/** An account of an instance. `Super` and `Sysadmin` are privileged and can access a restored database. */
export interface RdsAccount {
  name: string;
  type: string;
  status: string;
  description: string;
}

/** A database instance. `status`, `lockMode`, `category` and the like have RDS's values. */
export interface RdsInstance {
  id: string;
  description: string;
  engine: string;
  /** For example `2022_std_ha`; the legacy rules apply to `2008r2`. */
  engineVersion: string;
  status: string;
  /** When `status` changes to `Running`, milliseconds since the epoch; null when it does not change. */
  runningFromMs: number | null;
  lockMode: string;
  lockReason: string;
  /** Primary, Readonly, Guard or Temp. */
  instanceType: string;
  category: string;
  regionId: string;
  zoneId: string;
  instanceClass: string;
  storageGb: number;
  storageType: string;
  /** Disk space used by anything other than user databases, bytes. */
  systemBytes: number;
  dbMaxQuantity: number;
  collation: string;
  timeZone: string;
  maintainTime: string;
  deletionProtection: boolean;
  payType: string;
  vpcId: string;
  vSwitchId: string;
  connectionString: string;
  port: string;
  createdAtMs: number;
  accounts: RdsAccount[];
  securityIps: string;
  tags: Record<string, string>;
  /** Actions that this instance refuses with EngineVersionNotSupported, in addition to those its version refuses. */
  unsupportedActions: string[];
  /** Members that DescribeDBInstanceAttribute omits, as the service does for some editions. */
  withheldAttributes?: string[];
}

const GIB = 1024 ** 3;

/**
 * The `DatabaseVersion` that each engine writes, which is also the newest it restores, by the prefix of EngineVersion.
 */
const DATABASE_VERSION_BY_ENGINE: Record<string, number> = {
  "2008r2": 661,
  "08r2": 661,
  "2012": 706,
  "2014": 782,
  "2016": 852,
  "2017": 869,
  "2019": 904,
  "2022": 957,
  "2025": 998,
};

/** SQL Server 2005, the oldest version whose backups 2012 and later restore. */
const OLDEST_DATABASE_VERSION = 611;

/** Returns the range of `DatabaseVersion` that this engine restores; undefined for an unknown engine version. */
export function restorableVersions(engineVersion: string): { oldest: number; newest: number } | undefined {
  const newest = DATABASE_VERSION_BY_ENGINE[engineVersion.split("_")[0] ?? ""];
  return newest === undefined ? undefined : { oldest: OLDEST_DATABASE_VERSION, newest };
}

/**
 * Whether the rules of 2008 R2 on local disks apply: OSSUrls, an existing database that is overwritten and opened at
 * once.
 */
export const isLegacy2008R2 = (instance: RdsInstance): boolean => instance.engineVersion === "2008r2";

export function instanceStatus(instance: RdsInstance, nowMs: number): string {
  return instance.runningFromMs !== null && nowMs >= instance.runningFromMs ? "Running" : instance.status;
}

/** Whether an account can access a restored database. */
export const hasPrivilegedAccount = (instance: RdsInstance): boolean =>
  instance.accounts.some((account) => account.type !== "Normal" && account.status === "Available");

export const storageBytes = (instance: RdsInstance): number => instance.storageGb * GIB;

/** Used disk space, bytes: the system and all databases of the instance. */
export const diskUsedBytes = (instance: RdsInstance, databases: readonly RdsDatabase[]): number =>
  databases
    .filter((database) => database.instanceId === instance.id)
    .reduce((sum, database) => sum + database.sizeBytes, instance.systemBytes);

/**
 * Whether the instance supports this action.
 *
 * The SDK's client documents that SQL Server 2017 on Cluster Edition does not support DescribeMigrateTasks, and 2017 EE
 * and 2019 EE do not support DescribeOssDownloads.
 */
export function supportsAction(instance: RdsInstance, action: string): boolean {
  if (instance.unsupportedActions.includes(action)) return false;
  const { engineVersion, category } = instance;
  if (action === "DescribeOssDownloads") return engineVersion !== "2017_ent" && engineVersion !== "2019_ent";
  if (action === "DescribeMigrateTasks") return !(engineVersion === "2017_ent" && category === "AlwaysOn");
  return true;
}
