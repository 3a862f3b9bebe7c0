import { basename } from "node:path";
import * as alicloud from "@pulumi/alicloud";
import * as pulumi from "@pulumi/pulumi";
import { DatabaseMigration } from "pulumi-alicloud-sqlserver-migration";

const config = new pulumi.Config();

/** Standard, private and without server-side encryption, as RDS demands of the bucket it reads backups from. */
const bucket =
  config.get("bucket") || new alicloud.oss.Bucket("backups", { storageClass: "Standard", redundancyType: "LRS" }).id;

/** Protected: replacing or destroying an instance deletes every database in it. */
const instanceId =
  config.get("instanceId") ||
  new alicloud.rds.Instance(
    "sqlserver",
    {
      engine: "SQLServer",
      engineVersion: config.require("engineVersion"),
      instanceType: config.require("instanceType"),
      instanceStorage: config.requireNumber("storageGb"),
      vswitchId: config.get("vswitchId") || undefined,
      deletionProtection: true,
    },
    { protect: true },
  ).id;

const migrations = config.requireObject<string[]>("backups").map(
  (backup) =>
    new DatabaseMigration(basename(backup).replace(/\.bak$/i, ""), {
      instanceId,
      bucket,
      backup,
      wait: config.require("wait") as "finished" | "submitted",
      timeout: config.require("timeout"),
      pollInterval: config.require("pollInterval"),
    }),
);

/** What a person wants to see afterwards. */
export const databases = migrations.map(({ databaseName, status, sizeBytes, dataAsOf, migrateTaskId, warnings }) => ({
  databaseName,
  status,
  sizeBytes,
  dataAsOf,
  migrateTaskId,
  warnings,
}));
