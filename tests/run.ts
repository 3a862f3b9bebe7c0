import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/**
 * `npm test`: runs the type check and the linter (each counts as one test) and every jest test, then prints one line
 * `N passed, N failed[, N skipped]`. Arguments are passed to jest, so `npm test -- tests/provider` runs a part.
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

function runJest(args: string[]): Counts {
  const folder = mkdtempSync(join(tmpdir(), "sqlserver-migration-test-"));
  const outputFile = join(folder, "jest.json");
  try {
    spawnSync(bin("jest"), ["--ci", "--json", `--outputFile=${outputFile}`, ...args], {
      stdio: ["ignore", "ignore", "inherit"],
    });
    const report = readReport(outputFile);
    // A file that fails to load has no failed tests, so it counts as one.
    const failed = report.numFailedTests + report.numRuntimeErrorTestSuites;
    return { passed: report.numPassedTests, failed, skipped: report.numPendingTests + report.numTodoTests };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

interface JestReport {
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
    return { numPassedTests: 0, numFailedTests: 1, numPendingTests: 0, numTodoTests: 0, numRuntimeErrorTestSuites: 0 };
  }
}

const results: Counts[] = [
  // The provider process and the engine run compiled code, so the build comes first.
  runAsTest("build", bin("tsc"), ["-p", "tsconfig.build.json"]),
  runAsTest("types", bin("tsc"), ["-p", "tsconfig.json"]),
  runAsTest("lint", bin("biome"), ["check", "."]),
  runJest(process.argv.slice(2)),
];
const sum = (member: keyof Counts): number => results.reduce((total, counts) => total + counts[member], 0);
console.log(`${sum("passed")} passed, ${sum("failed")} failed, ${sum("skipped")} skipped`);
process.exitCode = sum("failed") === 0 ? 0 : 1;
