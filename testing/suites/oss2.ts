import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { runPytest } from "./pytest";
import type { SdkSuite } from "./sdk-suite";

/**
 * The others test the SDK against replies in the file, or processing, live channels, versions, request payment, access
 * points and the other configurations of buckets.
 */
const FILES = `api_base bucket bucket_resource_group chinese crc64_combine credentials_provider crypto crypto_multipart
  crypto_object download exception_ec headers init iterator lifecycle_versioning list_objects_v2 multipart object
  put_object_chunked server_side_encryotion sign sts traffic_limit upload utils`.split(/\s+/);

export const oss2: SdkSuite = {
  name: "oss2",
  versionIn(folder) {
    const file = join(folder, "oss2", "__init__.py");
    const version = existsSync(file) ? /__version__ = '([^']+)'/.exec(readFileSync(file, "utf8"))?.[1] : undefined;
    return existsSync(join(folder, "tests", "common.py")) ? version : undefined;
  },
  run(emulator, options) {
    return runPytest(options, {
      plugin: "oss2_addresses",
      args: FILES.map((name) => join("tests", `test_${name}.py`)),
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
