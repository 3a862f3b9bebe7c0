import { createMigrateTask } from "./create-migrate-task";
import {
  createAccount,
  createDatabase,
  deleteAccount,
  deleteDatabase,
  describeAccounts,
  describeDatabases,
} from "./databases-and-accounts";
import {
  describeDBInstanceAttribute,
  describeDBInstances,
  describeRegions,
  describeResourceUsage,
} from "./describe-instance";
import { describeMigrateTaskById, describeMigrateTasks, describeOssDownloads } from "./describe-tasks";
import { createOnlineDatabaseTask, terminateMigrateTask } from "./end-tasks";
import { describeInstanceDetail, INSTANCE_DETAIL_ACTIONS } from "./instance-details";
import {
  createDBInstance,
  deleteDBInstance,
  listTagResources,
  modifyDBInstanceDeletionProtection,
  modifyDBInstanceDescription,
  modifyDBInstanceMaintainTime,
  modifyDBInstanceSpec,
  modifySecurityIps,
  tagResources,
  untagResources,
} from "./manage-instance";
import { idempotentWriteAction, type RdsAction, readAction, writeAction } from "./rds-action";

/** All supported RDS actions. Other actions are refused by name. */
export const RDS_ACTIONS: ReadonlyMap<string, RdsAction> = new Map(
  Object.entries({
    CreateMigrateTask: writeAction(createMigrateTask),
    CreateOnlineDatabaseTask: idempotentWriteAction(createOnlineDatabaseTask),
    TerminateMigrateTask: writeAction(terminateMigrateTask),
    DescribeMigrateTasks: readAction(describeMigrateTasks),
    DescribeMigrateTaskById: readAction(describeMigrateTaskById),
    DescribeOssDownloads: readAction(describeOssDownloads),

    DescribeDBInstanceAttribute: readAction(describeDBInstanceAttribute),
    DescribeDBInstances: readAction(describeDBInstances),
    DescribeResourceUsage: readAction(describeResourceUsage),
    DescribeRegions: readAction(describeRegions),
    ...Object.fromEntries(INSTANCE_DETAIL_ACTIONS.map((action) => [action, readAction(describeInstanceDetail)])),
    CreateDBInstance: idempotentWriteAction(createDBInstance),
    DeleteDBInstance: writeAction(deleteDBInstance),
    ModifyDBInstanceDescription: writeAction(modifyDBInstanceDescription),
    ModifyDBInstanceMaintainTime: idempotentWriteAction(modifyDBInstanceMaintainTime),
    ModifyDBInstanceDeletionProtection: idempotentWriteAction(modifyDBInstanceDeletionProtection),
    ModifyDBInstanceSpec: writeAction(modifyDBInstanceSpec),
    ModifySecurityIps: writeAction(modifySecurityIps),
    TagResources: writeAction(tagResources),
    UntagResources: writeAction(untagResources),
    ListTagResources: readAction(listTagResources),

    DescribeDatabases: readAction(describeDatabases),
    CreateDatabase: writeAction(createDatabase),
    DeleteDatabase: writeAction(deleteDatabase),
    DescribeAccounts: readAction(describeAccounts),
    CreateAccount: writeAction(createAccount),
    DeleteAccount: writeAction(deleteAccount),
  }),
);
