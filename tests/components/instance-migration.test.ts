import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as pulumi from "@pulumi/pulumi";
import { type DatabaseMigration, InstanceMigration, type InstanceMigrationArgs } from "../../components";
import { main as bakinfo } from "../../provider/cli/bakinfo";
import type { OpenedMember } from "../../provider/model/cutover-group";
import type { DatabaseOutcome } from "../../provider/model/outcome";
import {
  CUTOVER_GROUP_TYPE,
  MIGRATION_TYPE,
  OUTCOME_PROVIDER_TEXT,
  OUTCOME_TYPE,
} from "../../provider/model/provider-text";
import type { BackupSpec } from "../../testing/backup-writer/write-backup";
import { writeBackupFile } from "../../testing/backup-writer/write-backup-file";

/** A resource as the engine registers it. */
interface Registered {
  type: string;
  name: string;
  inputs: Record<string, unknown>;
}

const CHAIN = { files: [] };

let folder: string;
let registered: Registered[];
/** The outputs that the mocked engine returns: of each migration by resource name, of the outcome and of the cutover group. */
let recorded: Record<string, Record<string, unknown>>;
let summary: Partial<DatabaseOutcome>[];
let opened: Partial<OpenedMember>[];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "instance-migration-"));
  registered = [];
  recorded = {};
  summary = [];
  opened = [];
  pulumi.runtime.setMocks(
    {
      call: () => ({}),
      newResource: ({ type, name, inputs }) => {
        registered.push({ type, name, inputs });
        const submitted = { status: "submitted", migrateTaskId: "7", chain: CHAIN, nextLsn: "31" };
        const ofCutover = { opened, status: "online" };
        const status =
          type === MIGRATION_TYPE
            ? { ...submitted, ...recorded[name] }
            : type === CUTOVER_GROUP_TYPE
              ? ofCutover
              : { summary };
        return { id: `${name}-id`, state: { ...inputs, ...status } };
      },
    },
    "demo",
    "test",
    false,
  );
});
afterEach(async () => {
  pulumi.runtime.disconnect();
  rmSync(folder, { recursive: true });
});

async function backup(name: string, spec: Partial<BackupSpec> = {}): Promise<string> {
  const path = join(folder, name);
  const databaseName = name.replace(/\..*$/, "");
  await writeBackupFile(path, { databaseName, type: "full", dataBytes: 8192, logBytes: 512, ...spec });
  return path;
}

/** Declares an instance and waits for its resources. */
async function declare(args: Partial<InstanceMigrationArgs> = {}): Promise<InstanceMigration> {
  const instance = new InstanceMigration("sql01", { instance: "rm-1", bucket: "backups", backups: folder, ...args });
  await settled(instance.summary);
  return instance;
}

const settled = <T>(output: pulumi.Output<T>): Promise<T> => new Promise((resolve) => output.apply(resolve));
const names = (type: string): string[] =>
  registered
    .filter((each) => each.type === type)
    .map(({ name }) => name)
    .sort();
const inputsOf = (name: string) => registered.find((each) => each.name === name)?.inputs ?? {};

test("declares one migration per database, which defers to the outcome and returns when its task is created", async () => {
  await backup("erp.bak");
  await backup("crm.bak");
  const instance = await declare({
    timeout: "2h",
    folder: "sql01",
    overrides: { ERP: { databaseName: "erp2", checkDb: "sync" } },
  });
  expect(names(MIGRATION_TYPE)).toEqual(["sql01-crm", "sql01-erp"]);
  expect(inputsOf("sql01-erp")).toMatchObject({
    ...{ instanceId: "rm-1", bucket: "backups", backup: `${folder}/erp.bak`, databaseName: "erp2", checkDb: "sync" },
    ...{ folder: "sql01", timeout: "2h", wait: "submitted", __deferred: true },
    __resourceUrn: `urn:pulumi:test::demo::${InstanceMigration.__pulumiType}$${MIGRATION_TYPE}::sql01-erp`,
  });
  expect(inputsOf("sql01-crm")).not.toHaveProperty("checkDb");
  expect(inputsOf("sql01-outcome")).toMatchObject({
    ...{ instanceId: "rm-1", timeout: "2h", __provider: OUTCOME_PROVIDER_TEXT },
    members: { "sql01-crm": "crm", "sql01-erp": "erp2" },
    __progress: {
      "sql01-crm": { status: "submitted", migrateTaskId: "7" },
      "sql01-erp": { status: "submitted" },
    },
    __resourceUrn: `urn:pulumi:test::demo::${InstanceMigration.__pulumiType}$${OUTCOME_TYPE}::sql01-outcome`,
  });
  expect(Object.keys(await settled(instance.migrations))).toEqual(["crm", "erp"]);
});

