import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { main } from "../../../provider/cli/sqlserver-migration";
import { Fixture, messages } from "../../../testing/fixture";
import { hideCredentials } from "../support/hidden-credentials";
import { runInstance } from "../support/instance-fixture";

jest.setTimeout(60_000);

const INSTANCE = "rm-emulator0001";
const GB = 1e9;

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

async function plan(args: string[]) {
  const out: string[] = [];
  const err: string[] = [];
  const console = {
    out: (text: string) => out.push(text),
    err: (text: string) => err.push(text),
    env: (name: string) => fixture.env[name],
  };
  return { exit: await main(["plan", ...args], console), out: out.join("\n"), err: err.join("\n") };
}

function manifest(sizes: Record<string, number>): string {
  const file = join(fixture.folder, "databases.json");
  const guid = "7A310E68-78FF-B498-A552-5EB2C9C8466D";
  const nulls = {
    ...{ checkpointLsn: null, databaseBackupLsn: null, differentialBaseGuid: null },
    ...{ backupStartDate: null, backupFinishDate: null, databaseVersion: 904 },
  };
  const databases = Object.entries(sizes).map(([database, restoredBytes]) => ({
    database,
    backup: {
      ...{ file: `${database}.bak`, sizeBytes: restoredBytes / 2, restoredBytes, crc64: "1", type: "FULL" },
      ...{ backupSetGuid: guid, firstLsn: "1", lastLsn: "1", ...nulls },
    },
    increments: [],
  }));
  writeFileSync(file, JSON.stringify({ version: 1, databases }));
  return file;
}

it("plans for the instance's own disk, databases and tasks, and only reads", async () => {
  const backup = await fixture.backup("crm.bak", { databaseName: "crm" });
  await runInstance(fixture, { databases: { crm: { backup } } });
  const mark = fixture.mark;
  const file = manifest({ CRM: GB, erp: 2 * GB, large: 100_000 * GB });
  const { exit, out, err } = await plan([file, "--instance", INSTANCE, "--region", fixture.emulator.region, "--json"]);
  expect([exit, err]).toEqual([1, ""]);
  // CRM is the database that the instance has already.
  expect(JSON.parse(out)).toEqual([
    expect.objectContaining({ database: "erp", wave: 1, runner: 1, waveStartsAt: expect.any(String) }),
    expect.objectContaining({
      database: "large",
      limit: "space",
      remedy: expect.stringMatching(/TiB more disk holds them/),
    }),
  ]);
  const requests = fixture.since(mark);
  expect(requests.filter((request) => !/^rds:Describe/.test(request))).toEqual([]);
  expect(requests.filter((request) => request === "rds:DescribeOssDownloads")).toHaveLength(1);
});

it("keeps waves that have begun, and plans the others behind them", async () => {
  const window = ["--window", "2026-01-01 00:00/2099-01-01 00:00", "--timezone", "UTC"];
  const first = await plan([manifest({ crm: GB, erp: 2 * GB }), ...window, "--json"]);
  const previous = join(fixture.folder, "plan.json");
  writeFileSync(previous, first.out);
  const { exit, out } = await plan([
    manifest({ crm: GB, erp: 2 * GB, web: GB }),
    ...window,
    "--previous",
    previous,
    "--json",
  ]);
  expect(exit).toBe(0);
  const items: { database: string; wave: number }[] = JSON.parse(out);
  expect(items.filter(({ wave }) => wave === 1)).toEqual(JSON.parse(first.out));
  expect(items.filter(({ wave }) => wave === 2)).toMatchObject([{ database: "web" }]);
});

it("prints waves, databases, what does not fit and what the times are computed from", async () => {
  const { exit, out } = await plan([
    manifest({ crm: GB, erp: 2 * GB, dwh: 900 * GB }),
    "--free",
    "500GB",
    "--rate",
    "50",
  ]);
  expect(exit).toBe(1);
  expect(out).toMatch(/^2 databases in 1 wave, .*; not planned: 1 database\n/);
  expect(out).toMatch(/\nwave +machine +database .*\n1 +1 +(crm|erp) +\w{3} \d{4}-\d\d-\d\d \d\d:\d\d /);
  expect(out).toContain("Beyond the instance's disk: 1 database of 838.2 GiB.");
  expect(out).toContain("upload 50.0 MB/s for each machine, given");
});

it.each([
  [["--window", "Fri"], "--window is two times"],
  [["--timezone", "Asia/Nowhere"], "--timezone is a name"],
  [["--free", "500"], "--free is a size"],
  [["--growth", "500GB"], "--growth is a size and a time"],
  [["--runners", "0"], "--runners is a whole number from 1"],
  [["--previous", "missing.json"], "--previous: missing.json cannot be read"],
])("%j is a mistake in the arguments", async (args, message) => {
  const { exit, err } = await plan([manifest({ crm: GB }), ...args]);
  expect(exit).toBe(2);
  expect(err).toContain(message);
});

it("a preview that adds databases logs a forecast; one in which nothing is new logs none and sends no request", async () => {
  const backup = await fixture.backup("crm.bak", { databaseName: "crm" });
  const args = { databases: { crm: { backup } } };
  const preview = await runInstance(fixture, args, { preview: true });
  const forecasts = (log: typeof preview.log) => messages(log, "info").filter((text) => text.includes("forecast: "));
  expect(forecasts(preview.log)).toEqual([
    expect.stringMatching(/forecast: 1 database, .*: \d.* min \(upload 12\.5 MB\/s .* assumed/),
  ]);
  const { recorded } = await runInstance(fixture, args);
  const mark = fixture.mark;
  const again = await runInstance(fixture, args, { preview: true, prior: recorded });
  expect(forecasts(again.log)).toEqual([]);
  expect(fixture.since(mark)).toEqual([]);
});
