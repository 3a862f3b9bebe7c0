import { INSTANCE_ID, listOf, RdsFixture, refusalOf } from "../support/rds-fixture";

const GIB = 1024 ** 3;

async function attribute(fixture: RdsFixture, instanceId = INSTANCE_ID): Promise<Record<string, unknown>> {
  const { Items } = await fixture.send("DescribeDBInstanceAttribute", { DBInstanceId: instanceId });
  const wrapped: { DBInstanceAttribute?: Record<string, unknown>[] } = Items as object;
  return wrapped.DBInstanceAttribute?.[0] ?? {};
}

test("describes an instance with the types of the SDK's model", async () => {
  const fixture = RdsFixture.withInstance({ storageGb: 20, systemBytes: GIB });
  await fixture.rds.control.setDatabase({ instanceId: INSTANCE_ID, name: "Erp", sizeBytes: 5 });
  expect(await attribute(fixture)).toMatchObject({
    DBInstanceId: INSTANCE_ID,
    Engine: "SQLServer",
    EngineVersion: "2022_std_ha",
    DBInstanceStatus: "Running",
    LockMode: "Unlock",
    DBInstanceType: "Primary",
    Category: "HighAvailability",
    RegionId: "cn-hangzhou",
    DBInstanceStorage: 20,
    DBInstanceDiskUsed: `${GIB + 5}`,
    DBMaxQuantity: 500,
    Collation: "SQL_Latin1_General_CP1_CI_AS",
    TimeZone: "China Standard Time",
    MaintainTime: "18:00Z-22:00Z",
    DeletionProtection: false,
  });
});

test.each([
  ["2012_web", "Basic"],
  ["2016_std_sl", "Serverless_basic"],
  ["2019_ent", "AlwaysOn"],
  ["08r2_ent_ha", "HighAvailability"],
  ["2008r2", "HighAvailability"],
])("derives the edition of %s: %s", async (engineVersion, category) => {
  expect((await attribute(RdsFixture.withInstance({ engineVersion }))).Category).toBe(category);
});

test("returns all members that the alicloud provider needs when it reads an instance", async () => {
  const fixture = RdsFixture.withInstance({ tags: { team: "erp" } });
  const reply = (action: string) => fixture.send(action, action.endsWith("Template") ? { InsName: INSTANCE_ID } : {});
  expect(await attribute(fixture)).toMatchObject({
    Extra: {},
    ServerlessConfig: {},
    SlaveZones: { SlaveZone: [{ ZoneId: "cn-hangzhou-h" }] },
  });
  expect(await reply("DescribeDBInstanceIPArrayList")).toHaveProperty("Items.DBInstanceIPArray");
  expect(await reply("DescribeTags")).toHaveProperty("Items.TagInfos.0.TagKey", "team");
  expect(await reply("DescribeDBInstanceMonitor")).toHaveProperty("Period");
  expect(await reply("DescribeSQLCollectorPolicy")).toHaveProperty("SQLCollectorStatus");
  expect(await reply("DescribeSQLCollectorRetention")).toHaveProperty("ConfigValue", "0");
  expect(await reply("DescribeDBInstanceNetInfo")).toHaveProperty("DBInstanceNetInfos.DBInstanceNetInfo.0.IPAddress");
  expect(await reply("DescribeDBInstanceHAConfig")).toHaveProperty("HostInstanceInfos.NodeInfo.0.NodeId");
  expect(await reply("DescribeSecurityGroupConfiguration")).toHaveProperty("Items.EcsSecurityGroupRelation");
  expect(await reply("DescribeDBInstanceSSL")).toHaveProperty("SSLEnabled");
  expect(await reply("DescribeHASwitchConfig")).toHaveProperty("HAConfig");
  expect(await reply("DescribeHADiagnoseConfig")).toHaveProperty("TcpConnectionType");
  expect(await reply("DescribeParameters")).toHaveProperty("ParamGroupInfo.ParamGroupId", "");
  expect(await reply("DescribeTasks")).toHaveProperty("Items.TaskProgressInfo", []);
  expect(await reply("DescribeInstanceLinkedWhitelistTemplate")).toHaveProperty("Data.Templates", []);
  expect((await refusalOf(fixture.send("DescribeTags", { DBInstanceId: "rm-no" }))).status).toBe(404);
});

const CREATION = {
  DBInstanceId: "",
  RegionId: "cn-hangzhou",
  Engine: "SQLServer",
  EngineVersion: "2019_std_ha",
  DBInstanceClass: "mssql.x4.medium.s2",
  DBInstanceStorage: "50",
  DBInstanceNetType: "Intranet",
  PayType: "Postpaid",
  SecurityIPList: "10.0.0.0/8",
  ClientToken: "create-1",
};

