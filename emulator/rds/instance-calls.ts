import type { RpcCall } from "../world";
import type { RdsDatabase } from "./database";
import { sameDatabaseName } from "./database";
import { diskUsedBytes, instanceStatus, type RdsInstance } from "./instance";
import { databasesOf, instanceOf, type RdsState } from "./rds-state";
import { numberParam, optionalParam, requiredParam } from "./rpc-params";
import { wireTime } from "./wire-time";

type Reply = Record<string, unknown>;

const CPU_BY_DEFAULT = "2";
const MEMORY_MB_BY_DEFAULT = 4096;

export function describeInstanceAttribute(call: RpcCall, state: RdsState, nowMs: number): Reply {
  const instance = instanceOf(state, requiredParam(call, "DBInstanceId"));
  return { Items: { DBInstanceAttribute: [attributeReply(instance, state, nowMs)] } };
}

function attributeReply(instance: RdsInstance, state: RdsState, nowMs: number): Reply {
  return {
    DBInstanceId: instance.id,
    DBInstanceDescription: instance.description,
    Engine: instance.engine,
    EngineVersion: instance.engineVersion,
    DBInstanceStatus: instanceStatus(instance, nowMs),
    LockMode: instance.lockMode,
    LockReason: instance.lockReason,
    DBInstanceType: instance.instanceType,
    Category: instance.category,
    RegionId: instance.regionId,
    ZoneId: instance.zoneId,
    DBInstanceClass: instance.instanceClass,
    DBInstanceClassType: "x",
    DBInstanceCPU: CPU_BY_DEFAULT,
    DBInstanceMemory: MEMORY_MB_BY_DEFAULT,
    DBInstanceStorage: instance.storageGb,
    DBInstanceStorageType: instance.storageType,
    DBInstanceDiskUsed: String(diskUsedBytes(instance, state.databases)),
    DBMaxQuantity: instance.dbMaxQuantity,
    AccountMaxQuantity: 500,
    Collation: instance.collation,
    TimeZone: instance.timeZone,
    MaintainTime: instance.maintainTime,
    DeletionProtection: instance.deletionProtection,
    PayType: instance.payType,
    InstanceNetworkType: "VPC",
    DBInstanceNetType: "Intranet",
    ConnectionMode: "Standard",
    ConnectionString: instance.connectionString,
    Port: instance.port,
    VpcId: instance.vpcId,
    VSwitchId: instance.vSwitchId,
    VpcCloudInstanceId: `${instance.id}-vpc`,
    SecurityIPMode: "normal",
    ResourceGroupId: "rg-emulator",
    CreationTime: wireTime(instance.createdAtMs),
    ExpireTime: "",
    ReadOnlyDBInstanceIds: { ReadOnlyDBInstanceId: [] },
    // The alicloud provider crashes when one of these three is missing.
    Extra: { DBInstanceIds: { DBInstanceId: [] }, RecoveryModel: "full" },
    ServerlessConfig: {},
    SlaveZones: { SlaveZone: [{ ZoneId: instance.zoneId }] },
  };
}

/** Sizes in bytes; -1 is "none". */
export function describeResourceUsage(call: RpcCall, state: RdsState): Reply {
  const instance = instanceOf(state, requiredParam(call, "DBInstanceId"));
  const used = diskUsedBytes(instance, state.databases);
  return {
    DBInstanceId: instance.id,
    Engine: instance.engine,
    DiskUsed: used,
    DataSize: used - instance.systemBytes,
    LogSize: instance.systemBytes,
    BackupSize: -1,
    BackupDataSize: -1,
    BackupLogSize: -1,
    BackupOssDataSize: 0,
    BackupOssLogSize: 0,
    BackupEcsSnapshotSize: "0",
    ArchiveBackupSize: 0,
    PaidBackupSize: 0,
    ColdBackupSize: -1,
    SQLSize: -1,
  };
}

/** Page sizes 30, 50 and 100; a database that is being restored is listed too. */
export function describeDatabases(call: RpcCall, state: RdsState): Reply {
  const instance = instanceOf(state, requiredParam(call, "DBInstanceId"));
  const page = databasePage(call);
  const name = optionalParam(call, "DBName");
  const status = optionalParam(call, "DBStatus");
  const all = databasesOf(state, instance.id)
    .filter((database) => name === undefined || sameDatabaseName(database.name, name))
    .filter((database) => status === undefined || databaseStatus(instance, database) === status);
  const shown = all.slice((page.number - 1) * page.size, page.number * page.size);
  const paging = { PageNumber: page.number, PageSize: page.size, TotalCount: all.length };
  return { Databases: { Database: shown.map((database) => ({ ...databaseReply(instance, database), ...paging })) } };
}

const databasePage = (call: RpcCall) => ({
  size: numberParam(call, "PageSize", { fallback: 30, min: 30, max: 100, oneOf: [30, 50, 100] }),
  number: numberParam(call, "PageNumber", { fallback: 1, min: 1, max: Number.MAX_SAFE_INTEGER }),
});

/** "In Recovery" in the High-availability Edition, "Restoring" in the Basic Edition (incremental migration page). */
function databaseStatus(instance: RdsInstance, database: RdsDatabase): string {
  if (database.status !== "restoring") return database.status;
  return instance.category === "Basic" ? "Restoring" : "In Recovery";
}

function databaseReply(instance: RdsInstance, database: RdsDatabase): Reply {
  const status = databaseStatus(instance, database);
  return {
    DBInstanceId: instance.id,
    DBName: database.name,
    DBStatus: status,
    Engine: instance.engine,
    CharacterSetName: database.collation,
    DBDescription: "",
    Accounts: { AccountPrivilegeInfo: [] },
    BasicInfo: {
      BasicDbProperty: [
        { name: "name", value: database.name },
        { name: "state_desc", value: status === "Running" ? "ONLINE" : "RESTORING" },
        { name: "collation_name", value: database.collation },
      ],
    },
    AdvancedInfo: { AdvancedDbProperty: [] },
    RuntimeInfo: { RuntimeDbProperty: [{ name: "size", value: String(database.sizeBytes) }] },
  };
}

export function describeAccounts(call: RpcCall, state: RdsState): Reply {
  const instance = instanceOf(state, requiredParam(call, "DBInstanceId"));
  const size = numberParam(call, "PageSize", { fallback: 30, min: 30, max: 200 });
  const number = numberParam(call, "PageNumber", { fallback: 1, min: 1, max: Number.MAX_SAFE_INTEGER });
  const name = optionalParam(call, "AccountName");
  const accounts = instance.accounts.filter((account) => name === undefined || account.name === name);
  const shown = accounts.slice((number - 1) * size, number * size);
  return {
    PageNumber: number,
    TotalRecordCount: accounts.length,
    SystemAdminAccountStatus: String(instance.accounts.some(({ type }) => type === "Sysadmin")),
    Accounts: {
      DBInstanceAccount: shown.map((account) => ({
        DBInstanceId: instance.id,
        AccountName: account.name,
        AccountType: account.type,
        AccountStatus: account.status,
        AccountDescription: account.description,
        PrivExceeded: "0",
        DatabasePrivileges: { DatabasePrivilege: [] },
      })),
    },
  };
}
