import * as pulumi from "@pulumi/pulumi";
import { dynamicType, nativeType, RESOURCE_KINDS, type ResourceKind } from "../../../provider/model/resource-type";
import { BucketUploads } from "../../../provider/resources/bucket-uploads";
import { CutoverGroup } from "../../../provider/resources/cutover-group";
import { DatabaseMigration } from "../../../provider/resources/database-migration";
import { MigrationOutcome } from "../../../provider/resources/migration-outcome";
import { MigrationVerification } from "../../../provider/resources/migration-verification";
import { registerDynamically, registerNatively } from "../../../provider/resources/registration";

/** A resource registration, as the engine gets it. */
interface Registered {
  type: string;
  inputs: Record<string, unknown>;
  opts: pulumi.CustomResourceOptions;
}

const NATIVE = { version: "1.2.3", pluginDownloadURL: "https://example.com/releases" };
const URN_PREFIX = "urn:pulumi:test::demo::";

const DECLARE: Record<ResourceKind, (opts: pulumi.CustomResourceOptions) => pulumi.CustomResource> = {
  DatabaseMigration: (opts) =>
    new DatabaseMigration("erp", { instanceId: "rm-1", bucket: "b", backup: "erp.bak" }, opts),
  MigrationOutcome: (opts) => new MigrationOutcome("erp", { instanceId: "rm-1", members: [] }, opts),
  CutoverGroup: (opts) => new CutoverGroup("erp", { members: {} }, opts),
  MigrationVerification: (opts) => new MigrationVerification("erp", { source: "a.json", target: "b.json" }, opts),
  BucketUploads: (opts) => new BucketUploads("erp", { bucket: "b", forceDestroy: true }, opts),
};

let registered: Record<string, Registered["inputs"]>;

beforeEach(() => {
  registered = {};
  pulumi.runtime.setMocks(
    {
      call: () => ({}),
      newResource: ({ type, name, inputs }) => {
        registered[type] = inputs;
        return { id: name, state: inputs };
      },
    },
    "demo",
    "test",
    true,
  );
});
afterEach(registerDynamically);

const settled = <T>(output: pulumi.Output<T>): Promise<T> => new Promise((resolve) => output.apply(resolve));

/** Declares a resource; the SDK's mocks do not get its options, so a transformation records them. */
async function declare(kind: ResourceKind, opts: pulumi.CustomResourceOptions = {}): Promise<Registered> {
  let sent: pulumi.CustomResourceOptions = {};
  const transformations: pulumi.ResourceTransformation[] = [
    (args) => {
      sent = args.opts;
      return undefined;
    },
  ];
  await settled(DECLARE[kind]({ ...opts, transformations }).urn);
  const type = Object.keys(registered).find(isOwn) ?? "";
  return { type, inputs: registered[type] ?? {}, opts: sent };
}

const isOwn = (type: string): boolean => type.startsWith("pulumi-nodejs:") || type.startsWith("sqlserver-migration:");
const aliasesOf = async ({ opts }: Registered) => Promise.all(opts.aliases ?? []);

describe.each(RESOURCE_KINDS)("%s", (kind) => {
  test("registers the dynamic type by default, with the native one as alias and what the dynamic host needs", async () => {
    const { type, inputs, opts } = await declare(kind);
    expect(type).toBe(dynamicType(kind));
    expect(inputs).toMatchObject({
      __provider: expect.stringContaining("pulumi-alicloud-sqlserver-migration/provider"),
      __resourceUrn: `${URN_PREFIX}${dynamicType(kind)}::erp`,
      __preview: true,
    });
    expect(opts).not.toHaveProperty("version");
    expect(await aliasesOf({ type, inputs, opts })).toEqual([`${URN_PREFIX}${nativeType(kind)}::erp`]);
  });

  test("registers the native type with the package's release, and with the dynamic type as alias", async () => {
    const dynamic = await declare(kind);
    registered = {};
    registerNatively(NATIVE);
    const native = await declare(kind);
    expect(native.type).toBe(nativeType(kind));
    expect(native.opts).toMatchObject(NATIVE);
    expect(await aliasesOf(native)).toEqual([`${URN_PREFIX}${dynamicType(kind)}::erp`]);
    const { __provider, __resourceUrn, __preview, ...shared } = dynamic.inputs;
    expect(native.inputs).toEqual(shared);
  });
});

test("an alias is the URN below the resource's parent", async () => {
  const parent = new pulumi.ComponentResource("demo:index:Outer", "outer");
  const aliases = await aliasesOf(await declare("BucketUploads", { parent }));
  expect(aliases).toEqual([`${URN_PREFIX}demo:index:Outer$${nativeType("BucketUploads")}::erp`]);
});

test("a program's own alias also finds the resource of the other host", async () => {
  const recorded = `${URN_PREFIX}some:index:Type::old`;
  const typed = { name: "older", type: "some:index:Type" };
  registerNatively(NATIVE);
  const aliases = await aliasesOf(await declare("CutoverGroup", { aliases: [{ name: "old" }, typed, recorded] }));
  const type = dynamicType("CutoverGroup");
  expect(aliases).toEqual([{ name: "old" }, typed, recorded, `${URN_PREFIX}${type}::erp`, { name: "old", type }]);
});
