import * as pulumi from "@pulumi/pulumi";
import { InstanceMigration, MigrationBucket } from "pulumi-alicloud-sqlserver-migration";

const instance = new pulumi.Config().require("instance");
const bucket = new MigrationBucket("backups", { forceDestroy: true });

/** Every full backup in the folder becomes a database; system databases and files that are no backups are left out. */
const source = new InstanceMigration("source", {
  instance,
  bucket,
  backups: "./backups",
});

export const counts = source.counts;
export const failures = source.failures;
export const skipped = source.skipped;
