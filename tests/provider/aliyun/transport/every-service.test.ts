import { assumedRole } from "../../../../provider/aliyun/credentials/assumed-role";
import { connectObjectStore } from "../../../../provider/aliyun/oss/ali-oss-store";
import { connectRam } from "../../../../provider/aliyun/ram/ram-client";
import { connectRds } from "../../../../provider/aliyun/rds/rds-client";
import { httpTransport } from "../../../../provider/aliyun/transport/http-transport";
import type { Transport, TransportRequest } from "../../../../provider/aliyun/transport/transport";
import { Fixture } from "../../../../testing/fixture";
import { type HttpProxy, startHttpProxy } from "../oss/support/http-proxy";

const environment = { ...process.env };
let fixture: Fixture;
let proxy: HttpProxy;
beforeEach(async () => {
  fixture = await Fixture.open();
  proxy = await startHttpProxy();
});
afterEach(async () => {
  process.env = { ...environment };
  await proxy.close();
  await fixture.close();
});

const settings = (env: Record<string, string> = fixture.env) => ({
  config: () => undefined,
  env: (name: string) => env[name],
});
const credentials = () => ({ get: async () => fixture.emulator });

/** One call of each service. */
const CALLS: Record<string, (transport?: Transport) => Promise<unknown>> = {
  DescribeDBInstanceAttribute: (transport) => {
    const { region, instanceId } = fixture.emulator;
    const rds = connectRds({ credentials: credentials(), settings: settings(), region, transport });
    return rds.describeInstance(instanceId);
  },
  GetRole: (transport) =>
    connectRam({ credentials: credentials(), settings: settings(), transport }).findRole("AliyunRDSImportRole"),
  AssumeRole: () =>
    assumedRole(credentials(), `acs:ram::${fixture.emulator.accountId}:role/migrator`, settings()).get(),
  GetBucketInfo: (transport) => {
    const { region, port, bucket } = fixture.emulator;
    // By name: for an address ali-oss writes the bucket's public host into Host, which is where a proxy would go.
    const endpoint = { region, url: `http://localhost:${port}`, cname: false };
    return connectObjectStore({ endpoint, credentials: credentials(), transport }).bucketFacts(bucket);
  },
};

describe.each(Object.entries(CALLS))("%s", (action, call) => {
  it("goes through the proxy that the environment names, whole", async () => {
    process.env.http_proxy = proxy.url;
    process.env.no_proxy = "";
    await expect(call()).resolves.toBeDefined();
    expect(proxy.asked).toHaveLength(1);
    expect(fixture.requests(action)).toHaveLength(1);
  });

  it("leaves the proxy out for a host that NO_PROXY names", async () => {
    Object.assign(process.env, { http_proxy: proxy.url, no_proxy: "127.0.0.1,localhost" });
    await expect(call()).resolves.toBeDefined();
    expect(proxy.asked).toEqual([]);
  });
});

it.each(["DescribeDBInstanceAttribute", "GetRole", "GetBucketInfo"])(
  "%s is sent by the transport that its client is given",
  async (action) => {
    const sent: TransportRequest[] = [];
    const transport: Transport = {
      send: (request) => {
        sent.push(request);
        return httpTransport.send(request);
      },
    };
    await CALLS[action]?.(transport);
    expect(sent).toHaveLength(1);
    expect(fixture.requests(action)).toHaveLength(1);
  },
);

it("a region's own endpoint of RDS is asked for over TLS", async () => {
  const sent: TransportRequest[] = [];
  const transport: Transport = {
    send: async (request) => {
      sent.push(request);
      return { status: 200, headers: {}, body: Buffer.from(`{"RequestId":"R-1"}`) };
    },
  };
  for (const region of ["cn-hangzhou", "eu-central-1"]) {
    const rds = connectRds({ credentials: credentials(), settings: settings({}), region, transport });
    await rds.diskUsed("rm-1");
  }
  expect(sent.map(({ url }) => new URL(url).origin)).toEqual([
    "https://rds.aliyuncs.com",
    "https://rds.eu-central-1.aliyuncs.com",
  ]);
});

it("a proxy that opens no tunnel to RDS is an error that names the proxy", async () => {
  process.env.https_proxy = proxy.url;
  process.env.no_proxy = "";
  const { region } = fixture.emulator;
  const rds = connectRds({ credentials: credentials(), settings: settings({}), region, retryDelayMs: 1 });
  await expect(
    rds.createMigrateTask({
      instanceId: "rm-1",
      databaseName: "erp",
      checkDb: "async",
      object: { position: "oss-cn-hangzhou.aliyuncs.com:b:k" },
    }),
  ).rejects.toThrow(
    /^NETWORK_FAILED: CreateMigrateTask did not reach the RDS endpoint\.\nReason: EPROXYREFUSED, the proxy http:.* answered 403 Forbidden to CONNECT\.\n/,
  );
  expect(proxy.asked).toEqual(["CONNECT rds.aliyuncs.com:443"]);
});
