import { spawnSync } from "node:child_process";
import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const DIST = join(__dirname, "..", "..", "dist");

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "make-backups-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** Runs a compiled program in an empty folder. */
const run = (program: string, ...args: string[]) =>
  spawnSync(process.execPath, [join(DIST, program), ...args], { cwd: folder, encoding: "utf8" });

it.each(["testing/make-backups.js", "sql/generate.js", "emulator/main.js", "bench/main.js", "faults/main.js"])(
  "%s prints its help on stdout and does nothing else",
  (program) => {
    const { status, stdout, stderr } = run(program, "--help");
    expect([status, stderr]).toEqual([0, ""]);
    expect(stdout).toMatch(/^usage: /i);
    expect(readdirSync(folder)).toEqual([]);
  },
);

describe("make-backups", () => {
  it.each([[[]], [["a", "b"]], [["--hlep"]], [["a", "-x"]]])("takes %j for a mistake", (args) => {
    const { status, stdout, stderr } = run("testing/make-backups.js", ...args);
    expect([status, stdout]).toEqual([2, ""]);
    expect(stderr).toContain("Usage: ");
    expect(readdirSync(folder)).toEqual([]);
  });

  it("writes into the folder that it is given, and prints each file", () => {
    const { status, stdout } = run("testing/make-backups.js", "backups");
    expect(status).toBe(0);
    expect(stdout.trimEnd().split("\n")).toHaveLength(readdirSync(join(folder, "backups")).length);
  });
});

it("sql takes no argument", () => {
  const { status, stderr } = run("sql/generate.js", "x");
  expect(status).toBe(2);
  expect(stderr).toContain("Usage: ");
});
