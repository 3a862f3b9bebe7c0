import "../../../testing/register-resources";
import * as pulumi from "@pulumi/pulumi";
import { DatabaseMigration, type DatabaseMigrationArgs, MigrationBucket } from "pulumi-alicloud-sqlserver-migration";
import { BucketUploads } from "../../../provider/resources/bucket-uploads";

/** One migration into a bucket of the stack, or, where no alicloud resource can be created, into a bucket that the test owns. */
const config = new pulumi.Config();
const existing = config.get("existingBucket");
const args = config.requireObject<DatabaseMigrationArgs>("migration");
const bucket = existing ?? new MigrationBucket("backups", { forceDestroy: true });
if (existing !== undefined) new BucketUploads("backups-uploads", { bucket: existing, forceDestroy: true });
new DatabaseMigration("erp", { ...args, bucket });
