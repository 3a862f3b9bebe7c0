import { readdirSync, readFileSync, renameSync, utimesSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { fetchOAuthLoginKeys } from "../../../../provider/aliyun/credentials/oauth-login";
import { type CredentialRig, FOUND, startCredentialRig } from "./support/credential-rig";

let rig: CredentialRig;
beforeEach(async () => {
  rig = await startCredentialRig();
});
afterEach(() => rig.close());

const RENEWED = { oauth_access_token: "new-access", oauth_refresh_token: "new-refresh" };
const OTHER = { name: "other", mode: "AK", access_key_id: "id" };

/** Writes a login whose access token expires in `seconds`. */
const writeLogin = (seconds: number, refreshToken = "refresh"): string =>
  rig.writeProfiles(
    {
      ...{ name: "o", mode: "OAuth", oauth_site_type: "CN" },
      ...{ oauth_access_token: "access", oauth_refresh_token: refreshToken },
      oauth_access_token_expire: Math.floor(Date.now() / 1000) + seconds,
    },
    OTHER,
  );
const keysOf = (file: string) => fetchOAuthLoginKeys({ site: { url: rig.origin, clientId: "c" }, profile: "o", file });
const profilesOf = (file: string) => JSON.parse(readFileSync(file, "utf8")).profiles;
/** Each request with the token that it carries. */
const requests = () =>
  rig.received.map(({ path, headers, body }) =>
    [path, headers.authorization ?? new URLSearchParams(body).get("refresh_token")].join(" "),
  );
const EXCHANGE_OLD = "/v1/exchange Bearer access";
const EXCHANGE_NEW = "/v1/exchange Bearer new-access";
const refuse = () => ({ status: 400, body: { error: "invalid_grant S3cr3t" } });

it("a token that is valid for long is exchanged, and the file stays as it is", async () => {
  const file = writeLogin(3600);
  const before = readFileSync(file, "utf8");
  expect(await keysOf(file)).toMatchObject(FOUND);
  expect(requests()).toEqual([EXCHANGE_OLD]);
  expect(readFileSync(file, "utf8")).toBe(before);
});

it("a token that expires soon is renewed, and the new tokens are in the file for the next run", async () => {
  const file = writeLogin(60);
  expect(await keysOf(file)).toMatchObject(FOUND);
  expect(profilesOf(file)).toEqual([expect.objectContaining({ name: "o", mode: "OAuth", ...RENEWED }), OTHER]);
  expect(readdirSync(dirname(file))).toEqual(["config.json"]);
  expect(await keysOf(file)).toMatchObject(FOUND);
  expect(requests()).toEqual(["/v1/token refresh", EXCHANGE_NEW, EXCHANGE_NEW]);
});

it("of two that renew at once, one uses the refresh token and the other reads the new tokens from the file", async () => {
  const file = writeLogin(60);
  expect(await Promise.all([keysOf(file), keysOf(file)])).toMatchObject([FOUND, FOUND]);
  expect(requests()).toEqual(["/v1/token refresh", EXCHANGE_NEW, EXCHANGE_NEW]);
});

it("the lock of a process that was killed is taken over after a minute", async () => {
  const file = writeLogin(60);
  writeFileSync(`${file}.lock`, "1");
  const longAgo = Date.now() / 1000 - 61;
  utimesSync(`${file}.lock`, longAgo, longAgo);
  expect(await keysOf(file)).toMatchObject(FOUND);
});

it("tokens that the aliyun CLI renewed meanwhile are read from the file when the old refresh token is refused", async () => {
  const file = writeLogin(-60);
  rig.replies.set("/v1/token", () => {
    writeLogin(3600, "refresh-of-the-cli");
    return refuse();
  });
  expect(await keysOf(file)).toMatchObject(FOUND);
  expect(requests()).toEqual(["/v1/token refresh", EXCHANGE_OLD]);
  expect(profilesOf(file)[0]).toMatchObject({ oauth_refresh_token: "refresh-of-the-cli" });
});

it("a renewal that is refused leaves the old access token until it expires, and is then an error that says why", async () => {
  rig.replies.set("/v1/token", refuse);
  expect(await keysOf(writeLogin(600))).toMatchObject(FOUND);
  expect(requests()).toEqual(["/v1/token refresh", EXCHANGE_OLD]);
  await expect(keysOf(writeLogin(-60))).rejects.toThrow(
    /^[\d.:]+ answered the renewal of the OAuth login with HTTP 400; its refresh token has expired or was used before; log in again with the aliyun CLI$/,
  );
});

it("new tokens that cannot be written are kept for the next renewal of the process", async () => {
  const file = writeLogin(60, "read-only");
  rig.replies.set("/v1/token", () => {
    renameSync(file, `${file}.away`);
    return { status: 200, body: { access_token: "new-access", refresh_token: "kept", expires_in: 60 } };
  });
  expect(await keysOf(file)).toMatchObject(FOUND);
  renameSync(`${file}.away`, file);
  rig.replies.delete("/v1/token");
  expect(await keysOf(file)).toMatchObject(FOUND);
  expect(requests()).toEqual(["/v1/token read-only", EXCHANGE_NEW, "/v1/token kept", EXCHANGE_NEW]);
  expect(profilesOf(file)[0]).toMatchObject(RENEWED);
});
