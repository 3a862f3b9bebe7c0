import { rmSync, truncateSync } from "node:fs";
import { withAddress } from "../../../provider/errors/error-address";
import type { DatabaseOutcome } from "../../../provider/model/outcome";
import { withTotals } from "../../../provider/outcome/findings";
import { callOf, Fixture, messages, until } from "../../../testing/fixture";
import {
  COMPONENT_URN,
  type InstanceArgs,
  OUTCOME_URN,
  type RecordedInstance,
  refreshInstance,
  runInstance,
  urnOf,
} from "../support/instance-fixture";

let fixture: Fixture;
beforeEach(async () => {
  fixture = await Fixture.open();
});
afterEach(() => fixture.close());

const NO_SPACE = "Not Enough Disk Space for restoring, space left (10 MB) < needed (20 MB)";

/** Valid backups of the named databases, as arguments of a program. */
async function databases(...names: string[]) {
  const entries = names.map(async (name) => {
    const backup = await fixture.backup(`${name}.bak`, { databaseName: name });
    return [name, { backup }] as const;
  });
  return Object.fromEntries(await Promise.all(entries));
}

const summary = ({ outcome }: RecordedInstance): DatabaseOutcome[] =>
  (outcome?.outputs as { summary?: DatabaseOutcome[] } | undefined)?.summary ?? [];
const statuses = (recorded: RecordedInstance): string[] =>
  summary(recorded).map(({ database, status }) => `${database}: ${status}`);
const reason = ({ outcome }: RecordedInstance): string => outcome?.failed?.reasons.join("\n") ?? "";

