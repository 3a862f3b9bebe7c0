import { spawn } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { type AddressInfo, connect } from "node:net";
import * as path from "node:path";
import { createServer, type Server } from "node:tls";
import { Fixture } from "../../../../testing/fixture";
import { type ConnectProxy, startConnectProxy } from "../../../support/connect-proxy";

jest.setTimeout(120_000);

const root = path.join(__dirname, "..", "..", "..", "..");
const pem = (name: string) => path.join(root, "tests", "security", "fixtures", name);

let fixture: Fixture;
/** The services' public hosts: TLS with a certificate of the test's own CA, in front of the emulator. */
let front: Server;
let connections = 0;
let proxy: ConnectProxy;

/** Accepts TLS with the certificate of the test's own CA, and passes the content on to a port of this machine. */
async function tlsFront(port: () => number, onConnection: () => void): Promise<Server> {
  const certificate = { key: readFileSync(pem("cloud-key.pem")), cert: readFileSync(pem("cloud-cert.pem")) };
  const server = createServer(certificate, (client) => {
    onConnection();
    const onward = connect(port(), "127.0.0.1");
    client.on("error", () => onward.destroy());
    onward.on("error", () => client.destroy());
    client.pipe(onward).pipe(client);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return server;
}

const portOf = (server: Server): number => (server.address() as AddressInfo).port;

beforeEach(async () => {
  fixture = await Fixture.open();
  connections = 0;
  front = await tlsFront(
    () => fixture.emulator.port,
    () => connections++,
  );
  proxy = await startConnectProxy(portOf(front));
});
afterEach(async () => {
  await proxy.close();
  await new Promise((resolve) => front.close(resolve));
  await fixture.close();
});

/** Runs preview and up of one migration in a process of its own, with the services' public endpoints. */
async function migrate(environment: Record<string, string>) {
  const { emulator } = fixture;
  const role = `acs:ram::${emulator.accountId}:role/migrator`;
  const args = fixture.args({ backup: await fixture.backup("erp.bak"), assumeRoleArn: role });
  const env = {
    ...Object.fromEntries(Object.keys(fixture.env).map((name) => [name, ""])),
    ALIBABA_CLOUD_ACCESS_KEY_ID: emulator.accessKeyId,
    ALIBABA_CLOUD_ACCESS_KEY_SECRET: emulator.accessKeySecret,
    ...environment,
  };
  const file = path.join(fixture.folder, "run.json");
  writeFileSync(file, JSON.stringify({ world: fixture.world(env), args }));
  const script = path.join(__dirname, "support", "migration-child.ts");
  const child = spawn(process.execPath, ["-r", "ts-node/register/transpile-only", script, file], {
    cwd: root,
    env: { PATH: process.env.PATH, ...environment },
  });
  let printed = "";
  child.stdout.on("data", (piece) => (printed += piece));
  child.stderr.on("data", (piece) => (printed += piece));
  await new Promise((resolve) => child.on("close", resolve));
  return printed;
}

const HOSTS = (bucket: string) => [
  `CONNECT ${bucket}.oss-cn-hangzhou.aliyuncs.com:443`,
  "CONNECT ram.aliyuncs.com:443",
  "CONNECT rds.aliyuncs.com:443",
  "CONNECT sts.aliyuncs.com:443",
];

it.each(["HTTPS_PROXY", "https_proxy"])("sends every call of every service through the tunnels of %s", async (name) => {
  const printed = await migrate({
    [name]: `us%40er:s%3Acret@127.0.0.1:${proxy.port}`,
    NODE_EXTRA_CA_CERTS: pem("own-ca-cert.pem"),
  });
  expect(JSON.parse(printed)).toEqual({ status: "online", warnings: [] });
  expect([...new Set(proxy.asked)].sort()).toEqual(HOSTS(fixture.emulator.bucket));
  // Each connection of the cloud is a tunnel, so no call went another way.
  expect(connections).toBe(proxy.asked.length);
  expect(new Set(proxy.authorizations)).toEqual(new Set([`Basic ${Buffer.from("us@er:s:cret").toString("base64")}`]));
  const actions = fixture.emulator.journal.entries.map(({ action }) => action);
  expect(actions).toEqual(expect.arrayContaining(["AssumeRole", "GetRole", "GetBucketInfo", "CreateMigrateTask"]));
});

it("survives a proxy that closes, answers 502 and answers 503 now and then", async () => {
  proxy.faults.push("close", { status: 502 }, { status: 503 });
  const printed = await migrate({
    HTTPS_PROXY: `http://127.0.0.1:${proxy.port}`,
    NODE_EXTRA_CA_CERTS: pem("own-ca-cert.pem"),
  });
  expect(printed).toContain('"status":"online"');
  expect(proxy.faults).toEqual([]);
});

it("reaches the proxy itself over TLS, which its own CA signs", async () => {
  let tlsConnections = 0;
  const proxyOverTls = await tlsFront(
    () => proxy.port,
    () => tlsConnections++,
  );
  try {
    const HTTPS_PROXY = `https://localhost:${portOf(proxyOverTls)}`;
    const untrusted = await migrate({ HTTPS_PROXY });
    expect(untrusted).toMatch(/TLS_FAILED: .*through the proxy https:\/\/localhost:\d+ of HTTPS_PROXY/);
    expect(untrusted.match(/TLS_FAILED/g)).toHaveLength(1);
    expect(proxy.asked).toEqual([]);

    tlsConnections = 0;
    const printed = await migrate({ HTTPS_PROXY, NODE_EXTRA_CA_CERTS: pem("own-ca-cert.pem") });
    expect(printed).toContain('"status":"online"');
    expect([...new Set(proxy.asked)].sort()).toEqual(HOSTS(fixture.emulator.bucket));
    expect(tlsConnections).toBe(proxy.asked.length);
    expect(connections).toBe(proxy.asked.length);
  } finally {
    await new Promise((resolve) => proxyOverTls.close(resolve));
  }
});
