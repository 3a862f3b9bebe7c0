import "../../../testing/register-resources";
import * as pulumi from "@pulumi/pulumi";
import { InstanceMigration, type InstanceMigrationArgs } from "pulumi-alicloud-sqlserver-migration";

/** A whole instance from the configuration, and a resource that must not begin before all databases are migrated. */
const erp = new InstanceMigration("erp", new pulumi.Config().requireObject<InstanceMigrationArgs>("instance"));
new pulumi.ComponentResource("scenario:index:Application", "application", {}, { dependsOn: erp });

export const { summary, databases, counts, failures } = erp;
/** What a program reads from the migrations themselves. */
export const migrations = erp.migrations.apply((all) =>
  Object.fromEntries(
    Object.entries(all).map(([name, { status, statusText, finishedAt, warnings, failure }]) => [
      name,
      { status, statusText, finishedAt, warnings, failure },
    ]),
  ),
);
export const skipped = erp.skipped;
export const online = erp.summary.apply((all) => all.filter(({ status }) => status === "online").length);
