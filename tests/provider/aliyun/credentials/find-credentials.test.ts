import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { findCredentials } from "../../../../provider/aliyun/credentials/find-credentials";
import { isMigrationError } from "../../../../provider/errors/migration-error";
import { Fixture } from "../../../../testing/fixture";
import { hideCredentials } from "../../support/hidden-credentials";

let fixture: Fixture;
let showCredentials: () => void;
beforeEach(async () => {
  fixture = await Fixture.open();
  showCredentials = hideCredentials(fixture.folder);
});
afterEach(async () => {
  showCredentials();
  await fixture.close();
});

interface Given {
  env?: Record<string, string>;
  config?: Record<string, string>;
  profile?: string;
  assumeRoleArn?: string;
  forUploads?: boolean;
}

const NO_METADATA: Record<string, string> = { ALIBABA_CLOUD_ECS_METADATA_DISABLED: "true" };

const source = ({ env = {}, config = {}, profile, assumeRoleArn, forUploads = false }: Given) =>
  findCredentials(
    { env: (name) => env[name] ?? NO_METADATA[name], config: (key) => config[key] },
    { profile, assumeRoleArn },
    forUploads,
  );

const keyOf = async (given: Given): Promise<string> => (await source(given).get()).accessKeyId;

const CONFIG = { "alicloud:accessKey": "from-config", "alicloud:secretKey": "s" };
const ENV = {
  ALICLOUD_ACCESS_KEY: "from-alicloud",
  ALICLOUD_SECRET_KEY: "s",
  ALIBABA_CLOUD_ACCESS_KEY_ID: "from-alibaba-cloud",
  ALIBABA_CLOUD_ACCESS_KEY_SECRET: "s",
  ALIBABACLOUD_ACCESS_KEY_ID: "from-alibabacloud",
  ALIBABACLOUD_ACCESS_KEY_SECRET: "s",
  OSS_ACCESS_KEY_ID: "from-oss",
  OSS_ACCESS_KEY_SECRET: "s",
};

function writeProfile(name: string, accessKeyId: string): void {
  const folder = join(fixture.folder, ".aliyun");
  mkdirSync(folder, { recursive: true });
  const profile = { name, mode: "AK", access_key_id: accessKeyId, access_key_secret: "s", region_id: "cn-hangzhou" };
  writeFileSync(join(folder, "config.json"), JSON.stringify({ current: name, profiles: [profile] }));
}

const without = (...names: string[]) =>
  Object.fromEntries(Object.entries(ENV).filter(([name]) => !names.some((each) => name.startsWith(each))));

test("the stack's configuration comes before the environment", async () => {
  expect(await keyOf({ config: CONFIG, env: ENV })).toBe("from-config");
});

test("the environment is read in the alicloud provider's order", async () => {
  expect(await keyOf({ env: ENV })).toBe("from-alicloud");
  expect(await keyOf({ env: without("ALICLOUD") })).toBe("from-alibaba-cloud");
  expect(await keyOf({ env: without("ALICLOUD", "ALIBABA_CLOUD") })).toBe("from-alibabacloud");
});

test("the vendor's uploader variables count for uploads only, and last", async () => {
  const only = without("ALI");
  expect(await keyOf({ env: only, forUploads: true })).toBe("from-oss");
  expect(await keyOf({ env: ENV, forUploads: true })).toBe("from-alicloud");
  await expect(keyOf({ env: only })).rejects.toThrow(/^NO_CREDENTIALS/);
});

test("a key without its secret is none", async () => {
  expect(await keyOf({ config: { "alicloud:accessKey": "half" }, env: ENV })).toBe("from-alicloud");
});

test("tokens of temporary keys come along", async () => {
  const keys = source({ config: { ...CONFIG, "alicloud:securityToken": "t" } }).get();
  expect(await keys).toMatchObject({ securityToken: "t" });
  const env = { ...ENV, ALICLOUD_SECURITY_TOKEN: "t" };
  expect(await source({ env }).get()).toMatchObject({ securityToken: "t" });
});

