import { spawn } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { startConnectProxy } from "../../../support/connect-proxy";
import { OWN_CA, startTlsFront } from "../../../support/tls-front";
import { FOUND, ROLE, startCredentialRig } from "./support/credential-rig";

const root = join(__dirname, "..", "..", "..", "..");
const keys = { access_key_id: "id", access_key_secret: "s" };
const soon = Math.floor(Date.now() / 1000) + 600;

/** A profile of each mode that sends requests, with the host that one tunnel reaches and the requests inside it. */
const SOURCES = [
  {
    profile: { name: "role", mode: "RamRoleArn", ...keys, ram_role_arn: ROLE },
    host: "sts.aliyuncs.com",
    requests: [expect.stringMatching(/^POST \/\?.*RoleArn=/)],
  },
  {
    profile: {
      ...{ name: "oidc", mode: "OIDC", ram_role_arn: ROLE, oidc_provider_arn: "acs:ram::1:oidc-provider/p" },
      ...{ oidc_token_file: "token", sts_region: "cn-hangzhou" },
    },
    host: "sts.cn-hangzhou.aliyuncs.com",
    requests: [expect.stringMatching(/^POST \/\?.*Action=AssumeRoleWithOIDC/)],
  },
  {
    profile: {
      ...{ name: "sso", mode: "CloudSSO", cloud_sso_account_id: "1", cloud_sso_access_config: "ac" },
      ...{ access_token: "at", cloud_sso_access_token_expire: soon },
      cloud_sso_sign_in_url: "https://signin-cn-shanghai.alibabacloudsso.com/start",
    },
    host: "signin-cn-shanghai.alibabacloudsso.com",
    requests: ["POST /cloud-credentials"],
  },
  ...[
    ["CN", "oauth.aliyun.com"],
    ["INTL", "oauth.alibabacloud.com"],
  ].map(([site = "", host = ""]) => ({
    profile: { name: `oauth-${site}`, mode: "OAuth", oauth_site_type: site, oauth_refresh_token: "refresh" },
    host,
    requests: ["POST /v1/token", "POST /v1/exchange"],
  })),
];

it("each source opens one tunnel to its service, and all its requests go through it", async () => {
  const rig = await startCredentialRig();
  const front = await startTlsFront(Number(new URL(rig.origin).port));
  const proxy = await startConnectProxy(front.port);
  try {
    writeFileSync(join(rig.folder, "token"), "a.b.c");
    const file = rig.writeProfiles(...SOURCES.map(({ profile }) => profile));
    const child = spawn(
      process.execPath,
      [
        ...["-r", require.resolve("ts-node/register/transpile-only"), join(__dirname, "support", "sources-child.ts")],
        ...SOURCES.map(({ profile }) => profile.name),
      ],
      {
        cwd: rig.folder,
        env: {
          ...{ PATH: process.env.PATH, HOME: rig.folder, TS_NODE_PROJECT: join(root, "tsconfig.json") },
          ...{ HTTPS_PROXY: proxy.url, NODE_EXTRA_CA_CERTS: OWN_CA },
        },
      },
    );
    let printed = "";
    for (const stream of [child.stdout, child.stderr]) stream.on("data", (piece) => (printed += piece));
    await new Promise((resolve) => child.on("close", resolve));

    expect(
      printed
        .trim()
        .split("\n")
        .map((line) => JSON.parse(line)),
    ).toEqual(SOURCES.map(({ profile }) => ({ profile: profile.name, result: expect.objectContaining(FOUND) })));
    expect(proxy.asked).toEqual(SOURCES.map(({ host }) => `CONNECT ${host}:443`));
    expect(front.connections).toBe(proxy.asked.length);
    const received = rig.received.map(({ method, path, headers }) => [headers.host, `${method} ${path}`]);
    expect(received).toEqual(SOURCES.flatMap(({ host, requests }) => requests.map((request) => [host, request])));
    const stored = JSON.parse(readFileSync(file, "utf8")).profiles.slice(-2);
    expect(stored).toMatchObject([{ oauth_refresh_token: "new-refresh" }, { oauth_refresh_token: "new-refresh" }]);
  } finally {
    await proxy.close();
    await front.close();
    await rig.close();
  }
});
