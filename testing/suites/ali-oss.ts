import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { Emulator } from "../../emulator/emulator";
import { runCommand } from "./run-command";
import type { SdkSuite, TestResult } from "./sdk-suite";

/** The others test clusters, live streams, callbacks, retention, versions, and STS at its public address. */
const FILES = ["bucket", "client", "dataFix", "endpointIsIP", "multipart", "object", "signature", "utils"];

export const aliOss: SdkSuite = {
  name: "ali-oss",
  versionIn(folder) {
    const file = join(folder, "package.json");
    const { name, version } = existsSync(file) ? JSON.parse(readFileSync(file, "utf8")) : {};
    return name === "ali-oss" && existsSync(join(folder, "test", "node")) ? version : undefined;
  },
  async run(emulator, { folder, reports }) {
    const mocha = join(folder, "node_modules", ".bin", "mocha");
    if (!existsSync(mocha)) throw new Error(`${folder} has no mocha: run npm install and npm run tsc there.`);
    const report = join(reports, "mocha.json");
    const files = FILES.map((name) => `test/node/${name}.test.js`);
    const preloads = ["-r", "should", "-r", join(__dirname, "resolve-localhost.cjs")];
    const args = ["-t", "20000", "--exit", ...preloads, "--reporter", "json", "--reporter-option", `output=${report}`];
    const { output } = await runCommand(mocha, [...args, ...files], { cwd: folder, env: environment(emulator) });
    if (!existsSync(report)) throw new Error(`mocha wrote no report. Its output ends:\n${output}`);
    return parseMocha(readFileSync(report, "utf8"));
  },
};

function environment({ accessKeyId, accessKeySecret, accountId, port, region }: Emulator): NodeJS.ProcessEnv {
  return {
    ...process.env,
    ONCI: "true",
    ALI_SDK_OSS_ID: accessKeyId,
    ALI_SDK_OSS_SECRET: accessKeySecret,
    ALI_SDK_OSS_REGION: `oss-${region}`,
    ALI_CLOUD_ENDPOINT: `http://localhost:${port}`,
    ALI_SDK_STS_ID: accessKeyId,
    ALI_SDK_STS_SECRET: accessKeySecret,
    ALI_SDK_STS_ROLE: `acs:ram::${accountId}:role/test`,
  };
}

interface MochaTest {
  fullTitle: string;
  err?: { message?: string };
}

/** Reads mocha's report. Hooks that fail appear as failures; titles that occur twice are numbered. */
export function parseMocha(json: string): TestResult[] {
  const report: { passes: MochaTest[]; failures: MochaTest[]; pending: MochaTest[] } = JSON.parse(json);
  const results: TestResult[] = [
    ...report.passes.map(({ fullTitle }) => ({ test: fullTitle, outcome: "passed" as const })),
    ...report.pending.map(({ fullTitle }) => ({ test: fullTitle, outcome: "skipped" as const })),
    ...report.failures.map(({ fullTitle, err }) => ({
      test: fullTitle,
      outcome: "failed" as const,
      message: err?.message,
    })),
  ];
  const seen = new Map<string, number>();
  return results.map((result) => {
    const count = (seen.get(result.test) ?? 0) + 1;
    seen.set(result.test, count);
    return count === 1 ? result : { ...result, test: `${result.test} #${count}` };
  });
}
