import { existsSync, readFileSync, utimesSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { hasRunEnded } from "../../../provider/cli/report/run-ended";
import { main } from "../../../provider/cli/sqlserver-migration";
import { Fixture, until } from "../../../testing/fixture";
import { resource } from "../report/support/fleet-state";
import { hideCredentials } from "../support/hidden-credentials";
import { runCommand } from "./support/run-command";

jest.setTimeout(60_000);

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

async function report(...args: string[]) {
  return runCommand(main, ["report", ...args], fixture.env);
}

test("the live page shows what RDS shows and loads itself again; ^C leaves the page of the state", async () => {
  const { id, outputs } = await fixture.upToRestoring({ backup: await fixture.backup("erp.bak") });
  await fixture.emulator.rds.clearShapes({});
  await until(async () => (await fixture.databases()).some(({ status }) => status === "Running"));
  const provider = { type: "pulumi:providers:pulumi-nodejs", urn: "urn:pulumi:test::demo::provider", id: "p" };
  const resources = [
    { ...provider, inputs: { "alicloud:region": fixture.emulator.region } },
    resource({ kind: "DatabaseMigration", name: "erp", id, outputs }),
  ];
  const [state, page] = [join(fixture.folder, "state.json"), join(fixture.folder, "live.html")];
  writeFileSync(state, JSON.stringify({ version: 3, deployment: { resources } }));

  const watching = report("--state", state, "--html", page, "--watch", "5");
  await until(() => existsSync(page));
  const live = readFileSync(page, "utf8");
  expect(live).toContain('<meta http-equiv="refresh" content="5" />');
  expect(live).toMatch(/Live: written at [\d: -]+ UTC/);
  expect(live).toContain("✓");
  process.emit("SIGINT");
  const { exit, out, err } = await watching;
  expect([exit, err]).toEqual([0, ""]);
  expect(out).toMatch(/^0 of 1 database online, .* 1 in progress\n/);
  const last = readFileSync(page, "utf8");
  expect(last).not.toContain('http-equiv="refresh"');
  expect(last).not.toContain("✓");
});

test("the summary of an update ends the watch, and neither that of its preview nor that of an earlier run does", async () => {
  const log = join(fixture.folder, "events.json");
  const sinceMs = Date.now() - 5_000;
  const events = (...lines: object[]) => writeFileSync(log, lines.map((line) => JSON.stringify(line)).join("\n"));
  expect(await hasRunEnded(log, sinceMs)).toBe(false);
  events({ summaryEvent: { isPreview: true } }, { cancelEvent: {} });
  expect(await hasRunEnded(log, sinceMs)).toBe(false);
  events(
    { diagnosticEvent: { message: "x".repeat(300_000) } },
    { summaryEvent: { isPreview: false } },
    { cancelEvent: {} },
  );
  expect(await hasRunEnded(log, sinceMs)).toBe(true);
  utimesSync(log, 1, 1);
  expect(await hasRunEnded(log, sinceMs)).toBe(false);
});

test.each([
  [["--watch", "1", "--html", "x"], "--watch is a whole number of seconds from 5"],
  [["--watch", "30"], "--watch needs --html"],
  [["--watch", "30", "--html", "x", "--state", "-"], "stdin can be read only once"],
  [["--event-log", "events.json"], "--event-log needs --watch"],
])("%j is a mistake in the arguments", async (args, message) => {
  const { exit, err } = await report(...args);
  expect(exit).toBe(2);
  expect(err).toContain(message);
});
