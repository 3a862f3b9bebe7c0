/** Pages of the vendor that entries of the catalogue are taken from. */
export const PAGES = {
  instanceMigration: "https://www.alibabacloud.com/help/doc-detail/100019.htm",
  fullMigration:
    "https://help.aliyun.com/en/rds/apsaradb-rds-for-sql-server/migrate-the-full-backup-data-of-a-self-managed-sql-server-instance-to-an-apsaradb-rds-for-sql-server-instance",
  createMigrateTask: "https://www.alibabacloud.com/help/en/rds/api-create-a-migration-task",
  createOnlineDatabaseTask:
    "https://www.alibabacloud.com/help/en/rds/api-open-the-database-to-which-backup-data-is-migrated",
  importRole: "https://help.aliyun.com/zh/ram/developer-reference/aliyunrdsimportrolepolicy",
  openApiErrors: "https://api.alibabacloud.com/troubleshoot",
  ossForbidden: "https://www.alibabacloud.com/help/en/oss/user-guide/http-403-error-code",
  ossEndpoints: "https://www.alibabacloud.com/help/en/oss/user-guide/regions-and-endpoints",
  ossParts: "https://help.aliyun.com/en/oss/user-guide/0042-00000213",
  ossClock: "https://help.aliyun.com/en/oss/support/0002-00000504",
} as const;

/** How to grant RDS its role; the wizard leads to RAM's confirmation page. */
export const AUTHORIZE =
  "In the RDS console (https://rdsnext.console.aliyun.com/), open the instance, Backup and Restoration, Restore from OSS Backup. Older consoles call it Migrate OSS Backup Data to RDS. Follow the link Authorize.";
