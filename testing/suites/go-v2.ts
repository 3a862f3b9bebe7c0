import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Emulator } from "../../emulator/emulator";
import { runCommand } from "./run-command";
import type { SdkSuite, TestResult } from "./sdk-suite";

const TESTS = join("oss", "client_integration_test.go");

export const goV2: SdkSuite = {
  name: "alibabacloud-oss-go-sdk-v2",
  versionIn(folder) {
    const file = join(folder, "oss", "version.go");
    if (!existsSync(file) || !existsSync(join(folder, TESTS))) return undefined;
    const text = readFileSync(file, "utf8");
    return ["major", "minor", "patch"].map((part) => new RegExp(`${part}\\s*=\\s*"(\\d+)"`).exec(text)?.[1]).join(".");
  },
  async run(emulator, { folder, reports }) {
    const source = readFileSync(join(folder, TESTS), "utf8");
    const program = join(reports, "oss.test");
    const env = environment(emulator);
    const overlay = writeOverlay(join(folder, TESTS), redirect(source, emulator.endpoint), reports);
    const build = ["test", "-c", "-tags", "integration", "-overlay", overlay, "-o", program, "./oss"];
    const { status, output } = await runCommand("go", build, { cwd: folder, env });
    if (status !== 0) throw new Error(`go did not build the tests:\n${output}`);
    const results: TestResult[] = [];
    for (const [, test = ""] of source.matchAll(/^func (Test\w+)\(t \*testing\.T\)/gm)) {
      // One process per test: a failed assertion often leads to a nil dereference, which ends the process.
      const args = ["-test.run", `^${test}$`, "-test.v", "-test.timeout", "5m"];
      results.push(parseGoTest(test, await runCommand(program, args, { cwd: join(folder, "oss"), env })));
    }
    return results;
  },
};

/** Sends the clean-up, STS and the search for a KMS key to the emulator; the sources name the public endpoints. */
function redirect(source: string, endpoint: string): string {
  return source
    .replace("getClient(*bucketInfo.Region, *bucketInfo.ExtranetEndpoint)", "getDefaultClient()")
    .replace('StsHost := "https://sts.aliyuncs.com/"', `StsHost := "${endpoint}/"`)
    .replace('getClient(region, fmt.Sprintf("oss-%s.aliyuncs.com", region))', "getDefaultClient()");
}

/** Makes the go command build other text in place of a file, which stays as it is. */
function writeOverlay(file: string, text: string, folder: string): string {
  const replacement = join(folder, "replacement.go");
  const overlay = join(folder, "overlay.json");
  writeFileSync(replacement, text);
  writeFileSync(overlay, JSON.stringify({ Replace: { [file]: replacement } }));
  return overlay;
}

function environment({ accessKeyId, accessKeySecret, accountId, endpoint, region }: Emulator): NodeJS.ProcessEnv {
  return {
    ...process.env,
    GOFLAGS: "-mod=mod",
    GOPROXY: "off",
    GOTOOLCHAIN: "local",
    OSS_TEST_REGION: region,
    OSS_TEST_ENDPOINT: endpoint,
    OSS_TEST_ACCESS_KEY_ID: accessKeyId,
    OSS_TEST_ACCESS_KEY_SECRET: accessKeySecret,
    OSS_TEST_RAM_ROLE_ARN: `acs:ram::${accountId}:role/test`,
    OSS_TEST_RAM_UID: accountId,
    OSS_TEST_PAYER_ACCESS_KEY_ID: accessKeyId,
    OSS_TEST_PAYER_ACCESS_KEY_SECRET: accessKeySecret,
    OSS_TEST_PAYER_UID: accountId,
  };
}

/** Reads the output of one test that ran in a process of its own. */
export function parseGoTest(test: string, { status, output }: { status: number | null; output: string }): TestResult {
  if (status !== 0) return { test, outcome: "failed", message: output };
  return { test, outcome: /^--- SKIP: /m.test(output) ? "skipped" : "passed" };
}
