import { readFileSync } from "node:fs";
import { dirname, resolve } from "node:path";
import * as pulumi from "@pulumi/pulumi";
import { DatabaseMigration, type DatabaseMigrationArgs } from "pulumi-alicloud-sqlserver-migration";

/** What this program takes from a manifest: a database, and the entry of its full backup. */
interface Manifest {
  databases: { database: string; backup: { file: string } & NonNullable<DatabaseMigrationArgs["manifest"]> }[];
}

const config = new pulumi.Config();
const manifestFile = resolve(config.require("manifest"));
const { databases }: Manifest = JSON.parse(readFileSync(manifestFile, "utf8"));

// One migration for each database of the manifest, which is committed: a file that disappears changes nothing.
const migrations = databases.map(
  ({ database, backup: { file, ...manifest } }) =>
    new DatabaseMigration(database, {
      instanceId: config.require("instanceId"),
      bucket: config.require("bucket"),
      backup: resolve(dirname(manifestFile), file),
      databaseName: database,
      manifest,
    }),
);

/** What became of each database, for verify.sql and for whoever waits. */
export const statuses = pulumi.all(migrations.map(({ status }) => status));
