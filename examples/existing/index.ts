import * as pulumi from "@pulumi/pulumi";
import { InstanceMigration, MigrationBucket } from "pulumi-alicloud-sqlserver-migration";

const config = new pulumi.Config();

/** Neither is created, changed or destroyed by this program; the preview holds both to the rules of RDS. */
const instance = config.require("instance");
const bucket = new MigrationBucket("backups", { existing: config.require("bucket") });

const source = new InstanceMigration("source", {
  instance,
  bucket,
  folder: "from-sql01",
  backups: [{ database: "erp", backup: "./backups/erp.bak" }, "./backups/crm.bak"],
  overrides: { erp: { databaseName: "erp_prod", checkDb: "sync" } },
});

export const counts = source.counts;
export const failures = source.failures;
