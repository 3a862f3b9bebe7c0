import "../../../testing/register-resources";
import * as pulumi from "@pulumi/pulumi";
import { InstanceMigration } from "pulumi-alicloud-sqlserver-migration";

const config = new pulumi.Config();

/** A typical program for a whole instance, with a committed manifest, an existing instance and an existing bucket. */
new InstanceMigration("fleet", {
  instance: config.require("instanceId"),
  bucket: config.require("bucket"),
  backups: config.require("manifest"),
  pollInterval: "500ms",
});
