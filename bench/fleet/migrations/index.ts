import * as pulumi from "@pulumi/pulumi";
import { InstanceMigration } from "pulumi-alicloud-sqlserver-migration";

const config = new pulumi.Config();

/** A whole instance, as a program would write it: a committed manifest, an instance and a bucket that exist. */
new InstanceMigration("fleet", {
  instance: config.require("instanceId"),
  bucket: config.require("bucket"),
  backups: config.require("manifest"),
  pollInterval: "500ms",
});
