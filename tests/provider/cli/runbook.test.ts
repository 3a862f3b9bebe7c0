import { copyFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { main } from "../../../provider/cli/sqlserver-migration";
import { Fixture, messages, type Recorded } from "../../../testing/fixture";
import { writeHistory } from "../increments/chain-fixture";
import { migration, resource } from "../report/support/fleet-state";
import { ROOT } from "./support/compiled-commands";
import { runCommand } from "./support/run-command";

jest.setTimeout(60_000);

const MANIFEST = join(ROOT, "tests", "upgrade", "recorded", "0.1.0", "manifest.json");
const BASELINE = join(ROOT, "examples", "source-side", "baseline.json");
const START = ["--start", "2026-11-28 22:00", "--timezone", "UTC"];

async function run(...args: string[]) {
  return runCommand(main, args);
}

/** The expected lines of a step, by its title. */
const expectedOf = (text: string, title: string): string[] =>
  (new RegExp(`^### \\d+\\. ${title}[\\s\\S]*?\`\`\`text\\n([\\s\\S]*?)\\n\`\`\``, "m").exec(text)?.[1] ?? "").split(
    "\n",
  );

test("the expected lines are those that a cutover prints, and its state has the real times", async () => {
  const fixture = await Fixture.open({ taskMs: 60 });
  try {
    const folder = join(fixture.folder, "logs");
    mkdirSync(folder);
    const [backup = "", log = "", tail = ""] = await writeHistory(fixture, ["full", "log", "tail"]);
    copyFileSync(log, join(folder, "log.trn"));
    const args = { pollInterval: "20ms", backup, increments: folder, phase: "restoring" };
    const stateFile = (state: Recorded): string => {
      const file = join(fixture.folder, "state.json");
      const { id, outputs } = state;
      const resources = [resource({ kind: "DatabaseMigration", name: "erp", id, outputs })];
      writeFileSync(file, JSON.stringify({ version: 3, deployment: { resources } }));
      return file;
    };
    const waiting = await fixture.up(args);
    const before = await run("runbook", "--state", stateFile(waiting), ...START, "--folder", "D:\\migration");
    expect([before.exit, before.err]).toEqual([0, ""]);
    const status = await run("status", "--offline", "--state", stateFile(waiting));
    expect(status.out.split("\n")[0]).toBe(expectedOf(before.out, "Apply the logs that have come").join("\n"));

    copyFileSync(tail, join(folder, "tail.trn"));
    const applied = await fixture.up(args, waiting);
    const [line = ""] = expectedOf(before.out, "Apply the last log");
    expect(messages(applied.log, "info")).toContainEqual(
      expect.stringContaining(line.replace("…", join(folder, "tail.trn"))),
    );

    const online = { ...args, phase: "online" };
    const announced = messages((await fixture.preview(online, applied)).log, "warning")
      .join("\n")
      .split("\n");
    const headline = expectedOf(before.out, "Preview the cutover");
    expect(headline).toEqual(headline.map((each) => announced.find((message) => message.startsWith(each)) && each));

    const after = await run("runbook", "--state", stateFile(await fixture.up(online, applied)), ...START);
    expect(after.out).toMatch(
      /^\| `erp` \| \w{3} [\d: -]{16} \| \w{3} [\d: -]{16} \| \w{3} [\d: -]{16} \| .*\| online \|$/m,
    );
    const done = await run("status", "--offline", "--state", join(fixture.folder, "state.json"));
    expect(done.out.split("\n")[0]).toBe(expectedOf(before.out, "Point of no return").join("\n"));
  } finally {
    await fixture.close();
  }
});

test("a manifest is enough before anything exists: what is not known is a word to replace", async () => {
  const { exit, out } = await run("runbook", "--manifest", MANIFEST, ...START, "--group", "stock, Sales");
  expect(exit).toBe(0);
  expect(out).toMatch(/^## `stock`, `sales`$/m);
  expect(out).toContain(
    "Replace before the night: `SOURCE_SERVER`, `BACKUP_FOLDER`, `ADMIN_LOGIN`, `LOG_BACKUP_JOB`, `INSTANCE`.",
  );
  expect(expectedOf(out, "Apply the logs that have come")).toEqual(["0 of 2 databases online, 0 failed, 2 on the way"]);
  const { out: compared } = await run("source", "compare", BASELINE, BASELINE);
  const [same] = compared.split("\n").at(-1)?.replace(/^\d+/, "2").split(",") ?? [];
  expect(expectedOf(out, "Compare")).toEqual([`${same}, …`]);
});

test("--only prints one group, and the command of the document makes it again", async () => {
  const options = [
    "--manifest",
    MANIFEST,
    "--only",
    "STOCK",
    "--folder",
    "it's",
    "--log-job",
    "Log 1",
    "--log-job",
    "Log 2",
  ];
  const { out } = await run("runbook", ...options, "--start", "Sat 22:00", "--timezone", "Asia/Shanghai");
  expect(out.match(/^## `.*/gm)).toEqual(["## `stock`"]);
  const [, start = ""] =
    /--start '(\d{4}-\d\d-\d\d 22:00)' --timezone Asia\/Shanghai --only STOCK --folder 'it'\\''s' --log-job 'Log 1' --log-job 'Log 2'/.exec(
      out,
    ) ?? [];
  const again = await run("runbook", ...options, "--start", start, "--timezone", "Asia/Shanghai");
  expect(again.out).toBe(out);
});

test.each([
  [[], "--start is missing"],
  [["--start", "22:00"], "--start is a time"],
  [[...START, "--timezone", "Asia/Nowhere"], "--timezone is a name"],
  [[...START, "--group", "sales, crm"], "--group: no database outside of a CutoverGroup has this name"],
  [[...START, "--only", "crm"], "--only: no group and no database is called crm"],
])("%j is a mistake in the arguments", async (args, message) => {
  const { exit, out, err } = await run("runbook", "--manifest", MANIFEST, ...args);
  expect([exit, out]).toEqual([2, ""]);
  expect(err).toContain(message);
});

test("databases of several stacks are not opened by one update", async () => {
  const folder = mkdtempSync(join(tmpdir(), "runbook-"));
  const state = join(folder, "state.json");
  const resources = ["erp", "crm"].map((name) => migration(name, { phase: "restoring" }, { stack: name }));
  writeFileSync(state, JSON.stringify({ version: 3, deployment: { resources } }));
  const { exit, err } = await run("runbook", "--state", state, ...START, "--group", "erp,crm");
  rmSync(folder, { recursive: true });
  expect(exit).toBe(2);
  expect(err).toContain("--group: erp, crm are in several stacks");
});

test("every database with increments has a cutover, also in state of version 0.1.0", async () => {
  const state = join(ROOT, "tests", "upgrade", "recorded", "0.1.0", "state.json");
  const { databases } = JSON.parse((await run("report", "--state", state, "--json")).out);
  const waiting = databases.filter(({ phase }: { phase?: string }) => phase !== undefined).length;
  const { out } = await run("runbook", "--state", state, ...START);
  expect(out.match(/^## `/gm) ?? []).toHaveLength(waiting);
});
