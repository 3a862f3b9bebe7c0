import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as pulumi from "@pulumi/pulumi";
import { MIGRATION_TYPE, PROVIDER_TEXT } from "../../../provider/model/provider-text";
import { DatabaseMigration, type DatabaseMigrationArgs } from "../../../provider/resources/database-migration";
import { REPOSITORY } from "../support/provider-process";

/** What the engine is told of a resource. */
interface Registered {
  type: string;
  name: string;
  inputs: Record<string, unknown>;
}

let registered: Registered[];
let options: pulumi.CustomResourceOptions[];

const ARGS: DatabaseMigrationArgs = { instanceId: "rm-1", bucket: "backups", backup: "erp.bak" };

function startMocks(preview = false): void {
  registered = [];
  options = [];
  pulumi.runtime.setMocks(
    {
      call: () => ({}),
      newResource: ({ type, name, inputs }) => {
        registered.push({ type, name, inputs });
        return { id: `${name}-id`, state: { ...inputs, status: "online", databaseName: "erp" } };
      },
    },
    "demo",
    "test",
    preview,
  );
}

/** The options as they reach the SDK, which tells its mocks nothing of them. */
const seeOptions = (more: pulumi.CustomResourceOptions = {}): pulumi.CustomResourceOptions => ({
  ...more,
  transformations: [
    ({ opts }) => {
      options.push(opts);
      return undefined;
    },
  ],
});

const settled = <T>(output: pulumi.Output<T>): Promise<T> => new Promise((resolve) => output.apply(resolve));

async function migration(args: Partial<DatabaseMigrationArgs> = {}, opts?: pulumi.CustomResourceOptions) {
  const made = new DatabaseMigration("erp", { ...ARGS, ...args }, opts);
  await settled(made.urn);
  return made;
}

const inputs = (): Record<string, unknown> => registered.find(({ type }) => type === MIGRATION_TYPE)?.inputs ?? {};

beforeEach(() => startMocks());
// What a program leaves under way would meet the mocks of the next test.
afterEach(() => pulumi.runtime.disconnect());

test("is registered under the type that policies and aliases name, with the constant provider", async () => {
  await migration();
  expect(registered).toMatchObject([{ type: "pulumi-nodejs:dynamic/sqlserver:DatabaseMigration", name: "erp" }]);
  expect(DatabaseMigration.__pulumiType).toBe(MIGRATION_TYPE);
  expect(inputs()).toEqual({
    ...ARGS,
    __provider: PROVIDER_TEXT,
    __resourceUrn: `urn:pulumi:test::demo::${MIGRATION_TYPE}::erp`,
  });
});

test("tells its URN as the engine forms it, also below components", async () => {
  const outer = new pulumi.ComponentResource("demo:index:Outer", "outer");
  const inner = new pulumi.ComponentResource("demo:index:Inner", "inner", {}, { parent: outer });
  await migration({}, { parent: inner });
  const urn = `urn:pulumi:test::demo::demo:index:Outer$demo:index:Inner$${MIGRATION_TYPE}::erp`;
  expect(inputs().__resourceUrn).toBe(urn);
});

test("a component whose initialisation waits for its children does not wait for ever", async () => {
  const found = new Promise<string>((resolve) => {
    class Waiting extends pulumi.ComponentResource {
      constructor() {
        super("demo:index:Waiting", "waiting", {});
      }
      protected override async initialize(): Promise<void> {
        const child = new DatabaseMigration("erp", ARGS, { parent: this });
        resolve(await settled(child.status));
      }
    }
    new Waiting();
  });
  expect(await found).toBe("online");
  expect(inputs().__resourceUrn).toContain("demo:index:Waiting$");
});

test("is deleted before it is replaced, unless the program says otherwise", async () => {
  await migration({}, seeOptions());
  await migration({}, seeOptions({ deleteBeforeReplace: false }));
  expect(options.map((opts) => opts.deleteBeforeReplace)).toEqual([true, false]);
});

test("takes the instance and the bucket as resources too", async () => {
  class Thing extends pulumi.CustomResource {}
  const instance = new Thing("demo:index:Thing", "instance");
  const bucket = new Thing("demo:index:Thing", "bucket");
  await migration({
    instanceId: instance as DatabaseMigrationArgs["instanceId"],
    bucket: bucket as DatabaseMigrationArgs["bucket"],
  });
  expect(inputs()).toMatchObject({ instanceId: "instance-id", bucket: "bucket-id" });
});

test("customTimeouts, which the host of dynamic providers ignores, become the time-out; the argument wins", async () => {
  await migration({}, { customTimeouts: { create: "1h30m" } });
  expect(inputs().timeout).toBe("1h30m");
  startMocks();
  await migration({ timeout: "2h" }, { customTimeouts: { create: "1h30m" } });
  expect(inputs().timeout).toBe("2h");
  startMocks();
  await migration({ timeout: undefined }, { customTimeouts: { create: "1h30m" } });
  expect(inputs().timeout).toBe("1h30m");
});

test("a bucket that this program makes may be missing at preview, a named one may not", async () => {
  startMocks(true);
  await migration({ bucket: pulumi.output("made-here") });
  expect(inputs().__mayNotExistYet).toBe(true);
  startMocks(true);
  await migration();
  expect(inputs()).not.toHaveProperty("__mayNotExistYet");
  startMocks(false);
  await migration({ bucket: pulumi.output("made-here") });
  expect(inputs()).not.toHaveProperty("__mayNotExistYet");
});

test("its outputs can be used, those that the service has not told yet too", async () => {
  const made = await migration();
  expect(await settled(made.status)).toBe("online");
  expect(await settled(made.databaseName)).toBe("erp");
  expect(await settled(made.failure)).toBeUndefined();
});

test("does not have the SDK trace the stack for each property, and leaves the program's limit as it was", async () => {
  const { stackTraceLimit, prepareStackTrace } = Error;
  let frames = 0;
  Error.prepareStackTrace = (error, callSites) => {
    frames += callSites.length;
    return prepareStackTrace?.(error, callSites) ?? String(error);
  };
  try {
    await migration();
  } finally {
    Error.prepareStackTrace = prepareStackTrace;
  }
  // One trace of its own stays, which tells the engine where the resource is declared; thirty properties make over a hundred.
  expect(frames).toBeLessThan(200);
  expect(Error.stackTraceLimit).toBe(stackTraceLimit);
  expect(() => new DatabaseMigration("", ARGS)).toThrow();
  expect(Error.stackTraceLimit).toBe(stackTraceLimit);
});

test("where the provider cannot be found from the project, the message says what to do", () => {
  // In a process of its own: jest finds the package from anywhere.
  const program = `const { DatabaseMigration } = require(${JSON.stringify(join(REPOSITORY, "dist", "provider", "resources", "database-migration"))});
    try { new DatabaseMigration("erp", {}); } catch (error) { console.log(error.message); }`;
  const elsewhere = mkdtempSync(join(tmpdir(), "not-a-project-"));
  try {
    const { stdout } = spawnSync(process.execPath, ["-e", program], { cwd: elsewhere, encoding: "utf8" });
    expect(stdout).toMatch(/cannot be found.*npm install pulumi-alicloud-sqlserver-migration.*monorepo/s);
  } finally {
    rmSync(elsewhere, { recursive: true });
  }
});
