import { existsSync, mkdirSync, mkdtempSync, renameSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { backupSeries } from "../../testing/backup-writer/backup-series";
import { writeBackupFile } from "../../testing/backup-writer/write-backup-file";
import { comparableState } from "../support/comparable-state";
import { bothHosts, messages, openScenario, type ScenarioEngine } from "./harness";

jest.setTimeout(400_000);

const [dynamic, native] = (["dynamic", "native"] as const).map((host) =>
  bothHosts.find((engine) => engine.name === "pulumi" && engine.host === host),
);

const folder = mkdtempSync(join(tmpdir(), "sqlserver-migration-equal-"));
const wholeInstance = join(folder, "instance");
const logs = join(folder, "logs");
/** The tail log of the database `chain`, and where the second update finds it. */
const [tail, shippedTail] = [join(folder, "tail.trn"), join(logs, "2.trn")];
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** A full backup, a log and the tail log of a database. */
async function writeChain(databaseName: string, at: number, path: string): Promise<void> {
  const start = { databaseName, startDate: "2026-05-01T02:00:00", dataBytes: 65_536, logBytes: 4_096 };
  const spec = backupSeries(start, ["full", "log", "log"])[at];
  if (spec === undefined) throw new Error(`the series has no backup ${at}`);
  await writeBackupFile(path, at === 2 ? { ...spec, isTail: true } : spec);
}

beforeAll(async () => {
  for (const path of [logs, join(wholeInstance, "logs")]) mkdirSync(path, { recursive: true });
  for (const name of ["crm", "hr"]) {
    await writeChain(name, 0, join(wholeInstance, `${name}.bak`));
    for (const at of [1, 2]) await writeChain(name, at, join(wholeInstance, "logs", `${name}-${at}.trn`));
  }
  for (const name of ["done", "failed", "sent", "chain"]) await writeChain(name, 0, join(folder, `${name}.bak`));
  await writeChain("chain", 1, join(logs, "1.trn"));
  await writeChain("chain", 2, tail);
});

/**
 * States of every status and kind, after a run with a failed task, after a cutover, and after a refresh; then the steps of a
 * preview.
 */
async function statesOn(engine: ScenarioEngine): Promise<unknown[]> {
  const scenario = await openScenario(engine, { taskMs: 200, bucket: { name: "equal-state" } }, "main-program");
  try {
    const { declare, configure, run, emulator, workspace } = scenario;
    const { instanceId: instance, bucket } = emulator;
    const declarePhase = (phase: "restoring" | "online"): void => {
      const chain = { backup: join(folder, "chain.bak"), increments: logs, phase };
      declare({
        done: { backup: join(folder, "done.bak") },
        failed: { backup: join(folder, "failed.bak") },
        sent: { backup: join(folder, "sent.bak"), wait: "submitted" },
        chain,
      });
      const whole = { instance, bucket, backups: wholeInstance, pollInterval: "200ms", cutoverGroup: { phase } };
      configure("instance", JSON.stringify(whole));
    };
    const states: unknown[] = [];
    const record = async () => states.push(comparableState(await engine.exportState(workspace), "any"));
    await emulator.rds.shapeRestore({ dbName: "sent", holdAt: "restoring" });
    await emulator.rds.shapeRestore({
      dbName: "failed",
      failWith: "Not Enough Disk Space for restoring, space left (10 MB) < needed (20 MB)",
    });
    declarePhase("restoring");
    // One step at a time, so that the service numbers its tasks in the same order.
    expect((await run({ kind: "up", parallel: 1, continueOnError: true })).exitCode).not.toBe(0);
    await record();
    declarePhase("online");
    renameSync(tail, shippedTail);
    await emulator.rds.clearShapes({});
    const second = await run({ kind: "up", parallel: 1 });
    expect(messages(second)).not.toMatch(/^error/m);
    await record();
    await run({ kind: "refresh", parallel: 1 });
    await record();
    states.push((await run({ kind: "preview" })).steps.map(({ name, op }) => `${name}: ${op}`).sort());
    return states;
  } finally {
    if (existsSync(shippedTail)) renameSync(shippedTail, tail);
    await scenario.close();
  }
}

(dynamic && native ? test : test.skip)(
  "the states of both hosts are equal: every status, a failed task, increments, a whole instance and its cutover",
  async () => {
    if (dynamic === undefined || native === undefined) throw new Error("both hosts are needed");
    const states = await statesOn(dynamic);
    expect(Object.keys(states[0] as object).length).toBeGreaterThan(8);
    expect(await statesOn(native)).toEqual(states);
  },
);
