import { copyFileSync, mkdirSync, readFileSync, rmSync, utimesSync } from "node:fs";
import { basename, join } from "node:path";
import { Fixture, messages, type Recorded } from "../../../testing/fixture";
import { taken, writeHistory } from "./chain-fixture";

let fixture: Fixture;
beforeEach(async () => {
  fixture = await Fixture.open();
});
afterEach(() => fixture.close());

const online = (): number => fixture.requests("CreateOnlineDatabaseTask").length;

test("a full backup, a differential, logs and the tail are applied in one up, and the database is opened once", async () => {
  const [backup, ...increments] = await writeHistory(fixture, ["full", "log", "differential", "log", "tail"]);
  const { outputs, log } = await fixture.up({ backup, increments });
  expect(messages(log, "error")).toEqual([]);
  expect(outputs).toMatchObject({ status: "online", warnings: [] });
  // The first log is contained in the differential: the fewest files are sent.
  expect(await taken(fixture)).toEqual(["FULL Restored", "DIFF Restored", "LOG Restored", "LOG Restored"]);
  expect(fixture.requests("CreateMigrateTask").map(({ detail }) => [detail.BackupMode, detail.IsOnlineDB])).toEqual(
    Array(4).fill(["UPDF", "False"]),
  );
  expect(online()).toBe(1);
  expect(fixture.requests("CreateOnlineDatabaseTask")[0]?.detail).toMatchObject({
    CheckDBMode: "AsyncExecuteDBCheck",
    ClientToken: expect.stringMatching(/^[0-9a-f]{40}$/),
  });
});

test("restoring, then a new log, then the cutover: each preview describes the next up, and the last one is empty", async () => {
  const paths = await writeHistory(fixture, ["full", "log", "log", "tail"]);
  const [backup, first, second, tail] = paths;
  const restoring = { backup, phase: "restoring" };
  const one = await fixture.up(restoring);
  expect(one.outputs).toMatchObject({
    status: "waitingForIncrements",
    readyForCutover: false,
    cutoverObstacles: [expect.stringContaining("the full backup, is not a log taken WITH NORECOVERY")],
  });
  expect((await fixture.preview(restoring, one)).diff?.changes).toBe(false);

  const two = await fixture.up({ ...restoring, increments: [second, first] }, one);
  expect(two.outputs).toMatchObject({ status: "waitingForIncrements", lag: expect.any(Number) });
  expect(two.outputs.nextLsn).toBe((two.outputs.chain as { reachedLsn: string }).reachedLsn);
  expect((await fixture.preview({ ...restoring, increments: [first, second] }, two)).diff?.changes).toBe(false);
  expect(online()).toBe(0);

  const cutover = { backup, increments: [first, second, tail] };
  const mark = fixture.mark;
  const preview = await fixture.preview(cutover, two);
  expect(preview).toMatchObject({ failures: [], diff: { changes: true, replaces: [] } });
  expect(fixture.since(mark)).toEqual([]);
  const said = messages(preview.log, "warning").join("\n");
  expect(said).toMatch(/CUTOVER of erp: this up applies erp-3-tail.bak and opens the database\.\s+POINT OF NO RETURN/);
  expect(said).toMatch(/RESTORE DATABASE \[erp\] WITH RECOVERY on the source/);
  expect(said).toMatch(/Expected time: about .* for 1 file, after 2 earlier ones/);

  const three = await fixture.up(cutover, two);
  expect(three.outputs).toMatchObject({ status: "online" });
  expect(three.outputs).not.toHaveProperty("readyForCutover");
  expect(await taken(fixture)).toEqual(["FULL Restored", "LOG Restored", "LOG Restored", "LOG Restored"]);
  expect((await fixture.preview(cutover, three)).diff?.changes).toBe(false);
  expect(messages((await fixture.preview(cutover, three)).log, "warning")).toEqual([]);
});

test("a folder works as a log-shipping loop: each up applies new files, and applied files may be deleted", async () => {
  const other = await Fixture.open();
  const history = await writeHistory(other, ["full", "log", "log", "log", "tail"]);
  const [backup, ...logs] = history;
  const folder = join(fixture.folder, "logs");
  mkdirSync(folder);
  // The folder contains files of other databases too.
  await fixture.backup("logs/crm.bak", { databaseName: "crm", type: "log" });
  await fixture.backup("logs/erp-again.bak", { startDate: "2024-06-01T02:00:00" });
  const args = { backup, increments: folder, phase: "restoring" };
  let state: Recorded | undefined;
  for (const path of logs.slice(0, 3)) {
    copyFileSync(path, join(folder, basename(path)));
    state = await fixture.up(args, state);
    expect(state.outputs.status).toBe("waitingForIncrements");
    expect((await fixture.preview(args, state)).diff?.changes).toBe(false);
  }
  rmSync(join(folder, "erp-1-log.bak"));
  copyFileSync(logs[3] ?? "", join(folder, "last.trn"));
  const done = await fixture.up({ ...args, phase: "online" }, state);
  expect(done.outputs).toMatchObject({ status: "online", warnings: [] });
  expect(await taken(fixture)).toEqual(["FULL Restored", ...Array(4).fill("LOG Restored")]);
  await other.close();
});

test("a prefix in the bucket works the same way, and applied objects may be deleted", async () => {
  const { bucket, oss } = fixture.emulator;
  const [full = "", ...logs] = await writeHistory(fixture, ["full", "log", "log", "tail"]);
  const put = (path: string) => oss.putObject(bucket, `logs/${basename(path)}`, readFileSync(path));
  await oss.putObject(bucket, "erp.bak", readFileSync(full));
  const args = { backup: `oss://${bucket}/erp.bak`, increments: `oss://${bucket}/logs/`, phase: "restoring" };
  let state: Recorded | undefined;
  for (const path of logs) {
    await put(path);
    state = await fixture.up(args, state);
    expect((await fixture.preview(args, state)).diff?.changes).toBe(false);
    oss.removeObject(bucket, `logs/${basename(path)}`);
  }
  expect(state?.outputs.chain).toMatchObject({
    files: ["FULL", "LOG", "LOG", "LOG"].map((type) => ({ type, state: "applied" })),
  });
  const { outputs } = await fixture.up({ ...args, phase: "online" }, state);
  expect(outputs.status).toBe("online");
  expect(await taken(fixture)).toHaveLength(4);
});

test("the lag is the age of the last applied log's file", async () => {
  const [backup, first = "", second = ""] = await writeHistory(fixture, ["full", "log", "log"]);
  const hoursAgo = (hours: number): number => Date.now() / 1000 - hours * 3600;
  utimesSync(first, hoursAgo(8), hoursAgo(8));
  utimesSync(second, hoursAgo(2), hoursAgo(2));
  const args = { backup, phase: "restoring", increments: [first] };
  const one = await fixture.up(args);
  expect(Math.floor(Number(one.outputs.lag) / 3600)).toBe(8);
  const two = await fixture.up({ ...args, increments: [first, second] }, one);
  expect(Math.floor(Number(two.outputs.lag) / 3600)).toBe(2);
});
