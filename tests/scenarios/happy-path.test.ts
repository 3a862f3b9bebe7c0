import { PROVIDER_TEXT } from "../../provider/model/provider-text";
import { everyHost, messages, openScenario, type Scenario, steps } from "./harness";

jest.setTimeout(180_000);

describe.each(everyHost)("with $title", (engine) => {
  let scenario: Scenario;
  beforeEach(async () => {
    scenario = await openScenario(engine);
  });
  afterEach(() => scenario.close());

  test("up migrates, and a second preview and a refresh show no changes", async () => {
    const { declare, backup, run, recorded, count, emulator } = scenario;
    declare({ erp: { backup: await backup("erp"), underComponent: true }, crm: { backup: await backup("crm") } });

    const preview = await run({ kind: "preview" });
    expect(messages(preview)).toMatch(/^info: not checked: the source's collation[^\n]*\n[^\n]*$/);
    expect(preview.exitCode).toBe(0);
    expect(steps(preview).sort()).toEqual(["crm: create", "erp: create"]);
    expect(count("CreateMigrateTask")).toBe(0);

    const up = await run({ kind: "up" });
    expect(up.exitCode).toBe(0);
    expect(await recorded("erp")).toMatchObject({ status: "online", databaseName: "erp", warnings: [] });
    expect(count("CreateMigrateTask")).toBe(2);
    const erpRows = up.diagnostics.filter(({ urn }) => urn.includes("scenario:index:Team$") && urn.endsWith("::erp"));
    expect(erpRows.map(({ message }) => message).join()).toContain("created migration task");

    const before = emulator.journal.entries.length;
    const again = await run({ kind: "preview", expectNoChanges: true });
    expect(again.exitCode).toBe(0);
    expect(emulator.journal.entries.slice(before)).toEqual([]);

    const refresh = await run({ kind: "refresh", expectNoChanges: true });
    expect(refresh.exitCode).toBe(0);
    expect((await run({ kind: "up", expectNoChanges: true })).exitCode).toBe(0);
    expect(count("CreateMigrateTask")).toBe(2);
  });

  test("state holds no secret and no path of this machine, and of a dynamic resource the constant provider text", async () => {
    const { declare, backup, run, recorded, workspace, emulator } = scenario;
    declare({ erp: { backup: await backup("erp") } });
    await run({ kind: "up" });

    const outputs = (await recorded("erp")) ?? {};
    expect(outputs.__provider).toBe(engine.host === "native" ? undefined : PROVIDER_TEXT);
    const { deployment } = await engine.exportState(workspace);
    expect(JSON.stringify(deployment)).not.toContain(emulator.accessKeySecret);
    expect(JSON.stringify({ ...outputs, backup: "" })).not.toContain(workspace.stateDir.slice(0, -"/state".length));
  });

  test("wait: submitted returns at once, previews without changes during the restore, and a refresh updates the status", async () => {
    const { declare, backup, run, recorded, emulator } = scenario;
    declare({ erp: { backup: await backup("erp"), wait: "submitted" } });
    await emulator.rds.shapeRestore({ dbName: "erp", holdAt: "restoring" });

    expect((await run({ kind: "up" })).exitCode).toBe(0);
    expect((await recorded("erp"))?.status).toMatch(/submitted|restoring/);
    expect((await run({ kind: "preview", expectNoChanges: true })).exitCode).toBe(0);

    await emulator.rds.clearShapes({});
    await new Promise((resolve) => setTimeout(resolve, 800));
    expect((await run({ kind: "up", refresh: true })).exitCode).toBe(0);
    expect((await recorded("erp"))?.status).toBe("online");
  });

  test("a timeout keeps the state and explains how to continue; the next up continues", async () => {
    const { declare, backup, run, recorded, emulator, count } = scenario;
    const path = await backup("erp");
    declare({ erp: { backup: path, timeout: "2s" } });
    await emulator.rds.shapeRestore({ dbName: "erp", holdAt: "restoring" });

    const first = await run({ kind: "up" });
    expect(first.exitCode).not.toBe(0);
    expect(messages(first)).toMatch(/migration task \d+ of erp continues on the service .* Run pulumi up again/);
    expect(await recorded("erp")).toMatchObject({ status: "restoring" });

    await emulator.rds.clearShapes({});
    declare({ erp: { backup: path } });
    const second = await run({ kind: "up" });
    expect(second.exitCode).toBe(0);
    expect(steps(second)).toEqual(["erp: update"]);
    expect(await recorded("erp")).toMatchObject({ status: "online" });
    expect(count("CreateMigrateTask")).toBe(1);
  });
});
