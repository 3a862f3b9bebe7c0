import { mkdirSync, writeFileSync } from "node:fs";
import { createServer, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { type AccountChoice, findCredentials } from "../../../../../provider/aliyun/credentials/find-credentials";
import type { CredentialSource } from "../../../../../provider/aliyun/object-store";
import { Fixture } from "../../../../../testing/fixture";
import { type ConnectProxy, startConnectProxy } from "../../../../support/connect-proxy";
import { hideCredentials } from "../../../support/hidden-credentials";

const KEYS = {
  AccessKeyId: "STS.id",
  AccessKeySecret: "sec",
  SecurityToken: "tok",
  Expiration: "2099-01-01T00:00:00Z",
};
const OAUTH_KEYS = {
  accessKeyId: KEYS.AccessKeyId,
  accessKeySecret: KEYS.AccessKeySecret,
  securityToken: KEYS.SecurityToken,
  expiration: KEYS.Expiration,
};
/** The keys that every service of the rig gives. */
export const FOUND = { accessKeyId: "STS.id", accessKeySecret: "sec", securityToken: "tok" };
export const ROLE = "acs:ram::1:role/r";

interface Reply {
  status: number;
  body: unknown;
}

/** A request that a service of the rig received. */
export interface Received {
  method?: string;
  path: string;
  headers: IncomingMessage["headers"];
  body: string;
}

/** A home folder of its own, a proxy that counts, and one server in the place of all services that give keys. */
export interface CredentialRig {
  folder: string;
  origin: string;
  proxy: ConnectProxy;
  received: Received[];
  /** Replies by path, in place of the usual ones; a function is called at each request. */
  replies: Map<string, Reply | (() => Reply)>;
  source(env: Record<string, string>, config?: Record<string, string>, choice?: AccountChoice): CredentialSource;
  /** Writes `~/.aliyun/config.json`; its current profile is the first one. */
  writeProfiles(...profiles: ({ name: string } & Record<string, unknown>)[]): string;
  /** The query and the form of one call that STS received. */
  parameters(call?: number): Record<string, string>;
  close(): Promise<void>;
}

export async function startCredentialRig(): Promise<CredentialRig> {
  const fixture = await Fixture.open();
  const showCredentials = hideCredentials(fixture.folder);
  const proxy = await startConnectProxy();
  const received: Received[] = [];
  const replies: CredentialRig["replies"] = new Map();
  const server = createServer(async (request, response) => {
    const pieces: Buffer[] = [];
    for await (const piece of request) pieces.push(piece);
    const path = request.url ?? "";
    received.push({ method: request.method, path, headers: request.headers, body: Buffer.concat(pieces).toString() });
    const given = replies.get(path) ?? { status: 200, body: replyTo(path) };
    const { status, body } = typeof given === "function" ? given() : given;
    response.writeHead(status, { "content-type": "application/json" });
    response.end(typeof body === "string" ? body : JSON.stringify(body));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`; // it listens on TCP
  Object.assign(process.env, { http_proxy: `http://127.0.0.1:${proxy.port}`, no_proxy: "" });
  return {
    folder: fixture.folder,
    ...{ origin, proxy, received, replies },
    source(env, config = {}, choice = {}) {
      const all: Record<string, string> = {
        ALIBABA_CLOUD_ECS_METADATA_DISABLED: "true",
        ALIBABA_CLOUD_ENDPOINT_STS: origin,
      };
      const settings = { env: (name: string) => env[name] ?? all[name], config: (key: string) => config[key] };
      return findCredentials(settings, choice, false);
    },
    writeProfiles(...profiles) {
      mkdirSync(join(fixture.folder, ".aliyun"), { recursive: true });
      const file = join(fixture.folder, ".aliyun", "config.json");
      writeFileSync(file, JSON.stringify({ current: profiles[0]?.name, profiles }));
      return file;
    },
    parameters(call = 0) {
      const { path = "", body = "" } = received[call] ?? {};
      return Object.fromEntries([...new URL(path, origin).searchParams, ...new URLSearchParams(body)]);
    },
    async close() {
      showCredentials();
      await proxy.close();
      await new Promise((resolve) => server.close(resolve));
      await fixture.close();
    },
  };
}

function replyTo(path: string): unknown {
  if (path === "/v1/token") return { access_token: "new-access", refresh_token: "new-refresh", expires_in: 7200 };
  if (path === "/v1/exchange") return OAUTH_KEYS;
  if (path === "/cloud-credentials") return { CloudCredential: KEYS };
  if (path === "/latest/api/token") return "metadata-token";
  if (path.endsWith("/security-credentials/")) return "the-role";
  if (path.startsWith("/?")) return { RequestId: "R-1", Credentials: KEYS };
  return { Code: "Success", ...KEYS };
}
