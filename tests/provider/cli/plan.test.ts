import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { lazyStore } from "../../../provider/cli/bakinfo/object-store";
import { measureUpload } from "../../../provider/cli/plan/measure-upload";
import { main } from "../../../provider/cli/sqlserver-migration";
import { Fixture, messages } from "../../../testing/fixture";
import { hideCredentials } from "../support/hidden-credentials";
import { runInstance } from "../support/instance-fixture";
import { writeManifestOfSizes } from "./support/manifest-of-sizes";
import { runCommand } from "./support/run-command";

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

async function plan(args: string[], env: Record<string, string> = {}) {
  return runCommand(main, ["plan", ...args], { ...fixture.env, ...env });
}

const manifest = (sizes: Record<string, number>): string => writeManifestOfSizes(fixture.folder, sizes);

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
  [["--measure"], "--measure needs --bucket"],
  [["--measure", "--bucket", "backups", "--rate", "50"], "--measure and --rate exclude each other"],
  [["--bucket", "backups"], "--bucket is the bucket of --measure"],
  [["--previous", "missing.json"], "--previous: missing.json cannot be read"],
])("%j is a mistake in the arguments", async (args, message) => {
  const { exit, err } = await plan([manifest({ crm: GB }), ...args]);
  expect(exit).toBe(2);
  expect(err).toContain(message);
});

it("plans the full backups of a folder by their headers, and says what is left out", async () => {
  const files = [{ LogicalName: "data", PhysicalName: "D:\\data.mdf", Type: "D" as const, Size: 8 * GB }];
  const later = { startDate: "2026-11-01T02:00:00", checkpointLsn: 10n ** 20n, lastLsn: 10n ** 20n + 1n };
  await fixture.backup("erp.bak", { databaseName: "erp", files, ...later });
  await fixture.backup("erp-old.bak", { databaseName: "erp", startDate: "2026-10-01T02:00:00" });
  await fixture.backup("erp.trn", { databaseName: "erp", type: "log" });
  await fixture.backup("hr.trn", { databaseName: "hr", type: "log" });
  await fixture.backup("master.bak", { databaseName: "master" });
  const sound = await plan([fixture.folder, "--free", "500GB", "--timezone", "UTC"]);
  expect([sound.exit, sound.err]).toEqual([0, ""]);
  expect(sound.out).toMatch(/^1 database in 1 wave/);
  expect(sound.out).toMatch(/\n1 +1 +erp .* 7\.5 GiB\n/);
  expect(fixture.since(0)).toEqual([]);
  writeFileSync(join(fixture.folder, "broken.bak"), "no backup");
  const { exit, out, err } = await plan([fixture.folder, "--free", "500GB"]);
  expect([exit, err]).toEqual([1, expect.stringMatching(/error BACKUP_FOREIGN: .*broken\.bak/)]);
  expect(out).toMatch(/^1 database in 1 wave/);
});

it("plans the backups of a bucket's folder, which need no upload", async () => {
  const { oss, bucket, region } = fixture.emulator;
  const crm = await fixture.backup("crm.bak", { databaseName: "crm" });
  await oss.putObject(bucket, "full/crm.bak", readFileSync(crm));
  const { exit, out } = await plan([`oss://${bucket}/full`, "--free", "500GB", "--region", region]);
  expect(exit).toBe(0);
  expect(out).toMatch(/\n1 +1 +crm .* 0 B +16\.0 MiB\n/);
});

it("measures the rate with a probe, of which nothing is left", async () => {
  const { oss, bucket, region } = fixture.emulator;
  const target = ["--bucket", bucket, "--region", region];
  const { exit, out, err } = await plan([manifest({ crm: GB }), "--measure", ...target]);
  expect([exit, err]).toEqual([0, ""]);
  expect(out).toMatch(/\n {2}upload \d+\.\d MB\/s for each machine, measured with \d+\.\d MiB in \d/);
  expect(fixture.since(0)).toContain("oss:UploadPart");
  expect([oss.uploads(), oss.objects(bucket)]).toEqual([[], []]);
});

it.each([
  ["a bucket of that name", "no-such-bucket", {}, /OSS_NO_SUCH_BUCKET/],
  ["credentials", undefined, { ALIBABA_CLOUD_ACCESS_KEY_ID: "" }, /CREDENTIALS/],
])("without %s --measure fails with the reason", async (_, bucket, env, reason) => {
  const target = ["--bucket", bucket ?? fixture.emulator.bucket, "--region", fixture.emulator.region];
  const { exit, err } = await plan([manifest({ crm: GB }), "--measure", ...target], env);
  expect(exit).toBe(1);
  expect(err).toMatch(reason);
});

it("a probe that is stopped, or whose upload fails, leaves nothing either", async () => {
  const { oss, bucket, region, faults } = fixture.emulator;
  const context = {
    console: { out: () => {}, err: () => {}, env: (name: string) => fixture.env[name] },
    program: "plan",
  };
  const store = lazyStore({ region }, context)();
  const ending = new AbortController();
  const stopped = measureUpload(store, bucket, ending.signal);
  const timer = setInterval(() => {
    if (oss.uploads().some(({ parts }) => parts.length > 0)) ending.abort(new Error("stopped"));
  }, 1);
  await expect(stopped)
    .rejects.toThrow("stopped")
    .finally(() => clearInterval(timer));
  const effect = { kind: "refuse" as const, status: 403, code: "AccessDenied" };
  faults.add({ match: { action: "CompleteMultipartUpload" }, effect });
  await expect(measureUpload(store, bucket, new AbortController().signal)).rejects.toThrow("OSS_ACCESS_DENIED");
  expect([oss.uploads(), oss.objects(bucket)]).toEqual([[], []]);
  oss.makeBucket({ name: bucket, versioning: "Enabled" });
  await expect(measureUpload(store, bucket, ending.signal)).rejects.toThrow("keeps versions");
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
