import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { main } from "../../../provider/cli/sqlserver-migration";
import { sha256Of } from "../../../provider/report/canonical-json";
import type { StackResource } from "../../../provider/stack-state/exported-stack";
import { FAILURE, migration } from "../report/support/fleet-state";
import { runCommand } from "./support/run-command";

const RECORDED_0_1_0 = join(__dirname, "..", "..", "upgrade", "recorded", "0.1.0", "state.json");

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "report-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

async function report(...args: string[]) {
  const run = await runCommand(main, ["report", ...args]);
  return { ...run, out: `${run.out}\n` };
}

function exported(name: string, ...resources: StackResource[]): string {
  const file = join(folder, name);
  writeFileSync(file, JSON.stringify({ version: 3, deployment: { resources } }));
  return file;
}

test("the summary of a state of version 0.1.0, whose stages are not recorded", async () => {
  const { exit, out, err } = await report("--state", RECORDED_0_1_0);
  expect([exit, err]).toEqual([0, ""]);
  expect(out).toMatch(
    /^3 of 5 databases online, 0 failed, 1 waiting for increments, 1 in progress\nfull backups: 1\.7 MiB; warnings: 0\nfirst start 2026-11-23 04:58:21 UTC, last end /,
  );
});

test("the digest of the summary and of the page is that of what --json prints", async () => {
  const file = join(folder, "report.html");
  const json = await report("--state", RECORDED_0_1_0, "--json", "--html", file);
  expect(JSON.parse(json.out)).toMatchObject({ format: "sqlserver-migration-report", totals: { total: 5 } });
  const digest = sha256Of(json.out);
  expect((await report("--state", RECORDED_0_1_0)).out).toContain(`SHA-256 of the report: ${digest}\n`);
  expect(readFileSync(file, "utf8")).toContain(digest);
});

test("several states are one report in any order, and a failure is exit status 1", async () => {
  const [one, other] = [
    exported("1.json", migration("ERP")),
    exported("2.json", migration("crm", { failure: FAILURE })),
  ];
  const { exit, out } = await report("--state", one, "--state", other);
  expect(exit).toBe(1);
  expect(out).toMatch(/^1 of 2 databases online, 1 failed, .*\n[\s\S]*\nfailed: crm: TASK_NO_SPACE\n/);
  expect((await report("--state", other, "--state", one)).out).toBe(out);
});

test("a state without a database, and one that is no state", async () => {
  const empty = await report("--state", exported("empty.json"));
  expect(empty).toMatchObject({ exit: 1, err: expect.stringContaining("the state has no database") });
  writeFileSync(join(folder, "other.json"), "{");
  const other = await report("--state", join(folder, "other.json"));
  expect(other).toMatchObject({ exit: 1, out: "\n", err: expect.stringMatching(/STACK_STATE_UNREADABLE: /) });
});

test("a page that cannot be written is an error", async () => {
  const { exit, err } = await report("--state", RECORDED_0_1_0, "--html", join(folder, "gone", "report.html"));
  expect(exit).toBe(1);
  expect(err).toMatch(/^sqlserver-migration: .*report\.html/);
});

test("a hostile name only shows on a terminal", async () => {
  const file = exported("1.json", migration("ERP\u001b[2J\u202e", { failure: FAILURE }));
  const { out } = await report("--state", file);
  expect(out).toContain("failed: ERP\\x1b[2J\\u202e: TASK_NO_SPACE");
});