test("its children carry no source position, and resources of the program after it do", async () => {
  await backup("erp.bak");
  // The SDK's types omit this static method.
  const stackTrace = jest.spyOn(pulumi.Resource as unknown as { stackTrace: () => object[] }, "stackTrace");
  await declare();
  expect(stackTrace).toHaveBeenCalledTimes(1); // the component
  expect(names(MIGRATION_TYPE)).toEqual(["sql01-erp"]);
  new pulumi.ComponentResource("test:index:Own", "own");
  expect(stackTrace).toHaveBeenCalledTimes(2);
  stackTrace.mockRestore();
});

test("without increments the chain outputs are undefined; with a phase they are those of the migration", async () => {
  await backup("erp.bak");
  await backup("crm.bak");
  const { migrations } = await declare({ overrides: { crm: { phase: "restoring" } } });
  const { erp, crm } = await settled(migrations);
  const chainOf = ({ chain, nextLsn, lag, readyForCutover, cutoverObstacles }: DatabaseMigration) =>
    Promise.all([chain, nextLsn, lag, readyForCutover, cutoverObstacles].map((each) => settled<unknown>(each)));
  expect(await chainOf(erp as DatabaseMigration)).toEqual(Array(5).fill(undefined));
  expect(await chainOf(crm as DatabaseMigration)).toEqual([CHAIN, "31", undefined, undefined, undefined]);
});

