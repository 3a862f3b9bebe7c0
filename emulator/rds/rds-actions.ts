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
import { type RdsAction, reading, writing, writingOnce } from "./rds-action";

/** Every action that is imitated; any other one is refused by name. */
export const RDS_ACTIONS: ReadonlyMap<string, RdsAction> = new Map(
  Object.entries({
    CreateMigrateTask: writing(createMigrateTask),
    CreateOnlineDatabaseTask: writingOnce(createOnlineDatabaseTask),
    TerminateMigrateTask: writing(terminateMigrateTask),
    DescribeMigrateTasks: reading(describeMigrateTasks),
    DescribeMigrateTaskById: reading(describeMigrateTaskById),
    DescribeOssDownloads: reading(describeOssDownloads),

    DescribeDBInstanceAttribute: reading(describeDBInstanceAttribute),
    DescribeDBInstances: reading(describeDBInstances),
    DescribeResourceUsage: reading(describeResourceUsage),
    DescribeRegions: reading(describeRegions),
    ...Object.fromEntries(INSTANCE_DETAIL_ACTIONS.map((action) => [action, reading(describeInstanceDetail)])),
    CreateDBInstance: writingOnce(createDBInstance),
    DeleteDBInstance: writing(deleteDBInstance),
    ModifyDBInstanceDescription: writing(modifyDBInstanceDescription),
    ModifyDBInstanceMaintainTime: writingOnce(modifyDBInstanceMaintainTime),
    ModifyDBInstanceDeletionProtection: writingOnce(modifyDBInstanceDeletionProtection),
    ModifyDBInstanceSpec: writing(modifyDBInstanceSpec),
    ModifySecurityIps: writing(modifySecurityIps),
    TagResources: writing(tagResources),
    UntagResources: writing(untagResources),
    ListTagResources: reading(listTagResources),

    DescribeDatabases: reading(describeDatabases),
    CreateDatabase: writing(createDatabase),
    DeleteDatabase: writing(deleteDatabase),
    DescribeAccounts: reading(describeAccounts),
    CreateAccount: writing(createAccount),
    DeleteAccount: writing(deleteAccount),
  }),
);
