import { appendFileSync, existsSync, readFileSync } from "node:fs";
import type { Engine } from "../../engine/engine";
import type { FoundCli } from "../../engine/find-cli";
import type { ResourceHost } from "../../testing/resource-host";

/** Names the file in which tests record the engine that ran them. Set by `npm test`. */
export const ENGINE_RUNS_FILE = "ENGINE_RUNS_FILE";

/** What a test ran on: an engine, or the native plugin in the `pulumi` command. */
type Ran = Engine["name"] | "native";

interface EngineRun {
  on: Ran;
  file: string;
  test: string;
}

/** The members that are used of the report of `jest --json`. */
export interface TestResults {
  testResults: { name: string; assertionResults: { fullName: string; status: string }[] }[];
}

/** The engine itself; every operation that it runs is recorded with the current test. */
export function recordRuns(engine: Engine, host: ResourceHost = "dynamic"): Engine {
  const record = (): void => {
    recordRun(engine.name);
    if (host === "native") recordRun("native");
  };
  return {
    ...engine,
    run: (operation, workspace) => {
      record();
      return engine.run(operation, workspace);
    },
    start: (operation, workspace) => {
      record();
      return engine.start(operation, workspace);
    },
  };
}

/** Records that the current test runs on this engine or host. Does nothing outside `npm test`. */
export function recordRun(on: Ran): void {
  const path = process.env[ENGINE_RUNS_FILE];
  const { testPath: file, currentTestName: test } = expect.getState();
  if (path === undefined || file === undefined || test === undefined) return;
  const run: EngineRun = { on, file, test };
  appendFileSync(path, `${JSON.stringify(run)}\n`);
}

/** Number of passed tests for each engine that ran operations in them. A test that ran on both engines counts for both. */
export function countScenarios(runsFile: string, { testResults }: TestResults): Record<Ran, number> {
  const lines = existsSync(runsFile) ? readFileSync(runsFile, "utf8").split("\n").filter(Boolean) : [];
  const runs = [...new Set(lines)].map((line): EngineRun => JSON.parse(line));
  const keyOf = (file: string, test: string): string => `${file}\n${test}`;
  const passed = new Set(
    testResults.flatMap(({ name, assertionResults }) =>
      assertionResults.flatMap(({ fullName, status }) => (status === "passed" ? [keyOf(name, fullName)] : [])),
    ),
  );
  const count = (on: Ran): number =>
    runs.filter((run) => run.on === on && passed.has(keyOf(run.file, run.test))).length;
  return { pulumi: count("pulumi"), native: count("native"), "stand-in": count("stand-in") };
}

/** The line of `npm test` about the engines. `missing` says why no `pulumi` command was found. */
export function scenarioLine(
  counts: Record<Ran, number>,
  cli: Pick<FoundCli, "version" | "origin"> | undefined,
  missing: string,
): string {
  const standIn = `${counts["stand-in"]} on the stand-in`;
  return cli
    ? `${counts.pulumi} scenarios on pulumi ${cli.version} (${cli.origin}), ${counts.native} of them with the native plugin, ${standIn}`
    : `${counts.pulumi} scenarios on the real engine, ${standIn}. ${missing}`;
}
