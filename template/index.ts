import * as pulumi from "@pulumi/pulumi";
import { InstanceMigration, MigrationBucket } from "pulumi-alicloud-sqlserver-migration";

const config = new pulumi.Config();
const existing = config.get("bucket") || undefined;
const bucket = new MigrationBucket("backups", existing === undefined ? { forceDestroy: true } : { existing });

/** Every full backup becomes a database; system databases and files that are no backups are left out. */
const source = new InstanceMigration("source", {
  instance: config.require("instance"),
  bucket,
  backups: config.require("backups"),
});

export const counts = source.counts;
export const failures = source.failures;
export const skipped = source.skipped;
