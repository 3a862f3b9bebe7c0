import * as pulumi from "@pulumi/pulumi";
import { CutoverGroup, DatabaseMigration, type Phase } from "pulumi-alicloud-sqlserver-migration";

const config = new pulumi.Config();
const to = {
  instanceId: config.require("instance"),
  bucket: config.require("bucket"),
  pollInterval: config.require("pollInterval"),
};

const erp = new DatabaseMigration("erp", {
  ...to,
  backup: "./backups/erp.bak",
  increments: "./backups/erp",
  phase: "restoring",
});
const crm = new DatabaseMigration("crm", {
  ...to,
  backup: "./backups/crm.bak",
  increments: "./backups/crm",
  phase: "restoring",
});

/** Opens both together; "online" is set in the pull request of the cutover. */
const phase = (config.get("phase") ?? "restoring") as Phase;
const shop = new CutoverGroup("shop", { members: { erp, crm }, phase, pollInterval: to.pollInterval });

export const ready = pulumi.all([erp.readyForCutover, crm.readyForCutover]);
export const status = shop.status;
