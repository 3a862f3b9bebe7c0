import type { RdsDatabase } from "./database";

/** An account of an instance: `Super` and `Sysadmin` are privileged, so that they reach a restored database. */
export interface RdsAccount {
  name: string;
  type: string;
  status: string;
  description: string;
}

/** A database instance. Words (`status`, `lockMode`, `category`, …) are kept as RDS spells them. */
export interface RdsInstance {
  id: string;
  description: string;
  engine: string;
  /** Such as `2022_std_ha`; `2008r2` is the one with the legacy rules. */
  engineVersion: string;
  status: string;
  /** From when on `status` gives way to `Running`, milliseconds since the epoch; null while it stays. */
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
  /** What is on the disk besides user databases, bytes. */
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
  /** Calls that this instance refuses with EngineVersionNotSupported, beyond those its version refuses. */
  unsupportedActions: string[];
  /** Members that DescribeDBInstanceAttribute leaves out, as the service does for some editions. */
  withheldAttributes?: string[];
}

const GIB = 1024 ** 3;

/** `DatabaseVersion` that each engine writes and the newest that it restores, by the start of EngineVersion. */
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

/** SQL Server 2005, the oldest whose backups 2012 and later restore. */
const OLDEST_DATABASE_VERSION = 611;

/** The range of `DatabaseVersion` in a backup's header that this engine restores; undefined for an unknown engine. */
export function restorableVersions(engineVersion: string): { oldest: number; newest: number } | undefined {
  const newest = DATABASE_VERSION_BY_ENGINE[engineVersion.split("_")[0] ?? ""];
  return newest === undefined ? undefined : { oldest: OLDEST_DATABASE_VERSION, newest };
}

/** 2008 R2 on premium local disks: OSSUrls, an existing database that is overwritten, always opened at once. */
export const isLegacy2008R2 = (instance: RdsInstance): boolean => instance.engineVersion === "2008r2";

export function instanceStatus(instance: RdsInstance, nowMs: number): string {
  return instance.runningFromMs !== null && nowMs >= instance.runningFromMs ? "Running" : instance.status;
}

/** Whether somebody can reach a restored database. */
export const hasPrivilegedAccount = (instance: RdsInstance): boolean =>
  instance.accounts.some((account) => account.type !== "Normal" && account.status === "Available");

export const storageBytes = (instance: RdsInstance): number => instance.storageGb * GIB;

/** Bytes on the disk: the system's and every database of the instance. */
export const diskUsedBytes = (instance: RdsInstance, databases: readonly RdsDatabase[]): number =>
  databases
    .filter((database) => database.instanceId === instance.id)
    .reduce((sum, database) => sum + database.sizeBytes, instance.systemBytes);

/**
 * Whether the instance's version answers this call.
 *
 * Documented in the SDK's client: DescribeMigrateTasks not for SQL Server 2017 on Cluster Edition, DescribeOssDownloads not
 * for 2017 EE and 2019 EE.
 */
export function supportsAction(instance: RdsInstance, action: string): boolean {
  if (instance.unsupportedActions.includes(action)) return false;
  const { engineVersion, category } = instance;
  if (action === "DescribeOssDownloads") return engineVersion !== "2017_ent" && engineVersion !== "2019_ent";
  if (action === "DescribeMigrateTasks") return !(engineVersion === "2017_ent" && category === "AlwaysOn");
  return true;
}
