import "../../../testing/register-resources";
import * as pulumi from "@pulumi/pulumi";
import { MigrationVerification, type MigrationVerificationArgs } from "pulumi-alicloud-sqlserver-migration";
import { BucketUploads } from "../../../provider/resources/bucket-uploads";

/** A verification between two resources of a kind that needs no cloud: the one that it depends on, and the application. */
const config = new pulumi.Config();
const args = config.requireObject<MigrationVerificationArgs>("verification");
const before = new BucketUploads("before", { bucket: "before", forceDestroy: false });
const verified = new MigrationVerification("verified", args, { dependsOn: before });
new BucketUploads("application", { bucket: "application", forceDestroy: false }, { dependsOn: verified });
export const counts = verified.counts;
