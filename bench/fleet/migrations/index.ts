import { readFileSync } from "node:fs";
import { dirname, resolve } from "node:path";
import * as pulumi from "@pulumi/pulumi";
import { DatabaseMigration, type DatabaseMigrationArgs } from "pulumi-alicloud-sqlserver-migration";

interface Manifest {
  databases: { database: string; backup: { file: string } & NonNullable<DatabaseMigrationArgs["manifest"]> }[];
}

const config = new pulumi.Config();
const path = config.require("manifest");
const { databases }: Manifest = JSON.parse(readFileSync(path, "utf8"));

for (const { database, backup } of databases) {
  const { file, ...manifest } = backup;
  new DatabaseMigration(database, {
    instanceId: config.require("instanceId"),
    bucket: config.require("bucket"),
    backup: resolve(dirname(path), file),
    databaseName: database,
    manifest,
    pollInterval: "500ms",
  });
}
