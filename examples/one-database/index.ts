import { DatabaseMigration, MigrationBucket } from "pulumi-alicloud-sqlserver-migration";

const bucket = new MigrationBucket("backups");
const erp = new DatabaseMigration("erp", { instanceId: "rm-2zesz5774ud8s71i5", bucket, backup: "./backups/erp.bak" });
export const status = erp.status; // "online"