describe("the results", () => {
  const NO_SPACE = {
    code: "TASK_NO_SPACE",
    cause: "full",
    remedy: "Enlarge.",
    retry: "afterFix",
    retryable: true,
  } as const;
  const FINISHED = "2026-05-01T03:00:00.000Z";
  /** What a program reads from a migration. */
  const readAll = async (instance: InstanceMigration, name: string) => {
    const migration = (await settled(instance.migrations))[name] as DatabaseMigration;
    const { status, finishedAt, warnings, failure } = migration;
    const [found, end, all, why] = await Promise.all([
      settled(status),
      settled<string | undefined>(finishedAt),
      settled(warnings),
      settled<unknown>(failure),
    ]);
    return { status: found, finishedAt: end, warnings: all, failure: why };
  };

  test("of the outcome are those that a program reads by name and from the migrations, which are the same resources", async () => {
    for (const name of ["erp", "crm", "web"]) await backup(`${name}.bak`);
    recorded["sql01-crm"] = { warnings: ["late"] };
    summary = [
      { database: "crm", status: "online", migrateTaskId: "7", finishedAt: FINISHED, warnings: ["late", "damaged"] },
      { database: "erp2", status: "failed", migrateTaskId: "7", warnings: [], failure: NO_SPACE },
      { database: "web", status: "restoring", migrateTaskId: "7", warnings: [] },
    ];
    const instance = await declare({ overrides: { erp: { databaseName: "erp2" } } });
    expect(await settled(instance.databases)).toEqual({ crm: summary[0], erp: summary[1], web: summary[2] });
    expect(await settled(instance.counts)).toEqual({
      ...{ total: 3, online: 1, waitingForIncrements: 0, inProgress: 1, failed: 1 },
    });
    expect(await settled(instance.failures)).toEqual([{ database: "erp2", ...NO_SPACE }]);
    expect(await readAll(instance, "crm")).toEqual({
      ...{ status: "online", finishedAt: FINISHED, warnings: ["late", "damaged"], failure: undefined },
    });
    expect(await readAll(instance, "erp")).toMatchObject({ status: "failed", failure: NO_SPACE });
    expect(await readAll(instance, "web")).toMatchObject({ status: "restoring", finishedAt: undefined });
    const crm = (await settled(instance.migrations)).crm as DatabaseMigration;
    expect(pulumi.CustomResource.isInstance(crm)).toBe(true);
    expect(await settled(crm.urn)).toMatch(/::sql01-crm$/);
    // The outcome gets what the migration recorded.
    expect(inputsOf("sql01-outcome").__progress).toMatchObject({ "sql01-crm": { status: "submitted" } });
  });

  test("of another task, or older than what a refresh recorded, do not replace those of the migration", async () => {
    for (const name of ["erp", "crm"]) await backup(`${name}.bak`);
    recorded = {
      "sql01-crm": { migrateTaskId: "8", warnings: [] },
      "sql01-erp": { status: "online", finishedAt: FINISHED, warnings: ["dropped"] },
    };
    summary = [
      { database: "crm", status: "failed", migrateTaskId: "7", warnings: ["earlier"], failure: NO_SPACE },
      { database: "erp", status: "restoring", migrateTaskId: "7", warnings: ["kept"] },
    ];
    const instance = await declare();
    expect(await readAll(instance, "crm")).toEqual({
      ...{ status: "submitted", finishedAt: undefined, warnings: [], failure: undefined },
    });
    expect(await readAll(instance, "erp")).toMatchObject({
      ...{ status: "online", finishedAt: FINISHED, warnings: ["dropped", "kept"] },
    });
  });

  test("include what the cutover group did after the outcome", async () => {
    for (const name of ["erp", "crm", "web"]) await backup(`${name}.bak`);
    const waiting = { status: "waitingForIncrements", migrateTaskId: "7" } as const;
    recorded = { "sql01-crm": waiting, "sql01-erp": waiting, "sql01-web": waiting };
    summary = ["crm", "erp", "web"].map((database) => ({ ...waiting, database, warnings: [] }));
    opened = [
      { database: "crm", migrateTaskId: "7", status: "online", openedAt: FINISHED, warnings: ["slow"] },
      { database: "erp", migrateTaskId: "7", status: "failed", warnings: [], failure: NO_SPACE },
      { database: "web", migrateTaskId: "7", status: "waiting", warnings: [] },
    ];
    const instance = await declare({ cutoverGroup: { phase: "online" } });
    expect(await settled(instance.counts)).toEqual({
      ...{ total: 3, online: 1, waitingForIncrements: 1, inProgress: 0, failed: 1 },
    });
    expect(await settled(instance.failures)).toEqual([{ database: "erp", ...NO_SPACE }]);
    expect(await readAll(instance, "crm")).toMatchObject({
      status: "online",
      finishedAt: FINISHED,
      warnings: ["slow"],
    });
    expect(await readAll(instance, "web")).toMatchObject({ status: "waitingForIncrements" });
    expect(await settled(instance.summary)).toEqual(summary);
  });
});

test("its arguments are not inputs, so that a changed timeout is no change of the component", async () => {
  await backup("erp.bak");
  await declare({ timeout: "2h" });
  expect(registered.find(({ type }) => type === InstanceMigration.__pulumiType)?.inputs).toEqual({});
});

test("one more file adds one resource and changes no other", async () => {
  await backup("erp.bak");
  await backup("crm.bak");
  await declare();
  const before = ["sql01-crm", "sql01-erp"].map(inputsOf);
  registered = [];
  await backup("aaa.bak");
  await declare();
  expect(names(MIGRATION_TYPE)).toEqual(["sql01-aaa", "sql01-crm", "sql01-erp"]);
  expect(["sql01-crm", "sql01-erp"].map(inputsOf)).toEqual(before);
});

test("the output skipped lists unused files with the reason", async () => {
  await backup("erp.bak");
  await backup("master.bak");
  await backup("erp_log.trn", { databaseName: "erp", type: "log" });
  mkdirSync(join(folder, "old"));
  writeFileSync(join(folder, "old", "list.txt"), "");
  const { skipped } = await declare();
  expect((await settled(skipped)).map(({ file, reason }) => `${file.slice(folder.length)} ${reason}`)).toEqual([
    "/old/list.txt is no backup by its name (.txt) or content",
    "/erp_log.trn is a log backup; only the full one is taken, because no phase is set for erp",
    "/master.bak is the backup of master, which is a system database, which RDS does not restore",
  ]);
});

