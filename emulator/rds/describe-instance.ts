import type { RpcCall } from "../world";
import { diskUsedBytes, instanceStatus, type RdsInstance } from "./instance";
import { namedInstance, type RdsContext, type RdsReply } from "./rds-action";
import { numberParam, optionalParam } from "./rpc-params";
import { wireTime } from "./wire-time";

/** Hardware of a small general-purpose instance. No test depends on it. */
const HARDWARE = { DBInstanceClassType: "x", DBInstanceCPU: "2", DBInstanceMemory: 4096, AccountMaxQuantity: 500 };

export function describeDBInstanceAttribute(call: RpcCall, context: RdsContext): RdsReply {
  const instance = namedInstance(call, context);
  return {
    Items: {
      DBInstanceAttribute: [
        without(instance.withheldAttributes, {
          ...HARDWARE,
          ...summary(instance, context),
          DBInstanceStorage: instance.storageGb,
          DBInstanceDiskUsed: String(diskUsedBytes(instance, context.state.databases)),
          DBMaxQuantity: instance.dbMaxQuantity,
          Collation: instance.collation,
          TimeZone: instance.timeZone,
          MaintainTime: instance.maintainTime,
          Port: instance.port,
          CreationTime: wireTime(instance.createdAtMs),
          SecurityIPMode: "normal",
          SecurityIPList: instance.securityIps,
          // The alicloud provider crashes when one of these three is missing.
          Extra: { DBInstanceIds: { DBInstanceId: [] }, RecoveryModel: "full" },
          ServerlessConfig: {},
          SlaveZones: { SlaveZone: [{ ZoneId: instance.zoneId }] },
        }),
      ],
    },
  };
}

const without = (names: readonly string[] = [], reply: RdsReply): RdsReply =>
  Object.fromEntries(Object.entries(reply).filter(([name]) => !names.includes(name)));

/** Members of both DescribeDBInstances and DescribeDBInstanceAttribute. */
function summary(instance: RdsInstance, { world }: RdsContext): RdsReply {
  return {
    DBInstanceId: instance.id,
    DBInstanceDescription: instance.description,
    Engine: instance.engine,
    EngineVersion: instance.engineVersion,
    DBInstanceStatus: instanceStatus(instance, world.now()),
    LockMode: instance.lockMode,
    LockReason: instance.lockReason,
    DBInstanceType: instance.instanceType,
    Category: instance.category,
    RegionId: instance.regionId,
    ZoneId: instance.zoneId,
    DBInstanceClass: instance.instanceClass,
    DBInstanceStorageType: instance.storageType,
    DeletionProtection: instance.deletionProtection,
    PayType: instance.payType,
    InstanceNetworkType: "VPC",
    DBInstanceNetType: "Intranet",
    ConnectionMode: "Standard",
    ConnectionString: instance.connectionString,
    VpcId: instance.vpcId,
    VSwitchId: instance.vSwitchId,
    VpcCloudInstanceId: `${instance.id}-vpc`,
    ResourceGroupId: "rg-emulator",
    ExpireTime: "",
    ReadOnlyDBInstanceIds: { ReadOnlyDBInstanceId: [] },
  };
}

/** Lists instances, filtered by region, id, engine or status. */
export function describeDBInstances(call: RpcCall, context: RdsContext): RdsReply {
  const { state, world } = context;
  const size = numberParam(call, "PageSize", { fallback: 30, min: 1, max: 100 });
  const number = numberParam(call, "PageNumber", { fallback: 1, min: 1, max: Number.MAX_SAFE_INTEGER });
  const matches = (name: string, value: string) => [undefined, value].includes(optionalParam(call, name));
  const instances = state.instances.filter(
    (instance) =>
      matches("RegionId", instance.regionId) &&
      matches("DBInstanceId", instance.id) &&
      matches("Engine", instance.engine) &&
      matches("DBInstanceStatus", instanceStatus(instance, world.now())),
  );
  const page = instances.slice((number - 1) * size, number * size);
  return {
    PageNumber: number,
    PageRecordCount: page.length,
    TotalRecordCount: instances.length,
    Items: {
      DBInstance: page.map((instance) => ({
        ...summary(instance, context),
        CreateTime: wireTime(instance.createdAtMs),
      })),
    },
  };
}

/** Sizes are in bytes; -1 means none. */
export function describeResourceUsage(call: RpcCall, context: RdsContext): RdsReply {
  const instance = namedInstance(call, context);
  const used = diskUsedBytes(instance, context.state.databases);
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

/** Lists the emulator's region and the regions of its instances. */
export function describeRegions(_: RpcCall, { state, world }: RdsContext): RdsReply {
  const regions = [...new Set([world.region, ...state.instances.map(({ regionId }) => regionId)])];
  return {
    Regions: {
      RDSRegion: regions.map((regionId) => ({
        RegionId: regionId,
        ZoneId: `${regionId}-h`,
        RegionEndpoint: "rds.aliyuncs.com",
        LocalName: regionId,
        ZoneName: `${regionId}-h`,
      })),
    },
  };
}
