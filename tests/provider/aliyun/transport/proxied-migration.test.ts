import { spawn } from "node:child_process";
import { writeFileSync } from "node:fs";
import * as path from "node:path";
import { Fixture } from "../../../../testing/fixture";
import { type ConnectProxy, startConnectProxy } from "../../../support/connect-proxy";
import { OWN_CA, startTlsFront, type TlsFront } from "../../../support/tls-front";

jest.setTimeout(120_000);

const root = path.join(__dirname, "..", "..", "..", "..");

let fixture: Fixture;
/** In front of the emulator. */
let front: TlsFront;
let proxy: ConnectProxy;

beforeEach(async () => {
  fixture = await Fixture.open();
  front = await startTlsFront(fixture.emulator.port);
  proxy = await startConnectProxy(front.port);
});
afterEach(async () => {
  await proxy.close();
  await front.close();
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
    NODE_EXTRA_CA_CERTS: OWN_CA,
  });
  expect(JSON.parse(printed)).toEqual({ status: "online", warnings: [] });
  expect([...new Set(proxy.asked)].sort()).toEqual(HOSTS(fixture.emulator.bucket));
  // Each connection of the cloud is a tunnel, so no call went another way.
  expect(front.connections).toBe(proxy.asked.length);
  expect(new Set(proxy.authorizations)).toEqual(new Set([`Basic ${Buffer.from("us@er:s:cret").toString("base64")}`]));
  const actions = fixture.emulator.journal.entries.map(({ action }) => action);
  expect(actions).toEqual(expect.arrayContaining(["AssumeRole", "GetRole", "GetBucketInfo", "CreateMigrateTask"]));
});

it("survives a proxy that closes, answers 502 and answers 503 now and then", async () => {
  proxy.faults.push("close", { status: 502 }, { status: 503 });
  const printed = await migrate({
    HTTPS_PROXY: `http://127.0.0.1:${proxy.port}`,
    NODE_EXTRA_CA_CERTS: OWN_CA,
  });
  expect(printed).toContain('"status":"online"');
  expect(proxy.faults).toEqual([]);
});

it("reaches the proxy itself over TLS, which its own CA signs", async () => {
  const proxyOverTls = await startTlsFront(proxy.port);
  try {
    const HTTPS_PROXY = `https://localhost:${proxyOverTls.port}`;
    const untrusted = await migrate({ HTTPS_PROXY });
    expect(untrusted).toMatch(/TLS_FAILED: .*through the proxy https:\/\/localhost:\d+ of HTTPS_PROXY/);
    expect(untrusted.match(/TLS_FAILED/g)).toHaveLength(1);
    expect(proxy.asked).toEqual([]);

    proxyOverTls.connections = 0;
    const printed = await migrate({ HTTPS_PROXY, NODE_EXTRA_CA_CERTS: OWN_CA });
    expect(printed).toContain('"status":"online"');
    expect([...new Set(proxy.asked)].sort()).toEqual(HOSTS(fixture.emulator.bucket));
    expect(proxyOverTls.connections).toBe(proxy.asked.length);
    expect(front.connections).toBe(proxy.asked.length);
  } finally {
    await proxyOverTls.close();
  }
});
