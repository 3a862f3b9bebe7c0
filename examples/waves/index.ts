import * as pulumi from "@pulumi/pulumi";
import { InstanceMigration } from "pulumi-alicloud-sqlserver-migration";

const config = new pulumi.Config();

const source = new InstanceMigration("source", {
  instance: config.require("instance"),
  bucket: config.require("bucket"),
  backups: "./backups",
  waves: [
    { name: "pilot", databases: "hr; crm*" },
    // For example 2026-12-04T22:00+08:00/2026-12-07T06:00+08:00.
    { name: "weekend", databases: "*", window: config.require("window") },
  ],
});

export const counts = source.counts;
export const failures = source.failures;