describe("a finding of check about one database", () => {
  test("is logged under its resource, and the outcome fails the preview", async () => {
    const args = { databases: await databases("crm", "erp") };
    truncateSync(`${fixture.folder}/erp.bak`, 40_000);
    const { failures, log, recorded } = await runInstance(fixture, args, { preview: true });
    expect(failures).toEqual([
      expect.stringMatching(
        /^INSTANCE_FINDINGS: 1 of 2 databases cannot be migrated; nothing was sent\.\nFindings:\n {2}erp: BACKUP_TRUNCATED\n/,
      ),
    ]);
    const errors = log.filter(({ kind }) => kind === "error");
    expect(errors).toEqual([
      { kind: "error", urn: urnOf("erp"), message: expect.stringMatching(/^BACKUP_TRUNCATED: /) },
    ]);
    expect(log.filter(({ urn }) => urn === OUTCOME_URN).map(({ message }) => message)).toEqual([
      expect.stringMatching(/^the data is as of 2024-05-01T02:01:00, .*later writes are not in it$/),
    ]);
    expect(recorded.members.erp?.inputs.refused).toMatchObject({ isNew: true });
  });

  test("takes a refused or failed database out of the time of the data", async () => {
    const { crm } = await databases("crm");
    const later = { databaseName: "erp", startDate: "2024-06-01T02:00:00" };
    const args = { databases: { crm, erp: { backup: await fixture.backup("erp.bak", later) } } } as InstanceArgs;
    const whole = await runInstance(fixture, args, { preview: true });
    const asOf = (log: typeof whole.log) =>
      messages(log, "info").filter((text) => text.startsWith("the data is as of"));
    expect(asOf(whole.log)).toEqual([expect.stringMatching(/2024-05-01T02:01:00 \(crm\) to 2024-06-01T\S+ \(erp\)/)]);

    await fixture.emulator.rds.shapeRestore({ dbName: "erp", failWith: "Failed to open database erp." });
    const failed = await runInstance(fixture, args);
    const prior = await refreshInstance(fixture, failed.recorded);
    const again = await runInstance(fixture, args, { preview: true, prior });
    expect(asOf(again.log)).toEqual([expect.stringMatching(/^the data is as of 2024-05-01T02:01:00, /)]);

    truncateSync(`${fixture.folder}/erp.bak`, 40_000);
    const refused = await runInstance(fixture, args, { preview: true });
    expect(asOf(refused.log)).toEqual([expect.stringMatching(/^the data is as of 2024-05-01T02:01:00, /)]);
  });

  test("that all databases share is logged in full once, and at the end once for all", async () => {
    const args = { databases: await databases("crm", "erp", "hr") };
    truncateSync(`${fixture.folder}/hr.bak`, 40_000);
    await fixture.emulator.rds.setInstance({ id: fixture.emulator.instanceId, status: "Stopped" });
    const { failures, log } = await runInstance(fixture, args, { preview: true });
    const errors = log.filter(({ kind }) => kind === "error").map(({ urn, message }) => `${urn} ${message}`);
    expect(errors.filter((error) => /INSTANCE_NOT_RUNNING: \[instanceId\]/.test(error))).toEqual([
      expect.stringContaining(`${COMPONENT_URN} INSTANCE_NOT_RUNNING: [instanceId] rm-`),
    ]);
    for (const database of ["crm", "erp"])
      expect(errors).toContain(
        `${urnOf(database)} INSTANCE_NOT_RUNNING: the same for all databases; see the row of the InstanceMigration.`,
      );
    expect(failures).toEqual([
      expect.stringMatching(
        /nothing was sent\.\nFindings:\n(?: {2}(?:crm: INSTANCE_NOT_RUNNING|erp: INSTANCE_NOT_RUNNING|hr: BACKUP_TRUNCATED)\n){3}/,
      ),
    ]);
    const up = await runInstance(fixture, args);
    expect(reason(up.recorded).match(/INSTANCE_NOT_RUNNING: /g)).toHaveLength(1);
    expect(reason(up.recorded)).toMatch(/^crm, erp: INSTANCE_NOT_RUNNING: .*\n.*Stopped/m);
  });

  test("includes the used disk space when only DescribeResourceUsage returns it", async () => {
    const { instanceId, rds } = fixture.emulator;
    const seed = { storageGb: 100, systemBytes: 70 * 2 ** 30, withheldAttributes: ["DBInstanceDiskUsed"] };
    await rds.setInstance({ id: instanceId, ...seed });
    const process = fixture.process();
    const { session } = process;
    const added = (database: string) => ({ database, dataBytes: 20 * 2 ** 30, logBytes: 0, backupBytes: 0 });
    session.run.newDatabases.set(
      instanceId,
      new Map([
        ["a", added("crm")],
        ["b", added("erp")],
      ]),
    );
    const { context } = callOf(process, { resourceUrn: OUTCOME_URN });
    expect(await withTotals(context, { instanceId, members: [] })).toEqual([
      {
        reasons: [expect.stringMatching(/^SPACE_TOO_SMALL: .*30\.0 GiB free\. With erp, the data files of the 2 /s)],
      },
    ]);
  });

  test("with isolate, does not stop the others, is recorded without a request, and the database starts once it is fixed", async () => {
    const args = { databases: await databases("crm", "erp"), outcome: { onFinding: "isolate" } };
    truncateSync(`${fixture.folder}/erp.bak`, 40_000);
    const preview = await runInstance(fixture, args, { preview: true });
    expect(preview.failures).toEqual([]);
    expect(messages(preview.log, "warning")).toContainEqual(expect.stringMatching(/^INSTANCE_ISOLATED: 1 of 2/));

    const first = await runInstance(fixture, args);
    expect(statuses(first.recorded)).toEqual(["crm: online", "erp: failed"]);
    expect(first.recorded.members.erp?.outputs).toMatchObject({
      status: "failed",
      failure: { code: "BACKUP_TRUNCATED", remedy: expect.stringMatching(/\.$/), retryable: true },
    });
    expect(reason(first.recorded)).toMatch(
      /again: it continues from here\.\nTo see all databases at any time: npx --no sqlserver-migration status$/,
    );
    expect((await fixture.tasks()).map(({ dbName }) => dbName)).toEqual(["crm"]);

    const again = await runInstance(fixture, args, { prior: first.recorded });
    expect(again.touched.sort()).toEqual(["erp", "outcome"]);
    expect(await fixture.tasks()).toHaveLength(1);

    await fixture.backup("erp.bak", { databaseName: "erp" });
    const fixed = await runInstance(fixture, args, { prior: again.recorded });
    expect(fixed.recorded.outcome?.failed).toBeUndefined();
    expect(statuses(fixed.recorded)).toEqual(["crm: online", "erp: online"]);
    const clean = await runInstance(fixture, args, { preview: true, prior: fixed.recorded });
    expect(clean).toMatchObject({ failures: [], touched: [] });
    rmSync(`${fixture.folder}/erp.bak`);
    expect((await runInstance(fixture, args, { preview: true, prior: fixed.recorded })).touched).toEqual([]);
  });

  test("about a running migration keeps its record and is reported by the outcome", async () => {
    const args = { databases: await databases("crm", "erp"), outcome: { onFinding: "isolate" } };
    const first = await runInstance(fixture, args);
    const { erp } = first.recorded.members;
    const broken = { ...args, databases: { ...args.databases, erp: { ...args.databases.erp, wait: "long" } } };
    const second = await runInstance(fixture, broken, { prior: first.recorded });
    expect(second.recorded.members.erp?.outputs).toEqual(erp?.outputs);
    expect(reason(second.recorded)).toMatch(/INPUT_INVALID: \[wait\]/);
    const third = await runInstance(fixture, args, { prior: second.recorded });
    expect(third.recorded.outcome?.failed).toBeUndefined();
    expect((await runInstance(fixture, args, { preview: true, prior: third.recorded })).touched).toEqual([]);
  });

  test("a backup of another database than the list names is an error, which isolate works on", async () => {
    const { ERP, CRM } = await databases("ERP", "CRM");
    const swapped = {
      CRM: { ...ERP, sourceName: "CRM" },
      ERP: { ...CRM, sourceName: "ERP" },
    } as InstanceArgs["databases"];
    const { hr } = await databases("hr");
    const stopped = await runInstance(fixture, { databases: swapped }, { preview: true });
    expect(messages(stopped.log, "error")).toEqual([
      expect.stringMatching(
        /^BACKUP_OTHER_DATABASE: CRM's backup is of ERP\.\n\[backups\] declares CRM, but the header of .*ERP\.bak names ERP/s,
      ),
      expect.stringMatching(
        /^BACKUP_OTHER_DATABASE: ERP's backup is of CRM\.\n\[backups\] declares ERP, but the header of .*CRM\.bak names CRM/s,
      ),
    ]);
    expect(stopped.failures.join()).toMatch(/^INSTANCE_FINDINGS: 2 of 2/);
    const args = { databases: { ...swapped, hr: { ...hr, sourceName: "HR" } }, outcome: { onFinding: "isolate" } };
    const isolated = await runInstance(fixture, args as InstanceArgs);
    expect((await fixture.tasks()).map(({ dbName }) => dbName)).toEqual(["hr"]);
    expect(statuses(isolated.recorded)).toEqual(["CRM: failed", "ERP: failed", "hr: online"]);
  });

  test("what was migrated under a wrong name gets one warning, and is not touched", async () => {
    const { ERP } = await databases("ERP");
    const first = await runInstance(fixture, { databases: { CRM: ERP } } as InstanceArgs);
    const args = { databases: { CRM: { ...ERP, sourceName: "CRM" } } } as InstanceArgs;
    const preview = await runInstance(fixture, args, { preview: true, prior: first.recorded });
    expect(preview).toMatchObject({ failures: [], touched: [] });
    expect(messages(preview.log, "warning")).toEqual([
      expect.stringMatching(/^BACKUP_OTHER_DATABASE: .*holds the data of ERP.*databaseName: "CRM", adopt: true/s),
    ]);
  });

  test("a rename is migrated once: new under its name, and adopted where it is already online", async () => {
    const { ERP } = await databases("ERP");
    const renamed = { ...ERP, sourceName: "ERP", databaseName: "CRM" };
    const fresh = await runInstance(fixture, { databases: { ERP: renamed } } as InstanceArgs, { preview: true });
    expect(fresh.failures).toEqual([]);
    expect(messages(fresh.log, "info").join("\n")).toContain("restores ERP as CRM");

    const before = await runInstance(fixture, { databases: { CRM: ERP } } as InstanceArgs);
    const args = { databases: { ERP: { ...renamed, adopt: true } } } as InstanceArgs;
    const { recorded } = await runInstance(fixture, args, { prior: before.recorded });
    expect(statuses(recorded)).toEqual(["ERP: online"]);
    expect(recorded.members.ERP?.outputs).toMatchObject({ databaseName: "CRM", status: "online" });
    expect(await fixture.tasks()).toEqual([expect.objectContaining({ dbName: "CRM" })]);
    const calls = fixture.emulator.journal.entries.map(({ action }) => action);
    expect(calls.filter((action) => /^(CreateMigrateTask|TerminateMigrateTask|DeleteDatabase)$/.test(action))).toEqual([
      "CreateMigrateTask",
    ]);
  });

  test("a finding of the discovery comes first", async () => {
    const { erp } = await databases("erp");
    const args = { databases: { erp: { ...erp, discoveryFault: "CHAIN_FAMILIES: two servers." } } };
    const { failures } = await runInstance(fixture, args, { preview: true });
    expect(failures.join()).toContain("erp: CHAIN_FAMILIES");
  });

  test("a finding of the discovery is one warning after the backup was sent, and the recorded backup stays", async () => {
    const { erp = {} } = await databases("erp");
    const first = await runInstance(fixture, { databases: { erp } });
    const backup = await fixture.backup("half-copied.bak");
    truncateSync(backup, 12_000);
    const discoveryFault = "CHAIN_NO_FULL: [backup] erp has no usable full backup.";
    const args = { databases: { erp: { ...erp, backup, discoveryFault } } };
    const { failures, log, touched } = await runInstance(fixture, args, { preview: true, prior: first.recorded });
    expect({ failures, touched }).toEqual({ failures: [], touched: [] });
    expect(messages(log, "warning").filter((message) => message.includes("CHAIN_NO_FULL"))).toEqual([discoveryFault]);
    expect(messages(log, "error")).toEqual([]);
  });

  test("without a usable backup, the finding of the discovery is the only one", async () => {
    const { erp } = await databases("erp");
    const backup = await fixture.backup("half-copied.bak");
    truncateSync(backup, 12_000);
    const discoveryFault = "CHAIN_NO_FULL: [backup] erp has no usable full backup.";
    const args = { databases: { erp: { ...erp, backup, discoveryFault } } };
    const { log } = await runInstance(fixture, args, { preview: true });
    expect(messages(log, "error")).toEqual([withAddress(discoveryFault)]);
  });
});

