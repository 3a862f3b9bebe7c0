import type { RpcCall } from "../world";
import type { RdsInstance } from "./instance";
import { namedInstance, type RdsContext, type RdsReply } from "./rds-action";

/**
 * Other calls that the alicloud provider makes when it reads an instance; recorded from pulumi-resource-alicloud
 * 3.105.0, which crashes when a list, object or `ConfigValue` is missing. The replies are constants except for the
 * instance's own values.
 */
const DETAILS: Record<string, (instance: RdsInstance) => RdsReply> = {
  DescribeDBInstanceIPArrayList: (instance) => ({
    Items: {
      DBInstanceIPArray: [
        {
          DBInstanceIPArrayName: "default",
          DBInstanceIPArrayAttribute: "",
          SecurityIPList: instance.securityIps,
          SecurityIPType: "IPv4",
        },
      ],
    },
  }),
  DescribeTags: (instance) => ({
    Items: {
      TagInfos: Object.entries(instance.tags).map(([key, value]) => ({
        TagKey: key,
        TagValue: value,
        DBInstanceIds: { DBInstanceIds: [instance.id] },
      })),
    },
  }),
  DescribeDBInstanceMonitor: () => ({ Period: "60" }),
  DescribeSQLCollectorPolicy: () => ({ SQLCollectorStatus: "Disabled", StoragePeriod: 0 }),
  DescribeSQLCollectorRetention: () => ({ ConfigValue: "0" }),
  DescribeDBInstanceNetInfo: (instance) => ({
    InstanceNetworkType: "VPC",
    SecurityIPMode: "normal",
    DBInstanceNetInfos: {
      DBInstanceNetInfo: [
        {
          ConnectionString: instance.connectionString,
          ConnectionStringType: "Normal",
          Port: instance.port,
          IPType: "Private",
          IPAddress: "172.16.0.10",
          VPCId: instance.vpcId,
          VSwitchId: instance.vSwitchId,
          Upgradeable: "Disabled",
          SecurityIPGroups: { securityIPGroup: [] },
          DBInstanceWeights: { DBInstanceWeight: [] },
        },
      ],
    },
  }),
  DescribeDBInstanceHAConfig: (instance) => ({
    DBInstanceId: instance.id,
    HAMode: "RPO",
    SyncMode: "Sync",
    HostInstanceInfos: {
      NodeInfo: [{ NodeId: "1", NodeType: "Master", RegionId: instance.regionId, ZoneId: instance.zoneId }],
    },
  }),
  DescribeSecurityGroupConfiguration: (instance) => ({
    DBInstanceName: instance.id,
    Items: { EcsSecurityGroupRelation: [] },
  }),
  DescribeDBInstanceSSL: () => ({ SSLEnabled: "No", RequireUpdate: "No" }),
  DescribeHASwitchConfig: () => ({ HAConfig: "Auto", ManualHATime: "" }),
  DescribeHADiagnoseConfig: () => ({ TcpConnectionType: "SHORT" }),
  DescribeParameters: (instance) => ({
    Engine: instance.engine,
    EngineVersion: instance.engineVersion,
    ParamGroupInfo: { ParamGroupId: "" },
    RunningParameters: { DBInstanceParameter: [] },
    ConfigParameters: { DBInstanceParameter: [] },
  }),
  // Waiting and running tasks (@alicloud/rds20140815 15.4.0, describeTasks). The provider calls it after
  // DeleteDBInstance.
  DescribeTasks: () => ({ PageNumber: 1, PageRecordCount: 0, TotalRecordCount: 0, Items: { TaskProgressInfo: [] } }),
  DescribeInstanceLinkedWhitelistTemplate: (instance) => ({
    Code: "200",
    HttpStatusCode: 200,
    Success: true,
    Message: "",
    Data: { InsName: instance.id, Templates: [] },
  }),
};

export const INSTANCE_DETAIL_ACTIONS = Object.keys(DETAILS);

/** Answers the actions in INSTANCE_DETAIL_ACTIONS. */
export function describeInstanceDetail(call: RpcCall, context: RdsContext): RdsReply {
  return DETAILS[call.action]?.(detailInstance(call, context)) ?? {};
}

/** DescribeInstanceLinkedWhitelistTemplate names the instance InsName. */
function detailInstance(call: RpcCall, context: RdsContext): RdsInstance {
  const name = call.params.get("InsName");
  if (name === undefined) return namedInstance(call, context);
  return namedInstance({ ...call, params: new Map([...call.params, ["DBInstanceId", name]]) }, context);
}
