import { readFileSync } from "node:fs";
import { dirname, resolve } from "node:path";
import * as pulumi from "@pulumi/pulumi";
import {
  DatabaseMigration,
  type DatabaseMigrationArgs,
  MigrationVerification,
  type MigrationVerificationArgs,
} from "pulumi-alicloud-sqlserver-migration";

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
      instanceId: config.require("instance"),
      bucket: config.require("bucket"),
      backup: resolve(dirname(manifestFile), file),
      databaseName: database,
      manifest,
    }),
);

// The comparison as a gate. What must wait for it, such as a DNS record, gets `dependsOn: verified`.
const files = config.getObject<MigrationVerificationArgs>("verification");
const verified = files && new MigrationVerification("verified", files, { dependsOn: migrations });

/** How much was compared; absent without a comparison. */
export const compared = verified?.counts;

/** What became of each database, for verify.sql and for whoever waits. */
export const statuses = pulumi.all(migrations.map(({ status }) => status));
