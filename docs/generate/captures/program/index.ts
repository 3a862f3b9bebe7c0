import * as pulumi from "@pulumi/pulumi";
import { InstanceMigration, MigrationBucket } from "pulumi-alicloud-sqlserver-migration";

/** The program of the terminal captures: a folder of backups into an existing instance, through an existing bucket. */
const config = new pulumi.Config();
const sql01 = new InstanceMigration("sql01", {
  instance: config.require("instance"),
  bucket: new MigrationBucket("backups", { existing: config.require("bucket") }),
  backups: "./backups",
  pollInterval: "500ms",
  upload: config.getObject("upload"),
});

export const databases = sql01.summary.apply((all) => all.map(({ database, status }) => `${database}: ${status}`));
