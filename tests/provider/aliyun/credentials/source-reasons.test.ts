import { chmodSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { findCredentials } from "../../../../provider/aliyun/credentials/find-credentials";
import { isMigrationError } from "../../../../provider/errors/migration-error";
import { Fixture } from "../../../../testing/fixture";
import { hideCredentials } from "../../support/hidden-credentials";

const SECRET = "S3cr3tThatMustNotAppear";
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

/** The message of the error without credentials. */
async function messageOf(env: Record<string, string>, profile?: string, config: Record<string, string> = {}) {
  const all: Record<string, string> = { ALIBABA_CLOUD_ECS_METADATA_DISABLED: "true", ...env };
  const settings = { env: (name: string) => all[name], config: (key: string) => config[key] };
  const error: unknown = await findCredentials(settings, { profile }, false)
    .get()
    .catch((thrown: unknown) => thrown);
  if (!isMigrationError(error)) throw new Error("there were credentials");
  expect(error.code).toBe("NO_CREDENTIALS");
  const [first = ""] = error.message.split("\n");
  expect(first).toBe("NO_CREDENTIALS: no place that was searched has usable credentials.");
  expect(first.length).toBeLessThanOrEqual(100);
  expect(error.message).not.toContain(SECRET);
  return error.message;
}

function writeConfig(text: string): void {
  mkdirSync(join(fixture.folder, ".aliyun"), { recursive: true });
  writeFileSync(join(fixture.folder, ".aliyun", "config.json"), text);
}

const writeProfiles = (...profiles: object[]): void =>
  writeConfig(JSON.stringify({ current: "default", profiles: profiles.map((each) => ({ name: "default", ...each })) }));

it("gives the reason of every place when nothing is configured", async () => {
  expect((await messageOf({})).split("\n").filter((line) => line.startsWith("- "))).toEqual([
    "- the stack's configuration: unset: alicloud:accessKey with alicloud:secretKey.",
    "- the environment: unset: ALICLOUD_ACCESS_KEY with ALICLOUD_SECRET_KEY, ALIBABA_CLOUD_ACCESS_KEY_ID with ALIBABA_CLOUD_ACCESS_KEY_SECRET, ALIBABACLOUD_ACCESS_KEY_ID with ALIBABACLOUD_ACCESS_KEY_SECRET (for uploads also OSS_ACCESS_KEY_ID with OSS_ACCESS_KEY_SECRET).",
    "- OIDC: ALIBABA_CLOUD_OIDC_PROVIDER_ARN is not set.",
    "- ~/.aliyun/config.json: the file does not exist.",
    "- ~/.alibabacloud/credentials: the file does not exist.",
    "- the role of the ECS instance: ALIBABA_CLOUD_ECS_METADATA_DISABLED is true.",
    "- the credentials URI: ALIBABA_CLOUD_CREDENTIALS_URI is not set.",
  ]);
});

it("a key without its secret is named", async () => {
  expect(await messageOf({ ALICLOUD_ACCESS_KEY: "LTAI" })).toContain(
    "- the environment: ALICLOUD_ACCESS_KEY is set, but ALICLOUD_SECRET_KEY is not.",
  );
});

it("an expired CloudSSO login", async () => {
  writeProfiles({ mode: "CloudSSO", access_token: SECRET, cloud_sso_access_token_expire: 1_700_000_000 });
  expect(await messageOf({})).toContain(
    "- ~/.aliyun/config.json: the CloudSSO login expired at 2023-11-14T22:13Z; log in again with the aliyun CLI.",
  );
});

it("a misspelt profile, with those that exist", async () => {
  writeProfiles({ mode: "AK", access_key_id: "a", access_key_secret: SECRET }, { name: "prod", mode: "AK" });
  const reason = "~/.aliyun/config.json: the file has no such profile as prd, only default, prod.";
  expect(await messageOf({}, "prd")).toContain(`- the profile prd of ${reason}`);
  expect(await messageOf({ ALICLOUD_PROFILE: "prd" })).toContain(`- the profile prd of ${reason}`);
});

it("an unsupported mode, and none", async () => {
  writeProfiles({ mode: "RsaKeyPair", access_key_secret: SECRET });
  expect(await messageOf({})).toContain(
    "- ~/.aliyun/config.json: the profile default has the unsupported mode RsaKeyPair.",
  );
  writeProfiles({ mode: { secret: SECRET } });
  expect(await messageOf({})).toContain("- ~/.aliyun/config.json: the profile default has no mode.");
});

it("a broken config.json, without its text", async () => {
  writeConfig(`{"profiles":[{"access_key_secret":"${SECRET}"`);
  expect(await messageOf({})).toContain("- ~/.aliyun/config.json: the file is not JSON.");
});

it.each([
  [`exit 3`, "ended with the exit code 3"],
  [`echo '${SECRET}'`, "is not JSON"],
  [`echo '{"access_key_id":"a","x":"${SECRET}"}'`, "has no access_key_secret"],
])("an external command that fails: %s", async (script, reason) => {
  const command = join(fixture.folder, "keys.sh");
  writeFileSync(command, `#!/bin/sh\necho ${SECRET} >&2\n${script}\n`);
  chmodSync(command, 0o700);
  writeProfiles({ mode: "External", process_command: `"${command}" --token ${SECRET}` });
  const message = await messageOf({});
  expect(message).toContain(`process_command (${command}) ${reason}.`);
});

it("an external command that does not exist", async () => {
  writeProfiles({ mode: "External", process_command: `no-such-command ${SECRET}` });
  expect(await messageOf({})).toContain("process_command (no-such-command) is not found.");
});

describe("OIDC", () => {
  const oidc = (tokenFile: string) => ({
    ALIBABA_CLOUD_OIDC_PROVIDER_ARN: "acs:ram::1:oidc-provider/p",
    ALIBABA_CLOUD_OIDC_TOKEN_FILE: tokenFile,
    ALIBABA_CLOUD_ROLE_ARN: "acs:ram::1:role/r",
  });

  it("without its token file", async () => {
    const file = join(fixture.folder, "token");
    expect(await messageOf(oidc(file))).toContain(
      `- OIDC: the file with the OIDC token, ${file}, cannot be read (ENOENT).`,
    );
  });

  it("with an STS that is not reached", async () => {
    const file = join(fixture.folder, "token");
    writeFileSync(file, SECRET);
    const env = { ...oidc(file), ALIBABA_CLOUD_ENDPOINT_STS: "http://127.0.0.1:1" };
    expect(await messageOf(env)).toContain(
      "- OIDC: NETWORK_FAILED: AssumeRoleWithOIDC did not reach 127.0.0.1:1. Reason: ECONNREFUSED.",
    );
  });
});

it("a credentials URI that refuses", async () => {
  const uri = `${fixture.emulator.endpoint}/nothing?token=${SECRET}`;
  const host = new URL(uri).host;
  expect(await messageOf({ ALICLOUD_CREDENTIALS_URI: uri })).toMatch(
    new RegExp(
      `- alicloud:credentialsUri or ALICLOUD_CREDENTIALS_URI: ${host} answered the credentials with HTTP \\d+\\.`,
    ),
  );
});
