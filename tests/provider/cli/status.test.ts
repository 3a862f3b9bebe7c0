import { truncateSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { main } from "../../../provider/cli/sqlserver-migration";
import type { PlainObject } from "../../../provider/model/plain";
import { CUTOVER_GROUP_TYPE, MIGRATION_TYPE, OUTCOME_TYPE } from "../../../provider/model/provider-text";
import { markOutputs } from "../../../provider/model/state-format";
import { Fixture, type Recorded, until } from "../../../testing/fixture";
import { hideCredentials } from "../support/hidden-credentials";
import { OUTCOME_URN, type RecordedInstance, runInstance, urnOf } from "../support/instance-fixture";
import { runCommand } from "./support/run-command";

jest.setTimeout(60_000);

const RECORDED_0_1_0 = join(__dirname, "..", "..", "upgrade", "recorded", "0.1.0", "state.json");
const WRITTEN = "2026-11-28T03:12:04.162588223Z";
const NO_SPACE = "Not Enough Disk Space for restoring, space left (10 MB) < needed (20 MB)";

let fixture: Fixture;
let restoreCredentials: () => void;
beforeEach(async () => {
  fixture = await Fixture.open();
  restoreCredentials = hideCredentials(fixture.folder);
});
afterEach(async () => {
  restoreCredentials();
  await fixture.close();
});

/** Runs the command in this process, with the emulator's credentials unless `env` replaces them. */
async function status(args: string[], env: Record<string, string> = fixture.env) {
  return runCommand(main, ["status", ...args], env);
}

interface Exported {
  urn: string;
  type: string;
  id: string;
  outputs: PlainObject;
  modified?: string;
}

const migration = ({ id, outputs }: Recorded, database: string): Exported => ({
  ...{ urn: urnOf(database), type: MIGRATION_TYPE, id, outputs: markOutputs(outputs), modified: WRITTEN },
});

const resourcesOf = ({ members, outcome }: RecordedInstance): Exported[] => [
  ...Object.entries(members).map(([database, recorded]) => migration(recorded, database)),
  ...(outcome === undefined
    ? []
    : [
        {
          ...{ urn: OUTCOME_URN, type: OUTCOME_TYPE, id: outcome.id },
          ...{ outputs: markOutputs(outcome.outputs), modified: WRITTEN },
        },
      ]),
];

/** Writes resources as `pulumi stack export` prints them, and returns the file. */
function exported(resources: readonly object[], pending: readonly object[] = []): string {
  const region = { type: "pulumi:providers:pulumi-nodejs", urn: "urn:pulumi:test::demo::provider", id: "p" };
  const provider = { ...region, inputs: { "alicloud:region": fixture.emulator.region } };
  const file = join(fixture.folder, "state.json");
  const deployment = { resources: [provider, ...resources], pending_operations: pending };
  writeFileSync(file, JSON.stringify({ version: 3, deployment }));
  return file;
}

async function databases(...names: string[]) {
  const entries = names.map(async (name) => {
    const backup = await fixture.backup(`${name}.bak`, { databaseName: name });
    return [name, { backup }] as const;
  });
  return Object.fromEntries(await Promise.all(entries));
}

/** Two databases whose tasks run on the service when the update has returned. */
async function submitted(...names: string[]): Promise<RecordedInstance> {
  await fixture.emulator.rds.shapeRestore({ holdAt: "restoring" });
  const args = { databases: await databases(...names), outcome: { wait: "submitted" } };
  return (await runInstance(fixture, args)).recorded;
}

const online = async (): Promise<number> =>
  (await fixture.databases()).filter(({ status: word }) => word === "Running").length;

describe("without RDS", () => {
  test("the state of version 0.1.0 is printed: migrations, and what their outcome knows of them", async () => {
    const { exit, out, err } = await status(["--offline", "--state", RECORDED_0_1_0]);
    expect([exit, err]).toEqual([0, ""]);
    expect(out).toMatch(
      /^3 of 5 databases online, 0 failed, 2 on the way\n\nrm-emulator0001: not asked since 2026-11-23T04:58:21Z\ndatabase +status .*\nonline +online +342\.5 KiB +2026-11-23T04:58:21Z +2026-11-23T04:58:21Z +2024-05-01 02:01:00 +106121 +2026-11-23T04:58:21Z\nsales +online .*\nstock +online .*\nsubmitted +submitted \(NoStart\) .*\nwaiting +waitingForIncrements \(Waiting\) /,
    );
    expect(fixture.emulator.journal.entries).toEqual([]);
  });

  test("a failed run: the code and the first line of its cause, and exit status 1", async () => {
    const args = { databases: await databases("crm", "erp"), outcome: { onFinding: "isolate" } };
    truncateSync(`${fixture.folder}/erp.bak`, 40_000);
    const { recorded } = await runInstance(fixture, args);
    const file = exported(resourcesOf(recorded));
    const { exit, out, err } = await status(["--offline", "--state", file]);
    expect([exit, err]).toEqual([1, ""]);
    expect(out).toMatch(/^1 of 2 databases online, 1 failed, 0 on the way\n/);
    expect(out).toMatch(/: not asked since 2026-11-28T03:12:04Z\n/);
    expect(out).toMatch(/\nerp +failed .* 2026-11-28T03:12:04Z +BACKUP_TRUNCATED: .* is cut off at 40000 bytes\.$/);
    const items = JSON.parse((await status(["--offline", "--json", "--state", file])).out);
    expect(items).toMatchObject([
      { database: "crm", status: "online", asked: false, asOf: "2026-11-28T03:12:04Z", warnings: [] },
      { database: "erp", status: "failed", failure: { code: "BACKUP_TRUNCATED", remedy: expect.any(String) } },
    ]);
  });

  test("no credentials: the reason on stderr, the state on stdout, and exit status 0", async () => {
    const file = exported(resourcesOf(await submitted("crm")));
    const mark = fixture.mark;
    const { exit, out, err } = await status(["--state", file], {});
    expect(exit).toBe(0);
    expect(out).toMatch(/: not asked since 2026-11-28T03:12:04Z\ndatabase .*\ncrm +submitted /);
    expect(err).toMatch(/^sqlserver-migration: rm-emulator0001 was not asked: NO_CREDENTIALS: /);
    expect(fixture.since(mark)).toEqual([]);
  });

  test("a pending operation is a row of its own, or a note at the row of its database", async () => {
    const recorded = await submitted("crm");
    const crm = { ...(recorded.members.crm as Recorded), type: MIGRATION_TYPE, urn: urnOf("crm") };
    const hr = migration(recorded.members.crm as Recorded, "hr");
    const failure = {
      code: "TASK_NO_SPACE",
      cause: "the disk is full.",
      remedy: "Enlarge it.",
      retry: "afterFix",
      retryable: true,
    };
    hr.outputs = { ...hr.outputs, databaseName: "hr", status: "failed", failure };
    const { instanceId } = fixture.emulator;
    const erp = { urn: urnOf("erp"), type: MIGRATION_TYPE, inputs: { instanceId, databaseName: "erp" } };
    const pending = [
      { resource: erp, type: "creating" },
      { resource: crm, type: "updating" },
      { resource: { urn: "u", type: "alicloud:oss/bucket:Bucket" }, type: "creating" },
      { resource: hr, type: "creating" },
    ];
    const file = exported([migration(recorded.members.crm as Recorded, "crm"), hr], pending);
    const { exit, out } = await status(["--offline", "--state", file]);
    expect(exit).toBe(1);
    expect(out).toMatch(/^0 of 3 databases online, 1 failed, 2 on the way\n/);
    expect(out).toMatch(
      /\ncrm +submitted .* A run is updating it, or an earlier run was killed\.\nerp +unknown +A run is creating it, or an earlier/,
    );
    expect(out).toContain(" TASK_NO_SPACE: the disk is full. A run is creating it, or an earlier run was killed.");
    const items = JSON.parse((await status(["--offline", "--json", "--state", file])).out);
    expect(items).toMatchObject([
      { pendingOperation: "updating" },
      { database: "erp", pendingOperation: "creating" },
      { database: "hr", pendingOperation: "creating" },
    ]);
    expect(items[1]).not.toHaveProperty("status");
  });

  test("an encrypted member is left out, and nothing of it is printed", async () => {
    const { crm } = (await submitted("crm")).members;
    const secret = {
      "4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270",
      ciphertext: "v1:c2VjcmV0",
    };
    const hidden = migration(crm as Recorded, "crm");
    hidden.outputs = { ...hidden.outputs, databaseName: secret, statusText: secret, failure: secret };
    for (const option of [[], ["--json"]]) {
      const { exit, out, err } = await status(["--offline", ...option, "--state", exported([hidden])]);
      expect([exit, err]).toEqual([0, ""]);
      expect(out).toContain("crm");
      expect(out).not.toMatch(/c2VjcmV0|1b47061264138c4a/);
    }
  });

  test("a resource that a newer version wrote is named, and the other rows are printed", async () => {
    const recorded = resourcesOf(await submitted("crm"));
    const outcome = recorded.find(({ type }) => type === OUTCOME_TYPE) as Exported;
    outcome.outputs = { ...outcome.outputs, __stateVersion: 99 };
    const { exit, out, err } = await status(["--offline", "--state", exported(recorded)]);
    expect(exit).toBe(1);
    expect(out).toMatch(/\ncrm +submitted /);
    expect(err).toMatch(/erp-outcome: STATE_NEWER: /);
  });

  test("a cutover group knows that it has opened a database, and why it has not", async () => {
    const { crm, erp } = (await submitted("crm", "erp")).members;
    const { instanceId } = fixture.emulator;
    const member = { instanceId, warnings: [] };
    const failure = {
      code: "API_TASK_STATUS",
      cause: "the task does not accept it.",
      remedy: "Wait.",
      retry: "afterFix",
      retryable: true,
    };
    const opened = [
      {
        ...member,
        database: "crm",
        migrateTaskId: crm?.outputs.migrateTaskId,
        status: "online",
        openedAt: "2026-11-28T03:10:00.000Z",
      },
      { ...member, database: "erp", migrateTaskId: erp?.outputs.migrateTaskId, status: "failed", failure },
    ];
    const group = {
      urn: "urn:g",
      type: CUTOVER_GROUP_TYPE,
      id: "g",
      modified: WRITTEN,
      outputs: { status: "failed", opened },
    };
    const file = exported([migration(crm as Recorded, "crm"), migration(erp as Recorded, "erp"), group]);
    const { exit, out } = await status(["--offline", "--state", file]);
    expect(exit).toBe(1);
    expect(out).toMatch(
      /\ncrm +online .* 2026-11-28T03:10:00Z .*\nerp +failed .*API_TASK_STATUS: the task does not accept it\./,
    );
  });

  test("a state without a database of this package is not a success", async () => {
    const { exit, out, err } = await status(["--json", "--state", exported([])]);
    expect([exit, out]).toEqual([1, "[]"]);
    expect(err).toMatch(/the state has no database/);
  });

  test.each([
    ["{", "it is not JSON"],
    ["[]", "the document: "],
    ['{"deployment":{"resources":[{"type":1}]}}', "deployment.resources.0."],
  ])("%s is not a state", async (content, fault) => {
    const file = join(fixture.folder, "other.json");
    writeFileSync(file, content);
    const { exit, out, err } = await status(["--state", file]);
    expect([exit, out]).toEqual([1, ""]);
    expect(err).toMatch(/^sqlserver-migration: STACK_STATE_UNREADABLE: /);
    expect(err).toContain(fault);
  });
});

describe("with RDS", () => {
  test("the tasks of an instance are asked with one list, read-only, and the rows say so", async () => {
    const recorded = await submitted("crm", "erp");
    const file = exported(resourcesOf(recorded));
    await fixture.emulator.rds.clearShapes({});
    await until(async () => (await online()) === 2);
    const mark = fixture.mark;
    const { exit, out, err } = await status(["--state", file]);
    expect([exit, err]).toEqual([0, ""]);
    expect(out).toMatch(
      /^2 of 2 databases online, 0 failed, 0 on the way\n\nrm-emulator0001: asked at 20\d\d-\d\d-\d\dT[\d:]+Z\n.*\ncrm +online .* now\nerp +online .* now$/,
    );
    expect(fixture.since(mark)).toEqual(["rds:DescribeMigrateTasks"]);
    expect(out).not.toContain(fixture.emulator.accessKeySecret);

    const json = await status(["--json", "--state", file]);
    expect(JSON.parse(json.out)).toMatchObject([
      { database: "crm", status: "online", asked: true, finishedAt: expect.any(String) },
      { database: "erp", status: "online", asked: true },
    ]);
    const all = fixture.emulator.journal.entries.slice(mark).filter(({ request }) => request > 0);
    expect(all.every(({ action }) => /^(Describe|List|Get|Head)/.test(action))).toBe(true);
  });

  test("a task that failed since the run is shown with its cause, one that runs with the service's words", async () => {
    await fixture.emulator.rds.shapeRestore({ dbName: "erp", failWith: NO_SPACE });
    await fixture.emulator.rds.shapeRestore({ dbName: "crm", holdAt: "restoring" });
    const args = { databases: await databases("crm", "erp"), outcome: { wait: "submitted" } };
    const { recorded } = await runInstance(fixture, args);
    await until(async () =>
      (await fixture.tasks()).some(({ dbName, stage }) => dbName === "erp" && stage === "failed"),
    );
    await until(async () =>
      (await fixture.tasks()).some(({ dbName, stage }) => dbName === "crm" && stage === "restoring"),
    );
    const { exit, out } = await status(["--state", exported(resourcesOf(recorded))]);
    expect(exit).toBe(1);
    expect(out).toMatch(
      /\ncrm +restoring \(Running.*\) .* now\nerp +failed .* now +TASK_NO_SPACE: the migration of erp failed: the disk is full\.$/,
    );
  });

  test("each instance is asked once; one without a task is not asked", async () => {
    const { crm } = (await submitted("crm")).members;
    const at = (instanceId: string): Exported => ({
      ...migration(crm as Recorded, "crm"),
      id: `${instanceId}/crm`,
      outputs: { ...crm?.outputs, instanceId },
    });
    await fixture.emulator.rds.setInstance({ id: "rm-second" });
    const idle = at("rm-third");
    idle.outputs = { ...idle.outputs, migrateTaskId: undefined, status: "uploading" };
    const file = exported([migration(crm as Recorded, "crm"), at("rm-second"), idle]);
    const mark = fixture.mark;
    const { exit, out } = await status(["--state", file]);
    expect(exit).toBe(0);
    expect(fixture.since(mark)).toEqual(["rds:DescribeMigrateTasks", "rds:DescribeMigrateTasks"]);
    // The task is unknown on the second instance, so its row is the state's.
    expect(out).toMatch(/\nrm-second: not asked since 2026-11-28T03:12:04Z\n.*\n.* 2026-11-28T03:12:04Z\n/);
    expect(out).toMatch(/\nrm-third: not asked since /);
  });

  test("a refused or unsupported list leaves the rows of the state; only a refusal is a failure", async () => {
    const file = exported(resourcesOf(await submitted("crm")));
    fixture.emulator.faults.add({
      match: { action: "DescribeMigrateTasks" },
      effect: { kind: "refuse", status: 400, code: "InvalidSecurityToken.Expired" },
    });
    const refused = await status(["--state", file]);
    expect(refused.exit).toBe(1);
    expect(refused.err).toMatch(/^sqlserver-migration: rm-emulator0001 was not asked: TOKEN_EXPIRED: /);
    expect(refused.out).toMatch(/: not asked since 2026-11-28T03:12:04Z\n.*\ncrm +submitted /);
    fixture.emulator.faults.clear();
    fixture.emulator.faults.add({
      match: { action: "DescribeMigrateTasks" },
      effect: { kind: "refuse", status: 400, code: "EngineVersionNotSupported" },
    });
    const unsupported = await status(["--state", file]);
    expect(unsupported.exit).toBe(0);
    expect(unsupported.err).toMatch(/was not asked: the edition does not list migration tasks$/);
  });
});
