import * as alicloud from "@pulumi/alicloud";
import * as pulumi from "@pulumi/pulumi";
import {
  type CheckDbMode,
  type FindingMode,
  InstanceMigration,
  MigrationAccess,
  MigrationBucket,
  type WaitPoint,
} from "pulumi-alicloud-sqlserver-migration";

const config = new pulumi.Config();
/** A key that Pulumi.yaml declares always has a value; an empty value means "not set". */
const optional = (key: string): string | undefined => config.get(key) || undefined;

/** Protects the instance and the bucket against destroy and replacement, which would delete every database and backup. */
const protect = config.requireBoolean("protect");

const existingBucket = optional("bucket");
const bucket = new MigrationBucket(
  "backups",
  existingBucket !== undefined
    ? { existing: existingBucket }
    : { forceDestroy: !protect, expireBackupsAfterDays: config.getNumber("expireBackupsAfterDays") || undefined },
);

const existingInstance = optional("instance");
const vswitchId = optional("vswitchId");
// Without a vSwitch the alicloud provider requests the classic network.
if (existingInstance === undefined && vswitchId === undefined)
  throw new pulumi.RunError(
    "Neither instance nor vswitchId is configured, and RDS creates no instance with cloud disks outside a VPC: " +
      "set instance to use an existing instance (rm-...), or vswitchId to create one there (vsw-...).",
  );

const instance =
  existingInstance ??
  new alicloud.rds.Instance(
    "sqlserver",
    {
      engine: "SQLServer",
      engineVersion: config.require("engineVersion"),
      instanceType: config.require("instanceType"),
      instanceStorage: config.requireNumber("storageGb"),
      dbInstanceStorageType: config.require("storageType"),
      vswitchId,
      securityIps: config.requireObject<string[]>("securityIps"),
      deletionProtection: protect,
    },
    { protect },
  );

/** A new instance has no account to log in with. RDS assigns its databases to this privileged account. */
const accountPassword = config.getSecret("accountPassword");
const account =
  accountPassword &&
  new alicloud.rds.RdsAccount("admin", {
    dbInstanceId: pulumi.Resource.isInstance(instance) ? instance.id : instance,
    accountName: config.require("accountName"),
    accountPassword,
    accountType: "Super",
  });

const access = config.requireBoolean("createRole")
  ? new MigrationAccess("access", { createRole: true, instance, bucket })
  : undefined;

const folderOrManifest = optional("backups");
const plan = optional("plan");
const runners = config.requireObject<number[]>("runners");
const migration = new InstanceMigration(
  "migration",
  {
    instance,
    bucket,
    access,
    backups: folderOrManifest ?? config.requireObject<string[]>("backupFiles"),
    databases: { include: optional("include"), exclude: optional("exclude") },
    excludeFiles: optional("excludeFiles"),
    waves: plan === undefined ? undefined : { plan, runner: runners.length === 0 ? undefined : runners },
    folder: config.require("folder"),
    checkDb: config.require<CheckDbMode>("checkDb", { allowedValues: ["async", "sync"] }),
    onFinding: config.require<FindingMode>("onFinding", { allowedValues: ["stop", "isolate"] }),
    wait: config.require<WaitPoint>("wait", { allowedValues: ["finished", "submitted"] }),
    timeout: config.require("timeout"),
    pollInterval: config.require("pollInterval"),
    endpoint: config.require("endpoint"),
  },
  { dependsOn: account ?? [] },
);

export const instanceId = pulumi.Resource.isInstance(instance) ? instance.id : instance;
export const bucketName = bucket.bucketName;
/** The number of databases in total and by result. */
export const counts = migration.counts;
/** The failed databases, each with code, cause and remedy. */
export const failures = migration.failures;
/** Skipped files, with the reasons. */
export const skipped = migration.skipped;
