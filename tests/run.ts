import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type FoundCli, findCli } from "../engine/find-cli";
import { buildEngine } from "../engine/pulumi-build/build-engine";
import { countScenarios, ENGINE_RUNS_FILE, scenarioLine, type TestResults } from "./support/engine-runs";

/**
 * `npm test`: runs the type check and the linter (each counts as one test) and every jest test, on the real engine where it is
 * installed or can be built. Prints how many scenarios ran on it, then one line `N passed, N failed, N skipped`. Arguments are
 * passed to jest, so `npm test -- tests/provider` runs a part.
 */
interface Counts {
  passed: number;
  failed: number;
  skipped: number;
}

const bin = (name: string): string => join("node_modules", ".bin", name);

/** Runs one tool as one test. */
function runAsTest(title: string, command: string, args: string[]): Counts {
  const began = Date.now();
  const { status } = spawnSync(command, args, { stdio: "inherit" });
  const passed = status === 0;
  console.log(`${passed ? "PASS" : "FAIL"} ${title} (${((Date.now() - began) / 1000).toFixed(1)} s)`);
  return { passed: passed ? 1 : 0, failed: passed ? 0 : 1, skipped: 0 };
}

/** A build of the command takes 2 to 10 minutes without a cache of Go. The tests continue on the stand-in after this time. */
const ENGINE_BUILD_LIMIT_MS = 12 * 60_000;

/** Finds or builds the `pulumi` command; `missing` says why there is none. */
async function prepareEngine(): Promise<{ cli: FoundCli | undefined; missing: string }> {
  const installed = findCli();
  if (installed && installed.origin !== "built here") return { cli: installed, missing: "" };
  const { cli, yamlHost } = await buildEngine({ limitMs: ENGINE_BUILD_LIMIT_MS });
  console.log(`${cli.message}\n${yamlHost.message}`);
  return { cli: findCli(), missing: cli.message };
}

interface JestRun {
  counts: Counts;
  scenarios: ReturnType<typeof countScenarios>;
}

function runJest(args: string[]): JestRun {
  const folder = mkdtempSync(join(tmpdir(), "sqlserver-migration-test-"));
  const outputFile = join(folder, "jest.json");
  const runsFile = join(folder, "engine-runs.jsonl");
  try {
    spawnSync(bin("jest"), ["--ci", "--json", `--outputFile=${outputFile}`, ...args], {
      stdio: ["ignore", "ignore", "inherit"],
      env: { ...process.env, [ENGINE_RUNS_FILE]: runsFile },
    });
    const report = readReport(outputFile);
    // A file that fails to load has no failed tests, so it counts as one.
    const failed = report.numFailedTests + report.numRuntimeErrorTestSuites;
    return {
      counts: { passed: report.numPassedTests, failed, skipped: report.numPendingTests + report.numTodoTests },
      scenarios: countScenarios(runsFile, report),
    };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

interface JestReport extends TestResults {
  numPassedTests: number;
  numFailedTests: number;
  numPendingTests: number;
  numTodoTests: number;
  numRuntimeErrorTestSuites: number;
}

/** Reads the report of jest. A missing report means that jest itself failed. */
function readReport(file: string): JestReport {
  try {
    return JSON.parse(readFileSync(file, "utf8")) as JestReport;
  } catch (error) {
    console.error(`jest wrote no report: ${error instanceof Error ? error.message : error}`);
    const counts = { numPassedTests: 0, numFailedTests: 1, numPendingTests: 0, numTodoTests: 0 };
    return { ...counts, numRuntimeErrorTestSuites: 0, testResults: [] };
  }
}

async function main(): Promise<void> {
  // The provider process and the engine run compiled code, so the build comes first.
  const build = runAsTest("build", bin("tsc"), ["-p", "tsconfig.build.json"]);
  // Go builds the engine while the types are checked.
  const engine = prepareEngine();
  const types = runAsTest("types", bin("tsc"), ["-p", "tsconfig.json"]);
  const lint = runAsTest("lint", bin("biome"), ["check", "."]);
  const { cli, missing } = await engine;
  const { counts, scenarios } = runJest(process.argv.slice(2));
  console.log(scenarioLine(scenarios, cli, missing));
  const results = [build, types, lint, counts];
  const sum = (member: keyof Counts): number => results.reduce((total, each) => total + each[member], 0);
  console.log(`${sum("passed")} passed, ${sum("failed")} failed, ${sum("skipped")} skipped`);
  process.exitCode = sum("failed") === 0 ? 0 : 1;
}

void main();
