import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { runPytest } from "./pytest";
import type { SdkSuite } from "./sdk-suite";

export const oss2: SdkSuite = {
  name: "oss2",
  versionIn(folder) {
    const file = join(folder, "oss2", "__init__.py");
    const version = existsSync(file) ? /__version__ = '([^']+)'/.exec(readFileSync(file, "utf8"))?.[1] : undefined;
    return existsSync(join(folder, "tests", "common.py")) ? version : undefined;
  },
  run(emulator, options) {
    return runPytest(options, {
      plugin: "oss2_cleanup",
      args: ["tests"],
      env: {
        OSS_TEST_ACCESS_KEY_ID: emulator.accessKeyId,
        OSS_TEST_ACCESS_KEY_SECRET: emulator.accessKeySecret,
        OSS_TEST_ENDPOINT: emulator.endpoint,
        OSS_TEST_REGION: emulator.region,
        OSS_TEST_UID: emulator.accountId,
        OSS_TEST_STS_ID: emulator.accessKeyId,
        OSS_TEST_STS_KEY: emulator.accessKeySecret,
        OSS_TEST_STS_ARN: `acs:ram::${emulator.accountId}:role/test`,
        OSS_TEST_PAYER_UID: emulator.accountId,
        OSS_TEST_PAYER_ACCESS_KEY_ID: emulator.accessKeyId,
        OSS_TEST_PAYER_ACCESS_KEY_SECRET: emulator.accessKeySecret,
        OSS_TEST_RAM_ROLE_ARN: `acs:ram::${emulator.accountId}:role/test`,
        OSS_TEST_RAM_UID: emulator.accountId,
      },
    });
  },
};
