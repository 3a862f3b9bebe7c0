import type { RpcCall } from "../world";
import { instanceStatus } from "./instance";
import { namedInstance, type RdsContext, type RdsReply } from "./rds-action";
import { rdsFault } from "./rds-faults";
import { seedInstance } from "./rds-options";
import { allocateId, dropInstance, instanceOf } from "./rds-state";
import { booleanParam, listParam, malformed, numberParam, optionalParam, requiredParam, wordParam } from "./rpc-params";

/** The storage limits of an instance, GB. */
const MIN_STORAGE_GB = 5;
const MAX_STORAGE_GB = 64_000;

/** Creates an instance without accounts. It is Creating for `createInstanceMs`. Only SQL Server is supported. */
export function createDBInstance(call: RpcCall, context: RdsContext): RdsReply {
  const { state, world, createInstanceMs } = context;
  const nowMs = world.now();
  for (const name of ["DBInstanceNetType", "DBInstanceClass", "PayType", "SecurityIPList"]) requiredParam(call, name);
  refuseClassicNetwork(call);
  const orderId = allocateId(state);
  const instance = {
    ...seedInstance(
      {
        id: `rm-emu${orderId}`,
        engine: wordParam(call, "Engine", ["SQLServer"]) ?? "SQLServer",
        engineVersion: requiredParam(call, "EngineVersion"),
        regionId: requiredParam(call, "RegionId"),
        status: "Creating",
        instanceClass: requiredParam(call, "DBInstanceClass"),
        storageGb: storageParam(call),
        payType: requiredParam(call, "PayType"),
        securityIps: requiredParam(call, "SecurityIPList"),
        deletionProtection: booleanParam(call, "DeletionProtection") ?? false,
        accounts: [],
        tags: tagParams(call),
        ...presentMembers(call, {
          zoneId: "ZoneId",
          description: "DBInstanceDescription",
          category: "Category",
          storageType: "DBInstanceStorageType",
          collation: "SystemDBCharset",
          timeZone: "DBTimeZone",
          vpcId: "VPCId",
          vSwitchId: "VSwitchId",
        }),
      },
      { region: world.region, nowMs },
    ),
    runningFromMs: nowMs + createInstanceMs,
  };
  state.instances.push(instance);
  return {
    DBInstanceId: instance.id,
    OrderId: orderId,
    ConnectionString: instance.connectionString,
    Port: instance.port,
  };
}

/** Cloud disks require a VPC. */
function refuseClassicNetwork(call: RpcCall): void {
  const network = wordParam(call, "InstanceNetworkType", ["VPC", "Classic"]);
  if (network === "Classic" && optionalParam(call, "DBInstanceStorageType") !== "local_ssd")
    throw rdsFault("InvalidNetworkTypeClassicWhenCloudStorage");
}

const storageParam = (call: RpcCall): number => {
  requiredParam(call, "DBInstanceStorage");
  return numberParam(call, "DBInstanceStorage", { fallback: MIN_STORAGE_GB, min: MIN_STORAGE_GB, max: MAX_STORAGE_GB });
};

/** Returns the members whose parameter is present in the call. */
function presentMembers<Member extends string>(
  call: RpcCall,
  names: Record<Member, string>,
): { [Key in Member]?: string } {
  const found: { [Key in Member]?: string } = {};
  for (const member in names) {
    const value = optionalParam(call, names[member]);
    if (value !== undefined) found[member] = value;
  }
  return found;
}

/** Releases an instance with all its databases and tasks, unless it has deletion protection. */
export function deleteDBInstance(call: RpcCall, context: RdsContext): RdsReply {
  const instance = namedInstance(call, context);
  if (instance.deletionProtection) throw rdsFault("OperationDenied.DeletionProtection");
  if (instanceStatus(instance, context.world.now()) !== "Running") throw rdsFault("IncorrectDBInstanceState");
  dropInstance(context.state, instance.id);
  return { RegionId: instance.regionId };
}

export function modifyDBInstanceDescription(call: RpcCall, context: RdsContext): RdsReply {
  namedInstance(call, context).description = requiredParam(call, "DBInstanceDescription");
  return {};
}

export function modifyDBInstanceMaintainTime(call: RpcCall, context: RdsContext): RdsReply {
  namedInstance(call, context).maintainTime = requiredParam(call, "MaintainTime");
  return {};
}

export function modifyDBInstanceDeletionProtection(call: RpcCall, context: RdsContext): RdsReply {
  const instance = namedInstance(call, context);
  requiredParam(call, "DeletionProtection");
  instance.deletionProtection = booleanParam(call, "DeletionProtection") ?? instance.deletionProtection;
  return {};
}

/** Changes class and storage at once. Storage cannot shrink. */
export function modifyDBInstanceSpec(call: RpcCall, context: RdsContext): RdsReply {
  const instance = namedInstance(call, context);
  const storageGb = numberParam(call, "DBInstanceStorage", {
    fallback: instance.storageGb,
    min: instance.storageGb,
    max: MAX_STORAGE_GB,
  });
  Object.assign(instance, {
    storageGb,
    ...presentMembers(call, { instanceClass: "DBInstanceClass", category: "Category" }),
  });
  return {};
}

/** Changes the default IP whitelist, the only one supported. `ModifyMode` is Cover, Append or Delete. */
export function modifySecurityIps(call: RpcCall, context: RdsContext): RdsReply {
  const instance = namedInstance(call, context);
  const ips = requiredParam(call, "SecurityIps").split(",");
  const present = instance.securityIps.split(",");
  const mode = wordParam(call, "ModifyMode", ["Cover", "Append", "Delete"]) ?? "Cover";
  const next = {
    Cover: ips,
    Append: [...new Set([...present, ...ips])],
    Delete: present.filter((ip) => !ips.includes(ip)),
  };
  instance.securityIps = next[mode].join(",");
  return {};
}

function tagParams(call: RpcCall): Record<string, string> {
  const values = listParam(call, "Tag", "Value");
  return Object.fromEntries(listParam(call, "Tag", "Key").map((key, position) => [key, values[position] ?? ""]));
}

/** Returns the instances in `ResourceId.n`. ResourceType must be INSTANCE, as the SDK documents. */
function taggedInstances(call: RpcCall, context: RdsContext) {
  if (requiredParam(call, "ResourceType").toUpperCase() !== "INSTANCE") throw malformed("ResourceType", "INSTANCE");
  return listParam(call, "ResourceId").map((id) => instanceOf(context.state, id));
}

export function tagResources(call: RpcCall, context: RdsContext): RdsReply {
  for (const instance of taggedInstances(call, context)) instance.tags = { ...instance.tags, ...tagParams(call) };
  return {};
}

export function untagResources(call: RpcCall, context: RdsContext): RdsReply {
  const all = booleanParam(call, "All") === true;
  const keys = listParam(call, "TagKey");
  for (const instance of taggedInstances(call, context)) {
    const kept = Object.entries(instance.tags).filter(([key]) => !all && !keys.includes(key));
    instance.tags = Object.fromEntries(kept);
  }
  return {};
}

export function listTagResources(call: RpcCall, context: RdsContext): RdsReply {
  return {
    TagResources: {
      TagResource: taggedInstances(call, context).flatMap(({ id, tags }) =>
        Object.entries(tags).map(([key, value]) => ({
          ResourceType: "INSTANCE",
          ResourceId: id,
          TagKey: key,
          TagValue: value,
        })),
      ),
    },
  };
}