test("the sum over the whole instance is checked again when all databases are known", async () => {
  const { instanceId, rds } = fixture.emulator;
  await rds.setInstance({ id: instanceId, dbMaxQuantity: 2 });
  const args = { databases: await databases("crm", "erp", "web", "hr") };
  const { failures, log } = await runInstance(fixture, args, { preview: true });
  expect(failures.join()).toMatch(/^INSTANCE_FINDINGS: .*DATABASES_TOO_MANY/s);
  expect(messages(log, "error").some((message) => message.startsWith("DATABASES_TOO_MANY: "))).toBe(true);
});

describe("a task that fails after its migration returned", () => {
  test("is in the table, is recorded at refresh, and is submitted again only then", async () => {
    const args = { databases: await databases("crm", "erp") };
    await fixture.emulator.rds.shapeRestore({ dbName: "erp", failWith: NO_SPACE });
    const first = await runInstance(fixture, args);
    expect(first.recorded.members.erp?.outputs).toMatchObject({ status: "submitted" });
    expect(statuses(first.recorded)).toEqual(["crm: online", "erp: failed"]);
    expect(reason(first.recorded)).toMatch(
      /^INSTANCE_INCOMPLETE: 1 of 2 databases is online on rm-.*\n1 failed, 0 not finished\.\n\nerp: TASK_NO_SPACE: .*\n\ndatabase +status .*\ncrm +online +.*2024-05-01 02:01:00 .*\n\nCorrect .*`pulumi up --refresh`\.\nTo see all databases at any time: .* status$/s,
    );
    const unrefreshed = await runInstance(fixture, args, { prior: first.recorded });
    expect(unrefreshed.touched).toEqual(["outcome"]);
    expect(await fixture.tasks()).toHaveLength(2);

    const refreshed = await refreshInstance(fixture, unrefreshed.recorded);
    expect(refreshed.members.erp?.outputs).toMatchObject({ status: "failed", failure: { code: "TASK_NO_SPACE" } });
    const last = await runInstance(fixture, args, { prior: refreshed });
    expect(last.recorded.outcome?.failed).toBeUndefined();
    expect(statuses(last.recorded)).toEqual(["crm: online", "erp: online"]);
    expect(await fixture.tasks()).toHaveLength(3);
    expect((await runInstance(fixture, args, { preview: true, prior: last.recorded })).touched).toEqual([]);
  });
});