test("a profile that an argument names comes before all else, one of the configuration before the environment", async () => {
  writeProfile("work", "from-profile");
  expect(await keyOf({ profile: "work", config: CONFIG, env: ENV })).toBe("from-profile");
  expect(await keyOf({ config: { "alicloud:profile": "work" }, env: ENV })).toBe("from-profile");
  expect(await keyOf({ env: { ALICLOUD_PROFILE: "work" } })).toBe("from-profile");
});

test("a profile that does not exist is named", async () => {
  await expect(keyOf({ profile: "nobody" })).rejects.toThrow(/NO_CREDENTIALS: .*the profile nobody of ~\/\.aliyun/s);
});

test("nothing anywhere is said once with every place; keys that arrive later are found", async () => {
  const env: Record<string, string> = {};
  const found = source({ env });
  const error = await found.get().catch((thrown: unknown) => thrown);
  expect(isMigrationError(error) && error.code).toBe("NO_CREDENTIALS");
  writeProfile("default", "from-later-profile");
  expect(await found.get()).toMatchObject({ accessKeyId: "from-later-profile" });
  Object.assign(env, ENV);
  expect(await found.get()).toMatchObject({ accessKeyId: "from-alicloud" });
});

describe("a role", () => {
  const given = (): Given => ({
    env: {
      ALIBABA_CLOUD_ENDPOINT_STS: fixture.emulator.endpoint,
      ALICLOUD_ACCESS_KEY: fixture.emulator.accessKeyId,
      ALICLOUD_SECRET_KEY: fixture.emulator.accessKeySecret,
    },
    assumeRoleArn: `acs:ram::${fixture.emulator.accountId}:role/migrator`,
  });

  test("is assumed once for all who ask, and again only when new keys are demanded", async () => {
    const role = source(given());
    const all = await Promise.all(Array.from({ length: 20 }, () => role.get()));
    const [first] = all;
    expect(first).toMatchObject({ accessKeyId: expect.stringMatching(/^STS\./), securityToken: expect.any(String) });
    expect(first?.expiresAtMs).toBeGreaterThan(Date.now() + 3_500_000);
    expect(new Set(all.map(({ accessKeyId }) => accessKeyId)).size).toBe(1);
    expect(fixture.requests("AssumeRole")).toHaveLength(1);
    expect((await role.get({ fresh: true })).accessKeyId).not.toBe(first?.accessKeyId);
    expect(fixture.requests("AssumeRole")).toHaveLength(2);
  });

  test("of the configuration is read as the alicloud provider writes it, and anything else is refused without showing it", async () => {
    const { env, assumeRoleArn } = given();
    const config = { "alicloud:assumeRole": JSON.stringify({ roleArn: assumeRoleArn, externalId: "secret" }) };
    expect(await keyOf({ env, config })).toMatch(/^STS\./);
    for (const text of ["secret", '{"externalId":"secret"}']) {
      expect(() => source({ env, config: { "alicloud:assumeRole": text } })).toThrow(
        /\[alicloud:assumeRole\] (?!.*secret)/,
      );
    }
  });

  test("that does not exist is named, with where it is written", async () => {
    const assumeRoleArn = `acs:ram::${fixture.emulator.accountId}:role/nobody`;
    fixture.emulator.faults.add({
      match: { action: "AssumeRole" },
      effect: { kind: "refuse", status: 404, code: "EntityNotExist.Role", message: "No such role." },
    });
    await expect(source({ ...given(), assumeRoleArn }).get()).rejects.toThrow(
      /^ROLE_NOT_FOUND: .*\nAssumeRole \(role acs:ram::\d+:role\/nobody\) was refused: EntityNotExist\.Role .*\[assumeRoleArn\]/s,
    );
  });

  test("that may not be assumed is an error, and the next who asks tries again", async () => {
    fixture.emulator.faults.add({
      match: { action: "AssumeRole" },
      times: 1,
      effect: { kind: "refuse", status: 403, code: "NoPermission", message: "You are not authorized." },
    });
    const role = source(given());
    await expect(role.get()).rejects.toThrow(/^NOT_AUTHORIZED: the credentials may not call AssumeRole/);
    expect((await role.get()).accessKeyId).toMatch(/^STS\./);
  });
});
