import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { runPytest } from "./pytest";
import type { SdkSuite } from "./sdk-suite";

/** Tests of services that no migration uses. */
const IGNORED = ["vector", "tables", "datapocess"];

export const pythonV2: SdkSuite = {
  name: "alibabacloud-oss-python-sdk-v2",
  versionIn(folder) {
    const file = join(folder, "alibabacloud_oss_v2", "_version.py");
    return existsSync(file) ? /VERSION\s*=\s*"([^"]+)"/.exec(readFileSync(file, "utf8"))?.[1] : undefined;
  },
  run(emulator, options) {
    return runPytest(options, {
      plugin: "skip_cleanup",
      args: [...IGNORED.map((name) => `--ignore=tests/integration/${name}`), "tests/integration"],
      env: {
        OSS_TEST_ACCESS_KEY_ID: emulator.accessKeyId,
        OSS_TEST_ACCESS_KEY_SECRET: emulator.accessKeySecret,
        OSS_TEST_ENDPOINT: emulator.endpoint,
        OSS_TEST_REGION: emulator.region,
        OSS_TEST_RAM_ROLE_ARN: `acs:ram::${emulator.accountId}:role/test`,
        OSS_TEST_USER_ID: emulator.accountId,
        OSS_TEST_PAYER_ACCESS_KEY_ID: emulator.accessKeyId,
        OSS_TEST_PAYER_ACCESS_KEY_SECRET: emulator.accessKeySecret,
      },
    });
  },
};