describe("a task that fails between two runs with wait: submitted", () => {
  const loop = async (args: Parameters<typeof runInstance>[1], prior: RecordedInstance) => {
    await until(() => fixture.isTaskAt("succeeded", "failed"));
    const refreshed = await refreshInstance(fixture, prior);
    return { refreshed, run: await runInstance(fixture, args, { prior: refreshed }) };
  };

  test("is an error at refresh, fails the run that submits it again, and waits for a change after the same failure", async () => {
    await fixture.emulator.rds.shapeRestore({ dbName: "erp", failWith: NO_SPACE, always: true });
    const args = { databases: await databases("erp"), outcome: { wait: "submitted" } };
    const first = await runInstance(fixture, args);
    expect(first.recorded.outcome?.failed).toBeUndefined();

    const second = await loop(args, first.recorded);
    expect(messages(second.refreshed.members.erp?.log ?? [], "error")).toEqual([
      expect.stringMatching(/^TASK_NO_SPACE: .*space left \(10 MB\) < needed/s),
      expect.stringMatching(/^erp: TASK_NO_SPACE: /),
    ]);
    expect(messages(second.run.log, "warning")).toContainEqual(
      expect.stringMatching(/^retries after TASK_NO_SPACE: .*once for this cause/s),
    );
    expect(reason(second.run.recorded)).toMatch(
      /^INSTANCE_RETRIED: 1 of 1 database failed on .*erp: TASK_NO_SPACE: .*space left \(10 MB\).*Submitted again: migration task \d+/s,
    );
    expect(await fixture.tasks()).toHaveLength(2);

    const third = await loop(args, second.run.recorded);
    expect(messages(third.refreshed.members.erp?.log ?? [], "error")).toHaveLength(2);
    expect(reason(third.run.recorded)).toMatch(/erp: TASK_NO_SPACE: .*change retryTrigger/s);
    const fourth = await loop(args, third.run.recorded);
    expect(reason(fourth.run.recorded)).toMatch(/erp: TASK_NO_SPACE: .*change retryTrigger/s);
    expect(await fixture.tasks()).toHaveLength(2);

    await fixture.emulator.rds.clearShapes({});
    const { erp } = args.databases;
    const changed = { ...args, databases: { erp: { ...erp, retryTrigger: "disk enlarged" } } };
    const fifth = await loop(changed, fourth.run.recorded);
    expect(fifth.run.recorded.outcome?.failed).toBeUndefined();
    expect(await fixture.tasks()).toHaveLength(3);
    const last = await loop(changed, fifth.run.recorded);
    expect(statuses(last.run.recorded)).toEqual(["erp: online"]);
    expect(last.run.recorded.members.erp?.outputs).not.toHaveProperty("retriedAfter");
  });

  test("fails the run also when only the refresh of the migration saw it", async () => {
    await fixture.emulator.rds.shapeRestore({ dbName: "erp", failWith: NO_SPACE });
    const args = { databases: await databases("erp"), outcome: { wait: "submitted" } };
    const first = await runInstance(fixture, args);
    await until(() => fixture.isTaskAt("failed"));
    const { members } = await refreshInstance(fixture, first.recorded);
    const prior = { members, outcome: first.recorded.outcome } as RecordedInstance;
    const second = await runInstance(fixture, args, { prior });
    expect(reason(second.recorded)).toMatch(/^INSTANCE_RETRIED: /);
    const third = await runInstance(fixture, args, { prior: second.recorded });
    expect(third.recorded.outcome?.failed).toBeUndefined();
  });

  test("stays reported when only the refresh of the outcome saw it", async () => {
    await fixture.emulator.rds.shapeRestore({ dbName: "erp", failWith: NO_SPACE });
    const args = { databases: await databases("erp"), outcome: { wait: "submitted" } };
    const first = await runInstance(fixture, args);
    await until(() => fixture.isTaskAt("failed"));
    const { outcome } = await refreshInstance(fixture, first.recorded);
    const prior = { members: first.recorded.members, outcome } as RecordedInstance;
    const second = await runInstance(fixture, args, { prior });
    expect(reason(second.recorded)).toMatch(/^INSTANCE_INCOMPLETE: 0 of 1 .*erp: TASK_NO_SPACE: /s);
    expect(await fixture.tasks()).toHaveLength(1);
  });
});