test("creates one instance per ClientToken, first Creating, then Running, without accounts", async () => {
  const fixture = new RdsFixture({ createInstanceMs: 500 });
  const created = await fixture.send("CreateDBInstance", CREATION);
  expect(await fixture.send("CreateDBInstance", CREATION)).toEqual(created);
  const instanceId = String(created.DBInstanceId);
  expect(created).toMatchObject({ DBInstanceId: expect.stringMatching(/^rm-/), OrderId: expect.any(String) });
  expect(await attribute(fixture, instanceId)).toMatchObject({ DBInstanceStatus: "Creating", DBInstanceStorage: 50 });
  fixture.world.advance(500);
  expect((await attribute(fixture, instanceId)).DBInstanceStatus).toBe("Running");
  expect((await fixture.send("DescribeAccounts", { DBInstanceId: instanceId })).TotalRecordCount).toBe(0);
  const { Items } = await fixture.send("DescribeDBInstances", { DBInstanceId: "" });
  expect(listOf(Items, "DBInstance").map(({ DBInstanceId }) => DBInstanceId)).toEqual([INSTANCE_ID, instanceId]);
});

test.each(["RegionId", "EngineVersion", "DBInstanceClass", "DBInstanceStorage", "PayType", "SecurityIPList"])(
  "creates no instance without %s",
  async (name) => {
    const refusal = await refusalOf(new RdsFixture().send("CreateDBInstance", { ...CREATION, [name]: "" }));
    expect(refusal.code).toBe(`Missing${name}`);
  },
);

test("creates an instance with cloud disks only in a VPC, which the alicloud provider requests with a vSwitch", async () => {
  const create = (more: Record<string, string>) => new RdsFixture().send("CreateDBInstance", { ...CREATION, ...more });
  const classic = { InstanceNetworkType: "Classic", DBInstanceStorageType: "cloud_essd" };
  expect((await refusalOf(create(classic))).code).toBe("InvalidNetworkTypeClassicWhenCloudStorage");
  expect((await refusalOf(create({ InstanceNetworkType: "Classic" }))).code).toBe(
    "InvalidNetworkTypeClassicWhenCloudStorage",
  );
  await create({ ...classic, InstanceNetworkType: "VPC", VSwitchId: "vsw-1" });
  await create({ ...classic, DBInstanceStorageType: "local_ssd" });
});

test("accepts the alicloud provider's ClientToken for CreateDBInstance, which is longer than documented", async () => {
  const fixture = new RdsFixture();
  const token = `Terraform-Alicloud-1795733885-${"0".repeat(36)}`;
  expect(token).toHaveLength(66);
  await fixture.send("CreateDBInstance", { ...CREATION, ClientToken: token });
  for (const [action, parameters, ClientToken] of [
    ["CreateDBInstance", CREATION, `${token}0`],
    ["ModifyDBInstanceMaintainTime", { MaintainTime: "02:00Z-03:00Z" }, token],
  ] as const) {
    const refusal = await refusalOf(fixture.send(action, { ...parameters, ClientToken }));
    expect([action, refusal.code]).toEqual([action, "InvalidClientToken.Malformed"]);
  }
});

test("releases an instance without deletion protection", async () => {
  const fixture = RdsFixture.withInstance({ deletionProtection: true });
  expect((await refusalOf(fixture.send("DeleteDBInstance"))).code).toBe("OperationDenied.DeletionProtection");
  await fixture.send("ModifyDBInstanceDeletionProtection", { DeletionProtection: "false" });
  await fixture.send("DeleteDBInstance");
  for (const action of ["DescribeDBInstanceAttribute", "DescribeTasks"]) {
    const refusal = await refusalOf(fixture.send(action));
    expect([refusal.status, refusal.code]).toEqual([404, "InvalidDBInstanceId.NotFound"]);
  }
});

