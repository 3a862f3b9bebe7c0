import * as pulumi from "@pulumi/pulumi";
import { MigrationAccess } from "pulumi-alicloud-sqlserver-migration";

const config = new pulumi.Config();
const instance = config.require("instance");
const bucket = config.require("bucket");
const userName = config.require("userName");

const access = new MigrationAccess("migration", { instance, bucket, grantTo: { userName } });

export const policy = access.policy;
/** For pull requests: it only looks. */
export const previewPolicy = access.previewPolicy;