describe("waiting", () => {
  test("ends at the timeout: running tasks are reported, and the next up continues", async () => {
    await fixture.emulator.rds.shapeRestore({ dbName: "erp", holdAt: "restoring" });
    const args = { databases: await databases("crm", "erp"), outcome: { timeout: "800ms" } };
    const first = await runInstance(fixture, args);
    expect(reason(first.recorded)).toMatch(
      /\n0 failed, 1 not finished\.\n\nerp: not finished within 800ms; the migration task continues on the service.*\n\ndatabase .*\nerp +restoring /s,
    );
    expect(reason(first.recorded)).not.toContain("--refresh");
    expect(statuses(first.recorded)).toEqual(["crm: online", "erp: restoring"]);
    await fixture.emulator.rds.clearShapes({});
    const second = await runInstance(fixture, { ...args, outcome: {} }, { prior: first.recorded });
    expect(second.touched).toEqual(["outcome"]);
    expect(statuses(second.recorded)).toEqual(["crm: online", "erp: online"]);
  });

  test("with wait: submitted does not happen, a preview is clean, and refresh updates the summary", async () => {
    await fixture.emulator.rds.shapeRestore({ dbName: "erp", holdAt: "restoring" });
    const args = { databases: await databases("erp"), outcome: { wait: "submitted" } };
    const first = await runInstance(fixture, args);
    expect(first.recorded.outcome?.failed).toBeUndefined();
    expect(statuses(first.recorded)).toEqual(["erp: submitted"]);
    expect((await runInstance(fixture, args, { preview: true, prior: first.recorded })).touched).toEqual([]);
    await fixture.emulator.rds.clearShapes({});
    await until(async () => (await fixture.databases()).some(({ status }) => status === "Running"));
    const refreshed = await refreshInstance(fixture, first.recorded);
    expect(statuses(refreshed)).toEqual(["erp: online"]);
    expect((await runInstance(fixture, args, { preview: true, prior: refreshed })).touched).toEqual([]);
  });

  test("ends when the run is stopped, with the results so far", async () => {
    await fixture.emulator.rds.shapeRestore({ dbName: "erp", holdAt: "restoring" });
    const ending = new AbortController();
    const running = runInstance(fixture, { databases: await databases("crm", "erp") }, { ending });
    await until(async () =>
      (await fixture.databases()).some(({ name, status }) => name === "crm" && status === "Running"),
    );
    // Not the newest task: the order of the two is undefined.
    await until(async () =>
      (await fixture.tasks()).some(({ dbName, stage }) => dbName === "erp" && stage === "restoring"),
    );
    ending.abort(new Error("stopped by the test"));
    const { recorded } = await running;
    expect(reason(recorded)).toMatch(
      /^rm-emulator0001: stopped by the test\n\nLast known state of rm-emulator0001, not asked since .*\n\ndatabase .*\ncrm .*\nerp +restoring .*\n\nTasks on the service continue, and `pulumi up --refresh` continues from here\.\n/s,
    );
    expect(summary(recorded)).toHaveLength(2);
  });
});