test("changes the properties that the alicloud provider changes", async () => {
  const fixture = RdsFixture.withInstance({ storageGb: 20 });
  await fixture.send("ModifyDBInstanceDescription", { DBInstanceDescription: "erp" });
  await fixture.send("ModifyDBInstanceMaintainTime", { MaintainTime: "02:00Z-03:00Z" });
  await fixture.send("ModifyDBInstanceSpec", { DBInstanceClass: "mssql.x4.large.s2", DBInstanceStorage: "40" });
  await fixture.send("ModifySecurityIps", { SecurityIps: "10.0.0.1,10.0.0.2" });
  await fixture.send("ModifySecurityIps", { SecurityIps: "10.0.0.1", ModifyMode: "Delete" });
  await fixture.send("ModifySecurityIps", { SecurityIps: "10.0.0.3", ModifyMode: "Append" });
  expect(await attribute(fixture)).toMatchObject({
    DBInstanceDescription: "erp",
    MaintainTime: "02:00Z-03:00Z",
    DBInstanceClass: "mssql.x4.large.s2",
    DBInstanceStorage: 40,
    SecurityIPList: "10.0.0.2,10.0.0.3",
  });
  const shrunk = fixture.send("ModifyDBInstanceSpec", { DBInstanceStorage: "39" });
  expect((await refusalOf(shrunk)).code).toBe("InvalidDBInstanceStorage.Malformed");
});

test("tags and untags an instance by numbered parameters", async () => {
  const fixture = new RdsFixture();
  const resource = { ResourceType: "INSTANCE", "ResourceId.1": INSTANCE_ID };
  const tags = async () => listOf((await fixture.send("ListTagResources", resource)).TagResources, "TagResource");
  await fixture.send("TagResources", { ...resource, "Tag.1.Key": "a", "Tag.1.Value": "1", "Tag.2.Key": "b" });
  expect((await tags()).map(({ TagKey, TagValue }) => [TagKey, TagValue])).toEqual([
    ["a", "1"],
    ["b", ""],
  ]);
  await fixture.send("UntagResources", { ...resource, "TagKey.1": "a" });
  expect(await tags()).toHaveLength(1);
  await fixture.send("UntagResources", { ...resource, All: "True" });
  expect(await tags()).toEqual([]);
});

test("returns pages of 30, 50 or 100 databases, each with the total count", async () => {
  const fixture = new RdsFixture();
  for (let number = 1; number <= 31; number += 1) await fixture.send("CreateDatabase", { DBName: `db${number}` });
  expect(await fixture.databases()).toHaveLength(30);
  const second = await fixture.send("DescribeDatabases", { PageNumber: "2" });
  expect(listOf(second.Databases, "Database")).toMatchObject([{ DBName: "db31", TotalCount: "31", PageNumber: "2" }]);
  const named = await fixture.send("DescribeDatabases", { DBName: "DB7", PageSize: "100" });
  expect(listOf(named.Databases, "Database")).toMatchObject([{ DBName: "db7" }]);
  for (const PageSize of ["29", "31", "101", "x"]) {
    expect((await refusalOf(fixture.send("DescribeDatabases", { PageSize }))).code).toBe("InvalidPageSize.Malformed");
  }
});

test("creates and deletes databases and accounts", async () => {
  const fixture = RdsFixture.withInstance({ accounts: [] });
  await fixture.send("CreateDatabase", { DBName: "Erp" });
  expect((await refusalOf(fixture.send("CreateDatabase", { DBName: "erp" }))).code).toBe("InvalidDBName.Duplicate");
  await fixture.send("DeleteDatabase", { DBName: "ERP" });
  expect((await refusalOf(fixture.send("DeleteDatabase", { DBName: "Erp" }))).code).toBe("InvalidDBName.NotFound");
  const account = { AccountName: "admin1", AccountPassword: "Secret_1", AccountType: "Super" };
  await fixture.send("CreateAccount", account);
  expect((await refusalOf(fixture.send("CreateAccount", account))).code).toBe("InvalidAccountName.Duplicate");
  const { Accounts } = await fixture.send("DescribeAccounts");
  expect(listOf(Accounts, "DBInstanceAccount")).toMatchObject([{ AccountName: "admin1", AccountType: "Super" }]);
  expect(JSON.stringify(await fixture.rds.control.readState({}))).not.toContain("Secret_1");
  await fixture.send("DeleteAccount", { AccountName: "admin1" });
  expect((await refusalOf(fixture.send("DeleteAccount", { AccountName: "admin1" }))).status).toBe(404);
});

test("lists the regions of its instances", async () => {
  const fixture = new RdsFixture({ instances: [{}, { id: "rm-b", regionId: "cn-beijing" }] });
  const { Regions } = await fixture.send("DescribeRegions");
  expect(listOf(Regions, "RDSRegion").map(({ RegionId }) => RegionId)).toEqual(["cn-hangzhou", "cn-beijing"]);
});

test("refuses an unsupported action by name", async () => {
  const refusal = await refusalOf(new RdsFixture().send("RestartDBInstance"));
  expect([refusal.status, refusal.code]).toEqual([404, "InvalidAction.NotFound"]);
  expect(refusal.message).toContain("does not imitate Rds RestartDBInstance");
});
