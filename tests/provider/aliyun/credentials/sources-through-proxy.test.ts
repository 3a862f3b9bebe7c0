import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { ecsRole } from "../../../../provider/aliyun/credentials/ecs-role";
import { type CredentialRig, FOUND, ROLE, startCredentialRig } from "./support/credential-rig";

let rig: CredentialRig;
beforeEach(async () => {
  rig = await startCredentialRig();
});
afterEach(() => rig.close());

const keysOf = (env: Record<string, string>, config?: Record<string, string>) => rig.source(env, config).get();

it("OIDC of the environment goes through the proxy, unsigned, with the token in the body", async () => {
  const tokenFile = join(rig.folder, "token");
  writeFileSync(tokenFile, "a.b.c\n");
  const keys = keysOf({
    ALIBABA_CLOUD_OIDC_PROVIDER_ARN: "acs:ram::1:oidc-provider/p",
    ALIBABA_CLOUD_OIDC_TOKEN_FILE: tokenFile,
    ALIBABA_CLOUD_ROLE_ARN: ROLE,
  });
  expect(await keys).toMatchObject(FOUND);
  expect(rig.proxy.asked).toEqual([expect.stringMatching(/^POST http:.*Action=AssumeRoleWithOIDC/)]);
  expect(rig.parameters()).toMatchObject({ OIDCToken: "a.b.c", RoleArn: ROLE, DurationSeconds: "3600" });
  expect(rig.received[0]?.path).not.toContain("a.b.c");
  expect(rig.received[0]?.headers.authorization).toBeUndefined();
});

it("alicloud:assumeRoleWithOidc is used with all its members", async () => {
  const role = { roleArn: ROLE, oidcProviderArn: "acs:ram::1:oidc-provider/p", oidcToken: "t.o.k", policy: "{}" };
  const config = {
    "alicloud:assumeRoleWithOidc": JSON.stringify({ ...role, roleSessionName: "ci", sessionExpiration: 900 }),
  };
  expect(await keysOf({}, config)).toMatchObject(FOUND);
  expect(rig.parameters()).toMatchObject({
    ...{ OIDCProviderArn: role.oidcProviderArn, OIDCToken: "t.o.k", Policy: "{}" },
    ...{ RoleArn: ROLE, RoleSessionName: "ci", DurationSeconds: "900" },
  });
});

it("alicloud:assumeRole is used with all its members", async () => {
  const role = { roleArn: ROLE, externalId: "ext", sessionName: "me", sessionExpiration: 1800, policy: '{"a":1}' };
  const env = { ALICLOUD_ACCESS_KEY: "id", ALICLOUD_SECRET_KEY: "s" };
  expect(await keysOf(env, { "alicloud:assumeRole": JSON.stringify(role) })).toMatchObject(FOUND);
  expect(rig.proxy.asked).toHaveLength(1);
  expect(rig.parameters()).toMatchObject({
    ...{ RoleArn: ROLE, ExternalId: "ext", RoleSessionName: "me", DurationSeconds: "1800", Policy: '{"a":1}' },
  });
});

it.each([
  [{ roleArn: ROLE, externalID: "x" }, /^INPUT_INVALID: \[alicloud:assumeRole\.externalID\]/],
  [{ roleArn: ROLE, sessionExpiration: 60 }, /^INPUT_INVALID: \[alicloud:assumeRole\.sessionExpiration\]/],
])("alicloud:assumeRole with a wrong member is refused by its name: %j", (role, message) => {
  expect(() => rig.source({}, { "alicloud:assumeRole": JSON.stringify(role) })).toThrow(message);
});

it("a profile of the mode RamRoleArn goes through the proxy", async () => {
  rig.writeProfiles({ name: "p", mode: "RamRoleArn", access_key_id: "id", access_key_secret: "s", ram_role_arn: ROLE });
  expect(await keysOf({})).toMatchObject(FOUND);
  expect(rig.proxy.asked).toEqual([expect.stringMatching(/^POST http:/)]);
  expect(rig.received[0]?.headers["x-acs-action"]).toBe("AssumeRole");
});

it("a CloudSSO login goes through the proxy", async () => {
  const login = { cloud_sso_account_id: "1", cloud_sso_access_config: "ac", access_token: "at" };
  rig.writeProfiles({
    name: "p",
    ...{ mode: "CloudSSO", ...login, cloud_sso_sign_in_url: `${rig.origin}/start` },
    cloud_sso_access_token_expire: Math.floor(Date.now() / 1000) + 600,
  });
  expect(await keysOf({})).toMatchObject(FOUND);
  expect(rig.proxy.asked).toEqual([`POST ${rig.origin}/cloud-credentials`]);
  expect(rig.received[0]).toMatchObject({ body: '{"AccountId":"1","AccessConfigurationId":"ac"}' });
  expect(rig.received[0]?.headers.authorization).toBe("Bearer at");
});

it.each(["ALICLOUD_CREDENTIALS_URI", "ALIBABA_CLOUD_CREDENTIALS_URI"])("%s goes through the proxy", async (name) => {
  expect(await keysOf({ [name]: `${rig.origin}/keys` })).toMatchObject(FOUND);
  expect(rig.proxy.asked).toEqual([`GET ${rig.origin}/keys`]);
});

it("the metadata service of ECS is asked without the proxy, with its token", async () => {
  expect(await ecsRole({ origin: rig.origin }).get()).toMatchObject(FOUND);
  expect(rig.proxy.asked).toEqual([]);
  expect(rig.received.map(({ method, path }) => `${method} ${path}`)).toEqual([
    "PUT /latest/api/token",
    "GET /latest/meta-data/ram/security-credentials/",
    "GET /latest/meta-data/ram/security-credentials/the-role",
  ]);
  expect(rig.received[2]?.headers["x-aliyun-ecs-metadata-token"]).toBe("metadata-token");
});

it("the name of an ECS role that is given is not asked for", async () => {
  expect(await ecsRole({ origin: rig.origin, roleName: "mine" }).get()).toMatchObject(FOUND);
  expect(rig.received.map(({ path }) => path)).toEqual([
    "/latest/api/token",
    "/latest/meta-data/ram/security-credentials/mine",
  ]);
});

it("another file with profiles is read", async () => {
  const file = join(rig.folder, "shared.json");
  writeFileSync(
    file,
    JSON.stringify({ profiles: [{ name: "w", mode: "AK", access_key_id: "a", access_key_secret: "b" }] }),
  );
  const config = { "alicloud:profile": "w", "alicloud:sharedCredentialsFile": file };
  expect(await keysOf({}, config)).toEqual({ accessKeyId: "a", accessKeySecret: "b" });
  const env = { ALICLOUD_PROFILE: "w", ALICLOUD_SHARED_CREDENTIALS_FILE: file };
  expect(await keysOf(env)).toEqual({ accessKeyId: "a", accessKeySecret: "b" });
});

it("line breaks around a key are removed, and one inside is refused by the variable's name", async () => {
  const keys = keysOf({ ALICLOUD_ACCESS_KEY: "id\r\n", ALICLOUD_SECRET_KEY: " se\n" });
  expect(await keys).toEqual({ accessKeyId: "id", accessKeySecret: "se" });
  const broken = keysOf({ ALICLOUD_ACCESS_KEY: "id", ALICLOUD_SECRET_KEY: "s3\ncr" });
  await expect(broken).rejects.toThrow(/^INPUT_INVALID: \[ALICLOUD_SECRET_KEY\] (?!.*s3)/s);
});