describe("when the service cannot be asked any more", () => {
  const refuse = (code: string, status = 400) => ({ kind: "refuse" as const, status, code });
  const CAUSES = [
    ["the credentials have expired", refuse("InvalidSecurityToken.Expired"), /^TOKEN_EXPIRED: /],
    ["the rights were taken away", refuse("Forbidden.RAM", 403), /^NOT_AUTHORIZED: /],
    ["the network is down", { kind: "reset" as const, at: "before" as const }, /^(NETWORK_FAILED|NO_ANSWER): /],
  ] as const;
  const POLLS = ["DescribeMigrateTasks", "DescribeMigrateTaskById"];

  test.each(CAUSES)("%s: the error has the last known table and its time", async (_name, effect, firstLine) => {
    await fixture.emulator.rds.shapeRestore({ dbName: "erp", holdAt: "restoring" });
    const args = { databases: await databases("crm", "erp") };
    const startMs = Date.now();
    const process = fixture.process();
    const running = runInstance(fixture, args, { process });
    await until(() => process.log.some(({ urn, message }) => urn === OUTCOME_URN && message.startsWith("1 of 2")));
    fixture.emulator.faults.add({ match: { action: POLLS }, effect });
    const { recorded } = await running;
    const text = reason(recorded);
    expect(text).toMatch(firstLine);
    expect(text.split("\n")[0]?.length).toBeLessThanOrEqual(100);
    expect(text).toMatch(
      /\n\ndatabase +status .*\ncrm +online .*\nerp +restoring .*\n\n.*\nTasks on the service continue, and `pulumi up --refresh` continues from here\./,
    );
    expect(text).toMatch(/\nTo see all databases at any time: npx --no sqlserver-migration status$/);
    const asked = Date.parse(/not asked since (\S+Z):/.exec(text)?.[1] ?? "");
    expect(asked).toBeGreaterThanOrEqual(startMs - 1000);
    expect(asked).toBeLessThanOrEqual(Date.now());
    expect(statuses(recorded)).toEqual(["crm: online", "erp: restoring"]);

    fixture.emulator.faults.clear();
    await fixture.emulator.rds.clearShapes({});
    const next = await runInstance(fixture, args, { prior: recorded });
    expect(statuses(next.recorded)).toEqual(["crm: online", "erp: online"]);
  });

  test("before the first answer: the table has what the migrations recorded, and failures keep their reasons", async () => {
    const args = { databases: await databases("crm", "erp"), outcome: { onFinding: "isolate" } };
    truncateSync(`${fixture.folder}/erp.bak`, 40_000);
    // The create of "crm" lists the tasks once, before it submits; the outcome's first list is the second.
    const afterSubmission = Array.from({ length: 100 }, (_, index) => index + 2);
    const effect = refuse("InvalidSecurityToken.Expired");
    fixture.emulator.faults.add({ match: { action: "DescribeMigrateTasks" }, nth: afterSubmission, effect });
    fixture.emulator.faults.add({ match: { action: "DescribeMigrateTaskById" }, effect });
    const { recorded } = await runInstance(fixture, args);
    expect(await fixture.tasks()).toHaveLength(1);
    expect(reason(recorded)).toMatch(
      /^TOKEN_EXPIRED: .*Last known state of rm-emulator0001, as the migrations recorded it; not asked since then:\n\n.*\ncrm +submitted .*\nerp +failed .*BACKUP_TRUNCATED\n\nerp: BACKUP_TRUNCATED: /s,
    );
  });
});

