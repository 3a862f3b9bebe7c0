import * as pulumi from "@pulumi/pulumi";
import { DatabaseMigration, type Phase } from "pulumi-alicloud-sqlserver-migration";

const config = new pulumi.Config();

/** Each up applies what is new in ./logs; the one after `pulumi config set phase online` opens the database. */
const erp = new DatabaseMigration("erp", {
  instanceId: config.require("instance"),
  bucket: config.require("bucket"),
  backup: "./backups/erp.bak",
  increments: "./logs",
  phase: config.require<Phase>("phase", { allowedValues: ["restoring", "online"] }),
  pollInterval: config.require("pollInterval"),
});

export const status = erp.status;
/** Why the cutover would not be let through now; empty when it would, and once it is done. */
export const obstacles = erp.cutoverObstacles.apply((found = []) => found);
