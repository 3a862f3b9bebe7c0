import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Engine, RunResult, Workspace } from "../../engine/engine";
import { countScenarios, ENGINE_RUNS_FILE, recordRuns, scenarioLine } from "./engine-runs";

const folder = mkdtempSync(join(tmpdir(), "engine-runs-"));
const runsFile = join(folder, "runs.jsonl");
const outer = process.env[ENGINE_RUNS_FILE];
beforeAll(() => {
  process.env[ENGINE_RUNS_FILE] = runsFile;
});
afterAll(() => {
  // The other tests of this worker record into the outer run.
  if (outer === undefined) delete process.env[ENGINE_RUNS_FILE];
  else process.env[ENGINE_RUNS_FILE] = outer;
  rmSync(folder, { recursive: true, force: true });
});

const result: RunResult = {
  ...{ exitCode: 0, steps: [], diagnostics: [], outputs: {}, changes: {}, stdout: "", stderr: "" },
};
const workspace: Workspace = { projectDir: ".", stack: "dev", stateDir: "." };

/** An engine that only returns: these tests are about the record. */
const engine = (name: Engine["name"]): Engine => ({
  name,
  version: "v1",
  run: async () => result,
  start: async () => {
    throw new Error("not started");
  },
  cancel: async () => {},
  exportState: async () => {
    throw new Error("no state");
  },
  importState: async () => {},
});

test("a test on both engines", async () => {
  const [cli, standIn] = [recordRuns(engine("pulumi"), "native"), recordRuns(engine("stand-in"))];
  expect(await cli.run({ kind: "preview" }, workspace)).toBe(result);
  await cli.run({ kind: "up" }, workspace);
  await standIn.run({ kind: "up" }, workspace);
});

test("a test on one engine", async () => {
  await expect(recordRuns(engine("pulumi")).start({ kind: "up" }, workspace)).rejects.toThrow("not started");
});

test("a test is counted once for each engine that ran it, and only if it passed", () => {
  const report = (statuses: Record<string, string>) => ({
    testResults: [
      {
        name: __filename,
        assertionResults: Object.entries(statuses).map(([fullName, status]) => ({ fullName, status })),
      },
    ],
  });
  const [both, one] = ["a test on both engines", "a test on one engine"] as const;
  expect(countScenarios(runsFile, report({ [both]: "passed", [one]: "passed", other: "passed" }))).toEqual({
    pulumi: 2,
    native: 1,
    "stand-in": 1,
  });
  expect(countScenarios(runsFile, report({ [both]: "failed", [one]: "passed" }))).toEqual({
    ...{ pulumi: 1, native: 0, "stand-in": 0 },
  });
  expect(countScenarios(join(folder, "none"), report({}))).toEqual({ pulumi: 0, native: 0, "stand-in": 0 });
});

test("the line of npm test names the engine, or why there is none", () => {
  const counts = { pulumi: 41, native: 12, "stand-in": 40 };
  expect(scenarioLine(counts, { version: "v3.248.0", origin: "built here" }, "")).toBe(
    "41 scenarios on pulumi v3.248.0 (built here), 12 of them with the native plugin, 40 on the stand-in",
  );
  expect(scenarioLine({ ...counts, pulumi: 0 }, undefined, "Pulumi CLI not built: Go is not installed.")).toBe(
    "0 scenarios on the real engine, 40 on the stand-in. Pulumi CLI not built: Go is not installed.",
  );
});
