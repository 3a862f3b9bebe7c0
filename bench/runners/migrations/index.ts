import "../../../testing/register-resources";
import * as pulumi from "@pulumi/pulumi";
import { InstanceMigration, type InstanceMigrationArgs } from "pulumi-alicloud-sqlserver-migration";

/** The same program for every runner; the stack's configuration chooses the share. */
const fleet = new InstanceMigration("fleet", new pulumi.Config().requireObject<InstanceMigrationArgs>("instance"));

export const counts = fleet.counts;
