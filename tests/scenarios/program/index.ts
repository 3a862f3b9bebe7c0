import "../../../testing/register-resources";
import * as pulumi from "@pulumi/pulumi";
import { DatabaseMigration, type DatabaseMigrationArgs } from "pulumi-alicloud-sqlserver-migration";

/** The smallest program: one migration for each entry of the configuration, some of them in a component. */
const config = new pulumi.Config();
const team = new pulumi.ComponentResource("scenario:index:Team", "team");

for (const [name, { underComponent, ...args }] of Object.entries(
  config.requireObject<Record<string, DatabaseMigrationArgs & { underComponent?: boolean }>>("migrations"),
)) {
  new DatabaseMigration(name, args, underComponent ? { parent: team } : {});
}
