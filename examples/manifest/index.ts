import * as pulumi from "@pulumi/pulumi";
import { InstanceMigration } from "pulumi-alicloud-sqlserver-migration";

const config = new pulumi.Config();

/** The databases are those of the manifest, which lies in git; the backups themselves do not. */
const source = new InstanceMigration("source", {
  instance: config.require("instance"),
  bucket: config.require("bucket"),
  backups: "./backups.json",
});

export const counts = source.counts;
export const failures = source.failures;
