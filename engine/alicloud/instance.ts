import { randomUUID } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { rdsSdk } from "../../provider/aliyun/lazy-sdk";
import type { PropertyMap } from "../stand-in/property-value";
import type { Cloud } from "./cloud";
import { type CloudKind, codeOf, known, textOf } from "./cloud-kind";

const POLL_MS = 500;
/** Same limit as in the plugin. */
const DEADLINE_MS = 60 * 60 * 1000;
export const GONE_INSTANCE = [
  "InvalidDBInstanceId.NotFound",
  "InvalidDBInstanceName.NotFound",
  "InvalidDBInstance.NotFound",
];

/** `alicloud.rds.Instance`, SQL Server, pay-as-you-go. */
export const instanceKind: CloudKind = {
  type: "alicloud:rds/instance:Instance",
  inputs: [
    ...["engine", "engineVersion", "instanceType", "instanceStorage", "instanceChargeType", "instanceName", "category"],
    ...["dbInstanceStorageType", "vswitchId", "vpcId", "zoneId", "securityIps", "collation", "dbTimeZone"],
    ...["deletionProtection"],
  ],
  replaces: [
    "engine",
    "engineVersion",
    "dbInstanceStorageType",
    "vswitchId",
    "vpcId",
    "zoneId",
    "collation",
    "dbTimeZone",
  ],

  async create(cloud, inputs) {
    const { CreateDBInstanceRequest } = rdsSdk();
    const parameters = known({
      regionId: cloud.region,
      engine: textOf(inputs, "engine"),
      engineVersion: textOf(inputs, "engineVersion"),
      DBInstanceClass: textOf(inputs, "instanceType"),
      DBInstanceStorage: inputs.instanceStorage,
      DBInstanceStorageType: textOf(inputs, "dbInstanceStorageType"),
      DBInstanceDescription: textOf(inputs, "instanceName"),
      DBInstanceNetType: "Intranet",
      payType: textOf(inputs, "instanceChargeType") ?? "Postpaid",
      category: textOf(inputs, "category"),
      // Same choice as in the plugin. Without a vSwitch it requests the classic network, which RDS refuses for cloud disks.
      instanceNetworkType: textOf(inputs, "vswitchId") === undefined ? "Classic" : "VPC",
      VPCId: textOf(inputs, "vpcId"),
      vSwitchId: textOf(inputs, "vswitchId"),
      zoneId: textOf(inputs, "zoneId"),
      securityIPList: ipList(inputs) ?? "127.0.0.1",
      systemDBCharset: textOf(inputs, "collation"),
      DBTimeZone: textOf(inputs, "dbTimeZone"),
      deletionProtection: inputs.deletionProtection,
    });
    // The SDK may repeat a request whose reply was lost; the client token prevents a second instance.
    const request = new CreateDBInstanceRequest({ ...parameters, clientToken: randomUUID() });
    const { body } = await cloud.rds().createDBInstance(request);
    const id = body?.DBInstanceId;
    if (!id) throw new Error("CreateDBInstance returned no instance id");
    await untilRunning(cloud, id);
    return id;
  },

  async read(cloud, id) {
    const instance = await describe(cloud, id);
    return (
      instance &&
      known({
        engine: instance.engine,
        engineVersion: instance.engineVersion,
        instanceType: instance.DBInstanceClass,
        instanceStorage: instance.DBInstanceStorage,
        instanceChargeType: instance.payType,
        instanceName: instance.DBInstanceDescription,
        category: instance.category,
        dbInstanceStorageType: instance.DBInstanceStorageType,
        dbInstanceType: instance.DBInstanceType,
        status: instance.DBInstanceStatus,
        connectionString: instance.connectionString,
        port: instance.port,
        vpcId: instance.vpcId,
        vswitchId: instance.vSwitchId,
        zoneId: instance.zoneId,
        collation: instance.collation,
        timeZone: instance.timeZone,
        deletionProtection: instance.deletionProtection,
        createTime: instance.creationTime,
      })
    );
  },

  async update(cloud, id, inputs, changed) {
    const sdk = rdsSdk();
    const client = cloud.rds();
    if (changed.has("instanceName")) {
      const parameters = { DBInstanceId: id, DBInstanceDescription: textOf(inputs, "instanceName") };
      await client.modifyDBInstanceDescription(new sdk.ModifyDBInstanceDescriptionRequest(parameters));
    }
    if (changed.has("deletionProtection")) {
      const parameters = { DBInstanceId: id, deletionProtection: inputs.deletionProtection === true };
      await client.modifyDBInstanceDeletionProtection(new sdk.ModifyDBInstanceDeletionProtectionRequest(parameters));
    }
    if (changed.has("securityIps")) {
      const parameters = { DBInstanceId: id, securityIps: ipList(inputs) ?? "127.0.0.1", modifyMode: "Cover" };
      await client.modifySecurityIps(new sdk.ModifySecurityIpsRequest(parameters));
    }
    if (["instanceType", "instanceStorage", "category"].some((name) => changed.has(name))) {
      const parameters = known({
        DBInstanceId: id,
        payType: textOf(inputs, "instanceChargeType") ?? "Postpaid",
        DBInstanceClass: textOf(inputs, "instanceType"),
        DBInstanceStorage: inputs.instanceStorage,
        category: textOf(inputs, "category"),
      });
      await client.modifyDBInstanceSpec(new sdk.ModifyDBInstanceSpecRequest(parameters));
    }
    await untilRunning(cloud, id);
  },

  async delete(cloud, id) {
    try {
      await cloud.rds().deleteDBInstance(new (rdsSdk().DeleteDBInstanceRequest)({ DBInstanceId: id }));
    } catch (error) {
      if (!GONE_INSTANCE.includes(codeOf(error))) throw error;
    }
  },
};

async function describe(cloud: Cloud, id: string) {
  const { DescribeDBInstanceAttributeRequest } = rdsSdk();
  try {
    const request = new DescribeDBInstanceAttributeRequest({ DBInstanceId: id });
    const { body } = await cloud.rds().describeDBInstanceAttribute(request);
    return body?.items?.DBInstanceAttribute?.[0];
  } catch (error) {
    if (GONE_INSTANCE.includes(codeOf(error))) return undefined;
    throw error;
  }
}

async function untilRunning(cloud: Cloud, id: string): Promise<void> {
  const deadlineMs = Date.now() + DEADLINE_MS;
  for (;;) {
    const status = (await describe(cloud, id))?.DBInstanceStatus;
    if (status === "Running") return;
    if (Date.now() > deadlineMs) throw new Error(`instance ${id} has status ${status ?? "missing"}`);
    await sleep(POLL_MS);
  }
}

const ipList = (inputs: PropertyMap): string | undefined =>
  Array.isArray(inputs.securityIps) ? inputs.securityIps.join(",") : undefined;
