import type * as alicloud from "@pulumi/alicloud";
import * as pulumi from "@pulumi/pulumi";
import { DatabaseMigration, MigrationBucket, type MigrationBucketArgs, type NewBucketArgs } from "../../components";
import { BUCKET_UPLOADS_TYPE } from "../../provider/model/provider-text";

/** What the engine is told of a resource. */
interface Registered {
  type: string;
  name: string;
  inputs: Record<string, unknown>;
}

const BUCKET = "alicloud:oss/bucket:Bucket";
const MIGRATION = DatabaseMigration.__pulumiType;

let registered: Registered[];

function startMocks(preview = false): void {
  registered = [];
  pulumi.runtime.setMocks(
    {
      call: () => ({}),
      newResource: ({ type, name, inputs }) => {
        registered.push({ type, name, inputs });
        return { id: `${name}-id`, state: inputs };
      },
    },
    "demo",
    "test",
    preview,
  );
}

const settled = <T>(output: pulumi.Output<T>): Promise<T> => new Promise((resolve) => output.apply(resolve));
const inputsOf = (type: string): Record<string, unknown> | undefined =>
  registered.find((resource) => resource.type === type)?.inputs;

/** A bucket, and what its parent in the URN is. */
async function make(args?: MigrationBucketArgs, opts?: pulumi.ComponentResourceOptions): Promise<MigrationBucket> {
  const bucket = new MigrationBucket("backups", args, opts);
  await settled(bucket.bucketName);
  return bucket;
}

beforeEach(() => startMocks());
afterEach(() => pulumi.runtime.disconnect());

test("creates a Standard bucket without encryption, keeps its objects, and removes unfinished uploads after a week", async () => {
  const bucket = await make();
  expect(await settled(bucket.bucketName)).toBe("backups-id");
  expect(inputsOf(BUCKET)).toEqual({
    storageClass: "Standard",
    forceDestroy: false,
    lifecycleRules: [{ id: "backups", prefix: "", enabled: true, abortMultipartUploads: [{ days: 7 }] }],
  });
});

test("its child's URN is below its own, so that options of the component apply", async () => {
  const { bucket } = await make();
  if (bucket === undefined) throw new Error("no bucket was made");
  expect(await settled(bucket.urn)).toBe(`urn:pulumi:test::demo::${MigrationBucket.__pulumiType}$${BUCKET}::backups`);
});

test("passes on name, redundancy, tags and forceDestroy, and expires backups in the same rule on request", async () => {
  await make({
    bucketName: "erp-backups",
    redundancyType: "ZRS",
    forceDestroy: true,
    abortUploadsAfterDays: 14,
    expireBackupsAfterDays: 30,
    tags: { team: "erp" },
  });
  expect(inputsOf(BUCKET)).toEqual({
    bucket: "erp-backups",
    storageClass: "Standard",
    redundancyType: "ZRS",
    forceDestroy: true,
    lifecycleRules: [
      {
        id: "backups",
        prefix: "",
        enabled: true,
        abortMultipartUploads: [{ days: 14 }],
        expirations: [{ days: 30 }],
      },
    ],
    tags: { team: "erp" },
  });
});

test("declares the unfinished uploads, which destroy aborts, where forceDestroy is given", async () => {
  for (const forceDestroy of [true, false, undefined]) {
    startMocks();
    await make({ forceDestroy });
    await pulumi.runtime.disconnect();
    const { type, inputs } = registered.find(({ name }) => name === "backups-uploads") ?? {};
    const expected = forceDestroy === undefined ? [] : [BUCKET_UPLOADS_TYPE, "backups-id", forceDestroy];
    expect([type, inputs?.bucket, inputs?.forceDestroy].filter((value) => value !== undefined)).toEqual(expected);
  }
});

test("each combination of arguments has the rule that removes unfinished uploads", async () => {
  const values: Required<{ [K in keyof NewBucketArgs]: NewBucketArgs[K][] }> = {
    bucketName: ["erp-backups"],
    redundancyType: [undefined, "ZRS"],
    forceDestroy: [undefined, true],
    abortUploadsAfterDays: [undefined, 30],
    expireBackupsAfterDays: [undefined, 60],
    tags: [{ team: "erp" }],
    existing: [undefined],
  };
  const combinations = Object.entries(values).reduce<NewBucketArgs[]>(
    (all, [name, choices]) => all.flatMap((args) => choices.map((choice) => ({ ...args, [name]: choice }))),
    [{}],
  );
  for (const args of combinations) await make(args);
  const rules = registered.filter(({ type }) => type === BUCKET).map(({ inputs }) => inputs.lifecycleRules);
  expect(rules).toEqual(
    combinations.map(({ abortUploadsAfterDays: days = 7 }) => [
      expect.objectContaining({ enabled: true, prefix: "", abortMultipartUploads: [{ days }] }),
    ]),
  );
});

test.each([
  ["abortUploadsAfterDays", 6],
  ["abortUploadsAfterDays", 7.5],
  ["expireBackupsAfterDays", 0],
  ["expireBackupsAfterDays", Number.NaN],
] as const)(
  "refuses %s of %d days, which a resumed upload or a waiting migration could not survive",
  (property, days) => {
    const make = () => new MigrationBucket("backups", { [property]: days });
    expect(make).toThrow(pulumi.RunError);
    expect(make).toThrow(
      `INPUT_INVALID: [${property}] is ${days}, not a whole number of days from 7 on.\nWrite 7 or more`,
    );
  },
);

test("an existing bucket is only named; no resource is created, changed or deleted", async () => {
  const bucket = await make({ existing: "erp-backups" });
  expect(await settled(bucket.bucketName)).toBe("erp-backups");
  expect(bucket.bucket).toBeUndefined();
  await settled(bucket.urn);
  expect(registered.map(({ type }) => type)).toEqual([MigrationBucket.__pulumiType]);
});

describe("a migration takes the bucket", () => {
  async function migrate(bucket: ConstructorParameters<typeof DatabaseMigration>[1]["bucket"]) {
    const migration = new DatabaseMigration("erp", { instanceId: "rm-1", bucket, backup: "erp.bak" });
    await settled(migration.urn);
    return inputsOf(MIGRATION);
  }

  test("as a component that creates it, so that it may be missing at preview", async () => {
    startMocks(true);
    expect(await migrate(await make())).toMatchObject({ bucket: "backups-id", __mayNotExistYet: true });
  });

  test("as a component that names an existing one, which must exist at preview", async () => {
    startMocks(true);
    const inputs = await migrate(await make({ existing: pulumi.output("erp-backups") }));
    expect(inputs).toMatchObject({ bucket: "erp-backups" });
    expect(inputs).not.toHaveProperty("__mayNotExistYet");
  });

  test("as the alicloud package's own resource", async () => {
    startMocks(true);
    const { oss } = require("@pulumi/alicloud") as typeof alicloud;
    const inputs = await migrate(new oss.Bucket("plain", { storageClass: "Standard" }));
    expect(inputs).toMatchObject({ bucket: "plain-id", __mayNotExistYet: true });
  });

  test("as a name", async () => {
    startMocks(true);
    const inputs = await migrate("erp-backups");
    expect(inputs).toMatchObject({ bucket: "erp-backups" });
    expect(inputs).not.toHaveProperty("__mayNotExistYet");
  });
});
