import "../../../../testing/register-resources";
import * as pulumi from "@pulumi/pulumi";
import {
  DatabaseMigration,
  type DatabaseMigrationArgs,
  InstanceMigration,
  type InstanceMigrationArgs,
} from "pulumi-alicloud-sqlserver-migration";

/** A program in a subfolder of its project: single databases and a whole instance, as far as they are configured. */
const config = new pulumi.Config();
const migrations = config.getObject<Record<string, DatabaseMigrationArgs>>("migrations") ?? {};
for (const [name, args] of Object.entries(migrations)) new DatabaseMigration(name, args);

const instance = config.getObject<InstanceMigrationArgs>("instance");
if (instance !== undefined) new InstanceMigration("all", instance);
