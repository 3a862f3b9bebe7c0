import { mkdirSync, writeFileSync } from "node:fs";
import { createServer, type IncomingMessage, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { ecsRole } from "../../../../provider/aliyun/credentials/ecs-role";
import { findCredentials } from "../../../../provider/aliyun/credentials/find-credentials";
import { Fixture } from "../../../../testing/fixture";
import { type ConnectProxy, startConnectProxy } from "../../../support/connect-proxy";
import { hideCredentials } from "../../support/hidden-credentials";

const KEYS = {
  AccessKeyId: "STS.id",
  AccessKeySecret: "sec",
  SecurityToken: "tok",
  Expiration: "2099-01-01T00:00:00Z",
};
const FOUND = { accessKeyId: "STS.id", accessKeySecret: "sec", securityToken: "tok" };
const ROLE = "acs:ram::1:role/r";

/** What the services of this test received. */
interface Received {
  method?: string;
  path: string;
  headers: IncomingMessage["headers"];
  body: string;
}

let fixture: Fixture;
let showCredentials: () => void;
let proxy: ConnectProxy;
let server: Server;
let origin: string;
let received: Received[];
beforeEach(async () => {
  fixture = await Fixture.open();
  showCredentials = hideCredentials(fixture.folder);
  proxy = await startConnectProxy();
  received = [];
  server = createServer((request, response) => {
    let body = "";
    request.on("data", (piece) => {
      body += piece;
    });
    request.on("end", () => {
      const path = request.url ?? "";
      received.push({ method: request.method, path, headers: request.headers, body });
      response.writeHead(200, { "content-type": "application/json" }).end(replyTo(path));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`; // it listens on TCP
  Object.assign(process.env, { http_proxy: `http://127.0.0.1:${proxy.port}`, no_proxy: "" });
});
afterEach(async () => {
  showCredentials();
  await proxy.close();
  await new Promise((resolve) => server.close(resolve));
  await fixture.close();
});

function replyTo(path: string): string {
  if (path === "/cloud-credentials") return JSON.stringify({ CloudCredential: KEYS });
  if (path === "/latest/api/token") return "metadata-token";
  if (path.endsWith("/security-credentials/")) return "the-role";
  if (path.startsWith("/?")) return JSON.stringify({ RequestId: "R-1", Credentials: KEYS });
  return JSON.stringify({ Code: "Success", ...KEYS });
}

function keysOf(env: Record<string, string>, config: Record<string, string> = {}) {
  const all: Record<string, string> = {
    ALIBABA_CLOUD_ECS_METADATA_DISABLED: "true",
    ALIBABA_CLOUD_ENDPOINT_STS: origin,
    ...env,
  };
  return findCredentials({ env: (name) => all[name], config: (key) => config[key] }, {}, false).get();
}

function writeProfile(profile: object): void {
  mkdirSync(join(fixture.folder, ".aliyun"), { recursive: true });
  const text = JSON.stringify({ current: "p", profiles: [{ name: "p", ...profile }] });
  writeFileSync(join(fixture.folder, ".aliyun", "config.json"), text);
}

/** The query of the only call that STS received, or its form. */
function parameters(): Record<string, string> {
  const [call] = received;
  return Object.fromEntries([
    ...new URL(call?.path ?? "", origin).searchParams,
    ...new URLSearchParams(call?.body ?? ""),
  ]);
}

it("OIDC of the environment goes through the proxy, unsigned, with the token in the body", async () => {
  const tokenFile = join(fixture.folder, "token");
  writeFileSync(tokenFile, "a.b.c\n");
  const keys = keysOf({
    ALIBABA_CLOUD_OIDC_PROVIDER_ARN: "acs:ram::1:oidc-provider/p",
    ALIBABA_CLOUD_OIDC_TOKEN_FILE: tokenFile,
    ALIBABA_CLOUD_ROLE_ARN: ROLE,
  });
  expect(await keys).toMatchObject(FOUND);
  expect(proxy.asked).toEqual([expect.stringMatching(/^POST http:.*Action=AssumeRoleWithOIDC/)]);
  expect(parameters()).toMatchObject({ OIDCToken: "a.b.c", RoleArn: ROLE, DurationSeconds: "3600" });
  expect(received[0]?.path).not.toContain("a.b.c");
  expect(received[0]?.headers.authorization).toBeUndefined();
});

it("alicloud:assumeRoleWithOidc is used with all its members", async () => {
  const role = { roleArn: ROLE, oidcProviderArn: "acs:ram::1:oidc-provider/p", oidcToken: "t.o.k", policy: "{}" };
  const config = {
    "alicloud:assumeRoleWithOidc": JSON.stringify({ ...role, roleSessionName: "ci", sessionExpiration: 900 }),
  };
  expect(await keysOf({}, config)).toMatchObject(FOUND);
  expect(parameters()).toMatchObject({
    ...{ OIDCProviderArn: role.oidcProviderArn, OIDCToken: "t.o.k", Policy: "{}" },
    ...{ RoleArn: ROLE, RoleSessionName: "ci", DurationSeconds: "900" },
  });
});

it("alicloud:assumeRole is used with all its members", async () => {
  const role = { roleArn: ROLE, externalId: "ext", sessionName: "me", sessionExpiration: 1800, policy: '{"a":1}' };
  const env = { ALICLOUD_ACCESS_KEY: "id", ALICLOUD_SECRET_KEY: "s" };
  expect(await keysOf(env, { "alicloud:assumeRole": JSON.stringify(role) })).toMatchObject(FOUND);
  expect(proxy.asked).toHaveLength(1);
  expect(parameters()).toMatchObject({
    ...{ RoleArn: ROLE, ExternalId: "ext", RoleSessionName: "me", DurationSeconds: "1800", Policy: '{"a":1}' },
  });
});

it.each([
  [{ roleArn: ROLE, externalID: "x" }, /^INPUT_INVALID: \[alicloud:assumeRole\.externalID\]/],
  [{ roleArn: ROLE, sessionExpiration: 60 }, /^INPUT_INVALID: \[alicloud:assumeRole\.sessionExpiration\]/],
])("alicloud:assumeRole with a wrong member is refused by its name: %j", (role, message) => {
  expect(() => keysOf({}, { "alicloud:assumeRole": JSON.stringify(role) })).toThrow(message);
});

it("a profile of the mode RamRoleArn goes through the proxy", async () => {
  writeProfile({ mode: "RamRoleArn", access_key_id: "id", access_key_secret: "s", ram_role_arn: ROLE });
  expect(await keysOf({})).toMatchObject(FOUND);
  expect(proxy.asked).toEqual([expect.stringMatching(/^POST http:/)]);
  expect(received[0]?.headers["x-acs-action"]).toBe("AssumeRole");
});

it("a CloudSSO login goes through the proxy", async () => {
  const login = { cloud_sso_account_id: "1", cloud_sso_access_config: "ac", access_token: "at" };
  writeProfile({
    ...{ mode: "CloudSSO", ...login, cloud_sso_sign_in_url: `${origin}/start` },
    cloud_sso_access_token_expire: Math.floor(Date.now() / 1000) + 600,
  });
  expect(await keysOf({})).toMatchObject(FOUND);
  expect(proxy.asked).toEqual([`POST ${origin}/cloud-credentials`]);
  expect(received[0]).toMatchObject({ body: '{"AccountId":"1","AccessConfigurationId":"ac"}' });
  expect(received[0]?.headers.authorization).toBe("Bearer at");
});

it.each(["ALICLOUD_CREDENTIALS_URI", "ALIBABA_CLOUD_CREDENTIALS_URI"])("%s goes through the proxy", async (name) => {
  expect(await keysOf({ [name]: `${origin}/keys` })).toMatchObject(FOUND);
  expect(proxy.asked).toEqual([`GET ${origin}/keys`]);
});

it("the metadata service of ECS is asked without the proxy, with its token", async () => {
  expect(await ecsRole({ origin }).get()).toMatchObject(FOUND);
  expect(proxy.asked).toEqual([]);
  expect(received.map(({ method, path }) => `${method} ${path}`)).toEqual([
    "PUT /latest/api/token",
    "GET /latest/meta-data/ram/security-credentials/",
    "GET /latest/meta-data/ram/security-credentials/the-role",
  ]);
  expect(received[2]?.headers["x-aliyun-ecs-metadata-token"]).toBe("metadata-token");
});

it("another file with profiles is read", async () => {
  const file = join(fixture.folder, "shared.json");
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
