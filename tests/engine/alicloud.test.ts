import OSS from "ali-oss";
import { type Emulator, startEmulator } from "../../emulator/emulator";
import { findEngines } from "../../engine/find-engines";
import { ENGINE_TEST_TIMEOUT_MS } from "./each-engine";
import { diagnosticsOf, stepsOf, ThingsProject } from "./things-project";

jest.setTimeout(ENGINE_TEST_TIMEOUT_MS);

// Stand-in only. tests/examples/program.test.ts creates the same resources with the plugin, which waits three minutes for an instance.
const standIn = findEngines().find((engine) => engine.name === "stand-in");
if (!standIn) throw new Error("the stand-in engine is missing");

describe("the alicloud resources that the stand-in supports", () => {
  let emulator: Emulator;
  let project: ThingsProject;

  beforeEach(async () => {
    emulator = await startEmulator({ bucket: false });
    project = new ThingsProject(standIn, {
      config: { "alicloud:region": emulator.region },
      env: {
        ...process.env,
        ALIBABA_CLOUD_ENDPOINT_OSS: emulator.endpoint,
        ALIBABA_CLOUD_ENDPOINT_RDS: emulator.endpoint,
        ALIBABA_CLOUD_ENDPOINT_RAM: emulator.endpoint,
        ALICLOUD_ACCESS_KEY: emulator.accessKeyId,
        ALICLOUD_SECRET_KEY: emulator.accessKeySecret,
      },
    });
  });
  afterEach(async () => {
    project.remove();
    await emulator.close();
  });

  test("creates, updates, reads and deletes a bucket, an instance and a role in the emulator", async () => {
    const program = (name: string, days: number) => `
      const alicloud = require("@pulumi/alicloud");
      const bucket = new alicloud.oss.Bucket("b", { storageClass: "Standard", redundancyType: "LRS", lifecycleRules: [
        { id: "r", prefix: "", enabled: true, abortMultipartUploads: [{ days: ${days} }], expirations: [{ days: 30 }] } ] });
      const instance = new alicloud.rds.Instance("erp", { engine: "SQLServer", engineVersion: "2019_std_ha",
        instanceType: "mssql.x2.medium.s2", instanceStorage: 20, instanceName: "${name}", instanceChargeType: "Postpaid",
        vswitchId: "vsw-1" });
      const role = new alicloud.ram.Role("r", { roleName: "AnotherImportRole", assumeRolePolicyDocument: JSON.stringify({ Version: "1" }) });
      new alicloud.ram.RolePolicyAttachment("p", { roleName: role.roleName, policyName: "AliyunRDSImportRolePolicy", policyType: "System" });
      const policy = new alicloud.ram.Policy("own", { policyName: "own", policyDocument: JSON.stringify({ Version: "1", days: ${days} }) });
      new alicloud.ram.UserPolicyAttachment("u", { userName: "ci", policyName: policy.policyName, policyType: "Custom" });
      new alicloud.rds.RdsAccount("a", { dbInstanceId: instance.id, accountName: "dba", accountPassword: "Passw0rd-of-nobody", accountType: "Super" });
      exports.bucket = bucket.bucket;
      exports.instance = instance.id;
      exports.location = bucket.location;
    `;
    const up = await project.program(program("one", 7)).run("up");
    expect(diagnosticsOf(up)).toEqual([]);
    expect(up.exitCode).toBe(0);
    expect(stepsOf(up).sort()).toEqual([
      ...["create a", "create b", "create erp", "create own", "create p", "create r", "create u"],
    ]);
    expect(up.outputs).toMatchObject({
      location: `oss-${emulator.region}`,
      bucket: expect.stringMatching(/^b-[0-9a-f]{7}$/),
    });

    const again = await project.program(program("two", 8)).run("preview");
    expect(stepsOf(again).sort()).toEqual(["update b", "update erp", "update own"]);
    expect(again.outputs).toMatchObject(up.outputs);

    const change = await project.run("up");
    expect(change.exitCode).toBe(0);
    expect(change.outputs).toMatchObject(up.outputs);
    expect(emulator.journal.entries.map((entry) => entry.action)).toEqual(
      expect.arrayContaining(["ModifyDBInstanceDescription", "PutBucketLifecycle", "CreatePolicyVersion"]),
    );

    const refresh = await project.run({ kind: "refresh", expectNoChanges: true });
    expect(diagnosticsOf(refresh)).toEqual([]);
    expect(refresh.exitCode).toBe(0);

    const destroy = await project.run("destroy");
    expect(diagnosticsOf(destroy)).toEqual([]);
    expect(destroy.exitCode).toBe(0);
    const deletes = emulator.journal.entries
      .map((entry) => entry.action)
      .filter((action) => /^(Delete|Detach)/.test(action));
    expect(deletes.sort()).toEqual([
      ...["DeleteAccount", "DeleteBucket", "DeleteDBInstance", "DeletePolicy", "DeleteRole"],
      ...["DetachPolicyFromRole", "DetachPolicyFromUser"],
    ]);
  });

  test("forceDestroy deletes objects but no unfinished upload, so that OSS refuses the bucket", async () => {
    const up = await project
      .program(`
        const alicloud = require("@pulumi/alicloud");
        exports.bucket = new alicloud.oss.Bucket("b", { forceDestroy: true }).bucket;
      `)
      .run("up");
    const bucket = String(up.outputs.bucket);
    const { accessKeyId, accessKeySecret, endpoint, region } = emulator;
    const keys = { accessKeyId, accessKeySecret, endpoint, bucket, region: `oss-${region}`, authorizationV4: true };
    const client = new OSS(keys as OSS.Options);
    await client.put("erp.bak", Buffer.from("backup"));
    const { uploadId } = await client.initMultipartUpload("crm.bak");
    const refused = await project.run("destroy");
    expect(refused.exitCode).not.toBe(0);
    expect(JSON.stringify(diagnosticsOf(refused))).toMatch(/The bucket has objects/);
    expect(emulator.oss.objects(bucket)).toEqual([]);
    await client.abortMultipartUpload("crm.bak", uploadId);
    expect((await project.run("destroy")).exitCode).toBe(0);
  });

  test("refuses unsupported inputs and types by name", async () => {
    const up = await project
      .program(`
        const alicloud = require("@pulumi/alicloud");
        new alicloud.oss.Bucket("b", { storageClass: "Standard", website: { indexDocument: "index.html" } });
      `)
      .run("preview");
    expect(up.exitCode).not.toBe(0);
    expect(diagnosticsOf(up).join()).toContain("does not support this input of alicloud:oss/bucket:Bucket");
    const other = await project
      .program(
        `const alicloud = require("@pulumi/alicloud"); new alicloud.vpc.Network("n", { cidrBlock: "10.0.0.0/8" });`,
      )
      .run("preview");
    expect(diagnosticsOf(other).join()).toContain("the stand-in engine does not support alicloud:vpc/network:Network");
  });
});
