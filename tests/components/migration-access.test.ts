import * as pulumi from "@pulumi/pulumi";
import { DatabaseMigration, MigrationAccess, type MigrationAccessArgs, MigrationBucket } from "../../components";
import { type Emulator, startEmulator } from "../../emulator/emulator";
import { migrationPolicy } from "../../provider/aliyun/ram/permissions";
import { hideCredentials } from "../provider/support/hidden-credentials";

const ROLE = "alicloud:ram/role:Role";
const ROLE_POLICY = "alicloud:ram/rolePolicyAttachment:RolePolicyAttachment";
const USER_POLICY = "alicloud:ram/userPolicyAttachment:UserPolicyAttachment";
const POLICY = "alicloud:ram/policy:Policy";

let registered: Map<string, Record<string, unknown>>;
let options: Map<string, pulumi.CustomResourceOptions>;
let warnings: string[];
let emulator: Emulator;

function startMocks(preview = false): void {
  registered = new Map();
  options = new Map();
  warnings = [];
  pulumi.runtime.setMocks(
    {
      call: () => ({}),
      newResource: ({ type, name, inputs }) => {
        registered.set(type, inputs);
        return { id: `${name}-id`, state: { ...inputs, arn: `acs:ram::1:role/${inputs.roleName}` } };
      },
    },
    "demo",
    "test",
    preview,
  );
}

const settled = <T>(output: pulumi.Output<T>): Promise<T> => new Promise((resolve) => output.apply(resolve));

/** The component once all its resources are registered. The transformation records the options, which mocks do not get. */
async function make(args?: MigrationAccessArgs): Promise<MigrationAccess> {
  const seen: pulumi.ResourceTransformation = ({ type, opts }) => {
    options.set(type, opts);
    return undefined;
  };
  const access = new MigrationAccess("access", args, { transformations: [seen] });
  await settled(access.roleArn);
  await settled(access.policy);
  await new Promise((resolve) => setImmediate(resolve));
  return access;
}

beforeAll(async () => {
  emulator = await startEmulator({ bucket: false });
});
afterAll(() => emulator.close());

beforeEach(() => {
  startMocks();
  jest.spyOn(pulumi.log, "warn").mockImplementation(async (message) => {
    warnings.push(message);
  });
});

let showCredentials: () => void;
beforeEach(() => {
  showCredentials = hideCredentials("/nowhere");
  process.env.ALIBABA_CLOUD_ENDPOINT_RAM = emulator.endpoint;
  process.env.ALIBABA_CLOUD_ACCESS_KEY_ID = emulator.accessKeyId;
  process.env.ALIBABA_CLOUD_ACCESS_KEY_SECRET = emulator.accessKeySecret;
});
afterEach(async () => {
  showCredentials();
  jest.restoreAllMocks();
  await pulumi.runtime.disconnect();
  await emulator.ram.allowActions();
  await emulator.ram.setRole({ name: "AliyunRDSImportRole" });
});

describe("the role that RDS reads buckets with", () => {
  test("is read, and no resource of the program could change or delete it", async () => {
    const { roleArn, createsRole } = await make();
    expect(await settled(roleArn)).toMatch(/^acs:ram::\d+:role\/AliyunRDSImportRole$/);
    expect([createsRole, warnings]).toEqual([false, []]);
    expect([...registered.keys()]).toEqual([MigrationAccess.__pulumiType]);
  });

  test("is a warning when it is missing, because finished migrations do not need it", async () => {
    await emulator.ram.removeRole({ name: "AliyunRDSImportRole" });
    const { roleArn } = await make();
    expect(await settled(roleArn)).toBeUndefined();
    expect(warnings).toEqual([expect.stringMatching(/^IMPORT_ROLE_MISSING: the account has no role .*createRole/s)]);
  });

  test("is reported as not checked without the permission or without credentials", async () => {
    await emulator.ram.forbidAction({ action: "GetRole" });
    await make();
    expect(warnings).toEqual([expect.stringMatching(/^not checked: the role AliyunRDSImportRole\. NOT_AUTHORIZED: /)]);
    delete process.env.ALIBABA_CLOUD_ACCESS_KEY_ID;
    startMocks();
    await make();
    expect(warnings).toEqual([expect.stringMatching(/^not checked: .* NO_CREDENTIALS: /)]);
  });

  test("is created only with createRole, with RDS's own policy; destroy keeps both, and updates revert no change", async () => {
    const { roleArn, createsRole } = await make({ createRole: true });
    expect([createsRole, await settled(roleArn)]).toEqual([true, "acs:ram::1:role/AliyunRDSImportRole"]);
    const { assumeRolePolicyDocument, ...role } = registered.get(ROLE) ?? {};
    expect(role).toMatchObject({ roleName: "AliyunRDSImportRole" });
    expect(JSON.parse(String(assumeRolePolicyDocument))).toEqual({
      Statement: [{ Action: "sts:AssumeRole", Effect: "Allow", Principal: { Service: ["rds.aliyuncs.com"] } }],
      Version: "1",
    });
    expect(registered.get(ROLE_POLICY)).toEqual({
      roleName: "AliyunRDSImportRole",
      policyName: "AliyunRDSImportRolePolicy",
      policyType: "System",
    });
    expect(options.get(ROLE)).toMatchObject({
      retainOnDelete: true,
      ignoreChanges: ["assumeRolePolicyDocument", "description", "maxSessionDuration", "tags"],
    });
    expect(options.get(ROLE_POLICY)).toMatchObject({ retainOnDelete: true });
  });
});

describe("the policies of the user or role that runs the migrations", () => {
  test("name the instance and the bucket, whatever type the arguments have", async () => {
    const bucket = new MigrationBucket("backups", { existing: "erp-backups" });
    const { policy, previewPolicy } = await make({ instance: pulumi.output("rm-1"), bucket });
    const scope = { instanceId: "rm-1", bucket: "erp-backups" };
    expect(JSON.parse(await settled(policy))).toEqual(migrationPolicy(scope));
    expect(JSON.parse(await settled(previewPolicy))).toEqual(migrationPolicy({ ...scope, purpose: "look" }));
    expect(registered.has(POLICY)).toBe(false);
  });

  test("are attached to a user, under a name of this stack", async () => {
    const { policy } = await make({ grantTo: { userName: "ci" } });
    expect(registered.get(POLICY)).toMatchObject({
      policyName: "demo-test-access",
      policyDocument: await settled(policy),
    });
    expect(registered.get(USER_POLICY)).toEqual({
      policyName: "demo-test-access",
      policyType: "Custom",
      userName: "ci",
    });
  });

  test("are attached to a role, under the given name", async () => {
    await make({ grantTo: { roleName: "deployer" }, policyName: "migrations" });
    expect(registered.get(ROLE_POLICY)).toEqual({
      policyName: "migrations",
      policyType: "Custom",
      roleName: "deployer",
    });
  });
});

test("a migration waits for the role that the program creates, and only a preview tolerates its absence", async () => {
  const migrate = async (args: MigrationAccessArgs, preview: boolean) => {
    startMocks(preview);
    const access = await make(args);
    const erp = new DatabaseMigration("erp", { instanceId: "rm-1", bucket: "b", backup: "erp.bak", access });
    await settled(erp.urn);
    return registered.get(DatabaseMigration.__pulumiType);
  };
  expect(await migrate({ createRole: true }, true)).toMatchObject({ __roleMayNotExistYet: true });
  expect(await migrate({ createRole: true }, false)).not.toHaveProperty("__roleMayNotExistYet");
  expect(await migrate({}, true)).not.toHaveProperty("__roleMayNotExistYet");
});
