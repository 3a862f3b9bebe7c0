import "../../../../testing/register-resources";
import * as pulumi from "@pulumi/pulumi";
import { InstanceMigration } from "pulumi-alicloud-sqlserver-migration";

/** The TypeScript form of the YAML program of the test. */
const config = new pulumi.Config();
const erp = new InstanceMigration("erp", {
  instance: config.require("instanceId"),
  bucket: config.require("bucket"),
  backups: config.require("backups"),
  pollInterval: "200ms",
});

export const { counts } = erp;
