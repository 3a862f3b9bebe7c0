import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as pulumi from "@pulumi/pulumi";
import { type DatabaseMigration, InstanceMigration, type InstanceMigrationArgs } from "../../components";
import { main as bakinfo } from "../../provider/cli/bakinfo";
import { MIGRATION_TYPE, OUTCOME_PROVIDER_TEXT, OUTCOME_TYPE } from "../../provider/model/provider-text";
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

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "instance-migration-"));
  registered = [];
  pulumi.runtime.setMocks(
    {
      call: () => ({}),
      newResource: ({ type, name, inputs }) => {
        registered.push({ type, name, inputs });
        const submitted = { status: "submitted", migrateTaskId: "7", chain: CHAIN, nextLsn: "31" };
        const status = type === MIGRATION_TYPE ? submitted : { summary: [] };
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
      "sql01-crm": { name: "sql01-crm", database: "crm", status: "submitted", migrateTaskId: "7" },
      "sql01-erp": { name: "sql01-erp", database: "erp2", status: "submitted" },
    },
    __resourceUrn: `urn:pulumi:test::demo::${InstanceMigration.__pulumiType}$${OUTCOME_TYPE}::sql01-outcome`,
  });
  expect(Object.keys(await settled(instance.migrations))).toEqual(["crm", "erp"]);
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
    "/old/list.txt is not named like a backup (.txt)",
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
