import "../../../testing/register-resources";
import * as pulumi from "@pulumi/pulumi";
import {
  DatabaseMigration,
  type DatabaseMigrationArgs,
  InstanceMigration,
  type InstanceMigrationArgs,
} from "pulumi-alicloud-sqlserver-migration";

/** Single migrations and a whole instance, all from the configuration. */
const config = new pulumi.Config();
for (const [name, args] of Object.entries(config.requireObject<Record<string, DatabaseMigrationArgs>>("migrations"))) {
  new DatabaseMigration(name, args);
}
new InstanceMigration("fleet", config.requireObject<InstanceMigrationArgs>("instance"));