test("a manifest names the databases without their files, each with its entry", async () => {
  await backup("erp.bak");
  await backup("crm.bak");
  const manifest = join(folder, "backups.json");
  const errors: string[] = [];
  const console = { out: () => undefined, err: (text: string) => errors.push(text), env: () => undefined };
  expect([await bakinfo([folder, "--manifest", manifest], console), errors]).toEqual([0, []]);
  rmSync(join(folder, "erp.bak"));
  await declare({ backups: manifest });
  expect(names(MIGRATION_TYPE)).toEqual(["sql01-crm", "sql01-erp"]);
  expect(inputsOf("sql01-erp")).toMatchObject({
    ...{ backup: `${folder}/erp.bak`, databaseName: "erp" },
    manifest: { crc64: expect.stringMatching(/^\d+$/), sizeBytes: expect.any(Number) },
  });
});

test("a list: files are read for their databases; entries name them", async () => {
  const erp = await backup("whatever.bak", { databaseName: "erp" });
  await declare({ backups: [erp, { database: "dwh", backup: "oss://backups/dwh.bak" }] });
  expect(names(MIGRATION_TYPE)).toEqual(["sql01-dwh", "sql01-erp"]);
  expect(inputsOf("sql01-dwh")).toMatchObject({ backup: "oss://backups/dwh.bak", databaseName: "dwh" });
});

test("the source's name is compared where a list declares it, not where a header gave it", async () => {
  const erp = await backup("erp.bak");
  const crm = await backup("crm.bak");
  await declare({ backups: [erp, { database: "CRM", backup: crm }], overrides: { CRM: { databaseName: "crm2" } } });
  expect(inputsOf("sql01-CRM")).toMatchObject({ __sourceName: "CRM", databaseName: "crm2" });
  expect(inputsOf("sql01-erp")).not.toHaveProperty("__sourceName");
});

test("filters by the vendor's list syntax", async () => {
  for (const name of ["erp", "erp_test", "crm", "hr"]) await backup(`${name}.bak`);
  await declare({ databases: { include: "erp*; hr", exclude: "*_test" } });
  expect(names(MIGRATION_TYPE)).toEqual(["sql01-erp", "sql01-hr"]);
});

describe("with a phase", () => {
  const files = async (): Promise<void> => {
    for (const name of ["crm", "erp"]) {
      await backup(`${name}.bak`);
      await backup(`${name}.trn`, { databaseName: name, type: "log" });
    }
  };

  test("a database gets the folder of its increments and waits for them itself; the others stay full-only", async () => {
    await files();
    const { skipped } = await declare({ overrides: { erp: { phase: "restoring", minInterval: "1h" } } });
    expect(inputsOf("sql01-erp")).toMatchObject({ phase: "restoring", increments: [folder], minInterval: "1h" });
    expect(inputsOf("sql01-erp")).not.toHaveProperty("wait");
    expect(inputsOf("sql01-crm")).toMatchObject({ wait: "submitted" });
    expect(inputsOf("sql01-crm")).not.toHaveProperty("increments");
    expect((await settled(skipped)).map(({ file }) => file)).toEqual([`${folder}/crm.trn`]);
    expect(inputsOf("sql01-outcome").__progress).toMatchObject({
      "sql01-crm": {},
      "sql01-erp": { phase: "restoring" },
    });
  });

  test("a cutover group opens them in the given order, after the outcome", async () => {
    await files();
    const { opened } = await declare({ cutoverGroup: { phase: "restoring", databases: ["ERP", "crm"] } });
    await settled(opened);
    expect(inputsOf("sql01-erp")).toMatchObject({ phase: "restoring", increments: [folder] });
    expect(inputsOf("sql01-cutover")).toMatchObject({
      phase: "restoring",
      members: [{ name: "erp" }, { name: "crm" }],
    });
  });
});