test("removed databases leave the summary, new ones are added, and the others are not fetched again", async () => {
  const all = await databases("crm", "erp", "web");
  const { crm = {}, erp = {}, web = {} } = all;
  const first = await runInstance(fixture, { databases: { crm, erp } });
  const [recordedCrm] = summary(first.recorded);
  const second = await runInstance(fixture, { databases: { crm, web } }, { prior: first.recorded });
  expect(statuses(second.recorded)).toEqual(["crm: online", "web: online"]);
  expect(summary(second.recorded)[0]).toEqual(recordedCrm);
  const third = await runInstance(fixture, { databases: { crm } }, { prior: second.recorded });
  expect(third.touched).toEqual(["outcome"]);
});

test("a refresh removes the migrations and the outcome of a deleted instance from the stack", async () => {
  await fixture.emulator.rds.shapeRestore({ dbName: "erp", holdAt: "restoring" });
  const args = { databases: await databases("erp"), outcome: { wait: "submitted" } };
  const first = await runInstance(fixture, args);
  await fixture.emulator.rds.removeInstance({ instanceId: fixture.emulator.instanceId });
  expect(await refreshInstance(fixture, first.recorded)).toEqual({ members: {} });
});

describe("objects in the bucket", () => {
  const keys = (): string[] => fixture.emulator.oss.objects(fixture.emulator.bucket).map(({ key }) => key);

  test("at the end submission locks are deleted, backups stay", async () => {
    await runInstance(fixture, { databases: await databases("crm", "erp") });
    expect(keys().sort()).toEqual([
      expect.stringMatching(/^crm_FULL_\d+\.bak$/),
      expect.stringMatching(/^erp_FULL_\d+\.bak$/),
    ]);
  });

  test("with cleanup uploads are deleted once DBCC CHECKDB has a result, and their absence is no change", async () => {
    const args = { databases: await databases("crm", "erp"), outcome: { cleanup: "afterOnline" } };
    await fixture.emulator.rds.shapeRestore({ dbName: "erp", checkdbFails: true });
    const first = await runInstance(fixture, args);
    expect(first.recorded.outcome?.failed).toBeUndefined();
    expect(summary(first.recorded)).toMatchObject([
      { database: "crm", cleanedUp: true, warnings: [] },
      {
        database: "erp",
        cleanedUp: false,
        warnings: [
          expect.stringMatching(/^ONLINE_DAMAGED: /),
          expect.stringMatching(/erp_FULL_\d+\.bak was not deleted: DBCC CHECKDB found damage/),
        ],
      },
    ]);
    expect(keys()).toEqual([expect.stringMatching(/^erp_FULL_\d+\.bak$/)]);
    expect((await runInstance(fixture, args, { preview: true, prior: first.recorded })).touched).toEqual([]);
    const refreshed = await refreshInstance(fixture, first.recorded);
    expect((await runInstance(fixture, args, { preview: true, prior: refreshed })).touched).toEqual([]);
  });
});
