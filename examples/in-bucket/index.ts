import * as pulumi from "@pulumi/pulumi";
import { InstanceMigration } from "pulumi-alicloud-sqlserver-migration";

const config = new pulumi.Config();
const bucket = config.require("bucket");

/** The backups were uploaded by hand, by ossutil or by the vendor's uploader: their headers are read there, nothing is sent. */
const source = new InstanceMigration("source", {
  instance: config.require("instance"),
  bucket,
  backups: `oss://${bucket}/${config.require("folder")}`,
});

export const counts = source.counts;
export const failures = source.failures;
