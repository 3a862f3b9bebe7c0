import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as pulumi from "@pulumi/pulumi";
import { MIGRATION_TYPE, PROVIDER_TEXT } from "../../../provider/model/provider-text";
import { DatabaseMigration, type DatabaseMigrationArgs } from "../../../provider/resources/database-migration";
import { REPOSITORY } from "../support/provider-process";

/** A resource registration, as the engine gets it. */
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

/** Records the options that reach the SDK, which does not pass them to its mocks. */
const recordOptions = (more: pulumi.CustomResourceOptions = {}): pulumi.CustomResourceOptions => ({
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
  const created = new DatabaseMigration("erp", { ...ARGS, ...args }, opts);
  await settled(created.urn);
  return created;
}

const inputs = (): Record<string, unknown> => registered.find(({ type }) => type === MIGRATION_TYPE)?.inputs ?? {};

beforeEach(() => startMocks());
// Work that a program leaves running would otherwise reach the mocks of the next test.
afterEach(() => pulumi.runtime.disconnect());

test("is registered with its public type token and the constant provider", async () => {
  await migration();
  expect(registered).toMatchObject([{ type: "pulumi-nodejs:dynamic/sqlserver:DatabaseMigration", name: "erp" }]);
  expect(DatabaseMigration.__pulumiType).toBe(MIGRATION_TYPE);
  expect(inputs()).toEqual({
    ...ARGS,
    __provider: PROVIDER_TEXT,
    __resourceUrn: `urn:pulumi:test::demo::${MIGRATION_TYPE}::erp`,
  });
});

test("sends its URN as the engine forms it, also below components", async () => {
  const outer = new pulumi.ComponentResource("demo:index:Outer", "outer");
  const inner = new pulumi.ComponentResource("demo:index:Inner", "inner", {}, { parent: outer });
  await migration({}, { parent: inner });
  const urn = `urn:pulumi:test::demo::demo:index:Outer$demo:index:Inner$${MIGRATION_TYPE}::erp`;
  expect(inputs().__resourceUrn).toBe(urn);
});

test("a component whose initialization waits for its children completes", async () => {
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

test("is deleted before it is replaced, unless the program overrides it", async () => {
  await migration({}, recordOptions());
  await migration({}, recordOptions({ deleteBeforeReplace: false }));
  expect(options.map((opts) => opts.deleteBeforeReplace)).toEqual([true, false]);
});

test("accepts the instance and the bucket as resources", async () => {
  class Thing extends pulumi.CustomResource {}
  const instance = new Thing("demo:index:Thing", "instance");
  const bucket = new Thing("demo:index:Thing", "bucket");
  await migration({
    instanceId: instance as DatabaseMigrationArgs["instanceId"],
    bucket: bucket as DatabaseMigrationArgs["bucket"],
  });
  expect(inputs()).toMatchObject({ instanceId: "instance-id", bucket: "bucket-id" });
});

test("customTimeouts, which the host of dynamic providers ignores, become the timeout; the argument takes precedence", async () => {
  await migration({}, { customTimeouts: { create: "1h30m" } });
  expect(inputs().timeout).toBe("1h30m");
  startMocks();
  await migration({ timeout: "2h" }, { customTimeouts: { create: "1h30m" } });
  expect(inputs().timeout).toBe("2h");
  startMocks();
  await migration({ timeout: undefined }, { customTimeouts: { create: "1h30m" } });
  expect(inputs().timeout).toBe("1h30m");
});

test("a bucket that this program creates may be missing at preview, a named one may not", async () => {
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

test("its outputs can be used, including those without a value yet", async () => {
  const made = await migration();
  expect(await settled(made.status)).toBe("online");
  expect(await settled(made.databaseName)).toBe("erp");
  expect(await settled(made.failure)).toBeUndefined();
});

test("turns off the SDK's stack traces for each property, and restores the program's limit", async () => {
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
  // One trace remains: it gives the engine the resource's source position. Thirty properties would cause over a hundred.
  expect(frames).toBeLessThan(200);
  expect(Error.stackTraceLimit).toBe(stackTraceLimit);
  expect(() => new DatabaseMigration("", ARGS)).toThrow();
  expect(Error.stackTraceLimit).toBe(stackTraceLimit);
});

test("reports how to install the package when the project cannot resolve the provider", () => {
  // Runs in its own process, because jest resolves the package from anywhere.
  const program = `const { DatabaseMigration } = require(${JSON.stringify(join(REPOSITORY, "dist", "provider", "resources", "database-migration"))});
    try { new DatabaseMigration("erp", {}); } catch (error) { console.log(error.message); }`;
  const elsewhere = mkdtempSync(join(tmpdir(), "not-a-project-"));
  try {
    const { stdout } = spawnSync(process.execPath, ["-e", program], { cwd: elsewhere, encoding: "utf8" });
    expect(stdout).toMatch(/cannot be resolved.*npm install pulumi-alicloud-sqlserver-migration.*monorepo/s);
  } finally {
    rmSync(elsewhere, { recursive: true });
  }
});
