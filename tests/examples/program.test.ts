import { writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Operation } from "../../engine/engine";
import { engines } from "../scenarios/harness";
import { alicloudEngines } from "../support/alicloud-plugin";
import { complaints, ExampleProject } from "./example-project";

// The alicloud plugin polls a new instance for the first time after three minutes.
jest.setTimeout(900_000);

let current: ExampleProject | undefined;
afterEach(async () => {
  await current?.close();
  current = undefined;
});

/** Opens the program of this repository with two backups and another file. */
async function openProgram(engine: (typeof engines)[number]): Promise<ExampleProject> {
  const opened = await ExampleProject.open(engine, ".");
  current = opened;
  await opened.backup("backups/crm.bak", { databaseName: "crm" });
  await opened.backup("backups/erp.bak", { databaseName: "erp" });
  writeFileSync(join(opened.projectDir, "backups", "notes.txt"), "not a backup");
  Object.assign(opened.config, { backups: "./backups", pollInterval: "200ms" });
  return opened;
}

/** Runs an operation that must succeed without errors, and returns its result with the warnings. */
async function succeed(project: ExampleProject, operation: Operation) {
  const run = await project.run(operation);
  const rows = complaints(run);
  expect({ ...operation, exitCode: run.exitCode, errors: rows.filter((each) => each.startsWith("error")) }).toEqual({
    ...operation,
    exitCode: 0,
    errors: [],
  });
  return { ...run, warnings: rows };
}

test.each(alicloudEngines)(
  "creates bucket, instance, account and role, migrates, previews without changes, and can be destroyed only after unprotecting, with $name",
  async (engine) => {
    const project = await openProgram(engine);
    const { emulator, config, secrets } = project;
    await emulator.ram.removeRole({ name: "AliyunRDSImportRole" });
    const password = "Passw0rd-of-nobody";
    Object.assign(secrets, { accountPassword: password });
    Object.assign(config, { vswitchId: "vsw-1", createRole: "true", expireBackupsAfterDays: "30" });

    const preview = await succeed(project, { kind: "preview" });
    expect(preview.warnings).toEqual([expect.stringMatching(/notes\.txt/)]);
    expect(preview.changes).toMatchObject({ create: expect.any(Number) });
    expect(project.count("PutBucket") + project.count("CreateDBInstance") + project.count("CreateRole")).toBe(0);

    const up = await succeed(project, { kind: "up" });
    expect(up.warnings).toEqual([expect.stringMatching(/notes\.txt/)]);
    expect(up.outputs).toMatchObject({
      counts: { total: 2, online: 2, failed: 0 },
      failures: [],
      skipped: [{ file: expect.stringMatching(/notes\.txt$/) }],
    });
    expect(up.outputs.instanceId).not.toBe(emulator.instanceId);
    const backups = emulator.oss.objects(String(up.outputs.bucketName)).filter(({ key }) => key.endsWith(".bak"));
    expect(backups).toHaveLength(2);
    expect(await project.databases()).toEqual(["crm: Running", "erp: Running"]);
    expect(JSON.stringify(await project.exportState())).not.toContain(password);

    await succeed(project, { kind: "preview", expectNoChanges: true });
    await succeed(project, { kind: "refresh", expectNoChanges: true });
    await succeed(project, { kind: "preview", expectNoChanges: true });
    expect(project.count("CreateMigrateTask")).toBe(2);

    const refused = await project.run({ kind: "destroy", previewFirst: true });
    expect(refused.exitCode).not.toBe(0);
    expect(complaints(refused).join()).toMatch(/protect/);
    expect(project.count("DeleteDBInstance") + project.count("DeleteBucket")).toBe(0);

    config.protect = "false";
    const unprotected = await succeed(project, { kind: "up" });
    expect(
      unprotected.steps
        .filter(({ op, type }) => op === "update" && type.startsWith("alicloud:"))
        .map(({ name }) => name)
        .sort(),
    ).toEqual(["backups", "sqlserver"]);
    await succeed(project, { kind: "destroy" });
    expect(project.count("DeleteDBInstance") + project.count("DeleteBucket")).toBe(2);
    // The role belongs to the cloud account, so it stays with its policy.
    expect(project.count("DeleteRole") + project.count("DetachPolicyFromRole")).toBe(0);
    const unknown = emulator.journal.entries.filter(({ code }) => code === "InvalidAction.NotFound");
    expect(unknown.map(({ action }) => action)).toEqual([]);
  },
);

test("reports at preview when neither an instance nor a vSwitch is configured", async () => {
  const [engine] = alicloudEngines;
  if (engine === undefined) throw new Error("the stand-in engine is missing");
  const project = await openProgram(engine);
  const preview = await project.run({ kind: "preview" });
  expect(preview.exitCode).not.toBe(0);
  expect(complaints(preview).join()).toMatch(/Neither instance nor vswitchId is configured/);
});

// This runs on the command without the plugin, because no alicloud resource is created.
test.each(engines)("uses an existing instance and bucket and keeps them, with $name", async (engine) => {
  const project = await openProgram(engine);
  const { emulator, config } = project;
  Object.assign(config, { instance: emulator.instanceId, bucket: emulator.bucket, folder: "2026", exclude: "crm" });

  const up = await succeed(project, { kind: "up" });
  expect(up.outputs).toMatchObject({
    bucketName: emulator.bucket,
    instanceId: emulator.instanceId,
    counts: { total: 1, online: 1 },
    failures: [],
  });
  expect(await project.databases()).toEqual(["erp: Running"]);
  await succeed(project, { kind: "preview", expectNoChanges: true });
  await succeed(project, { kind: "refresh", expectNoChanges: true });
  await succeed(project, { kind: "destroy" });
  expect(emulator.oss.objects(emulator.bucket).map(({ key }) => key)).toEqual([expect.stringMatching(/^2026\/erp_/)]);
});
