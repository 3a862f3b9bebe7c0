import { createServer } from "node:http";
import { type Emulator, startEmulator } from "../../../emulator/emulator";
import { aliOssClient } from "../support/ali-oss-client";
import { callRpc, type RpcClientOptions, rpcErrorOf } from "../support/rpc-client";
import { send } from "../support/signed-request";

const RDS = "2014-08-15";
const STS = "2015-04-01";
const MINUTE_MS = 60_000;

let emulator: Emulator;
beforeAll(async () => {
  emulator = await startEmulator();
});
afterAll(() => emulator.close());
afterEach(() => {
  emulator.clock.offsetMs = 0;
  emulator.faults.clear();
});

const describeInstance = (options?: RpcClientOptions) =>
  callRpc(emulator, "DescribeDBInstanceAttribute", RDS, { DBInstanceId: emulator.instanceId, Empty: "" }, options);

describe.each([
  { name: "ACS3", oldSignature: false },
  { name: "HMAC-SHA1", oldSignature: true },
])("a call signed with $name", ({ oldSignature }) => {
  it("is answered", async () => {
    const reply = await describeInstance({ oldSignature });
    expect(reply).toMatchObject({ RequestId: expect.stringMatching(/^[0-9A-F]{8}(-[0-9A-F]{4}){3}-[0-9A-F]{12}$/) });
  });

  it("is refused with a wrong secret", async () => {
    const keys = { accessKeyId: emulator.accessKeyId, accessKeySecret: "wrong" };
    const code = oldSignature ? "IncompleteSignature" : "SignatureDoesNotMatch";
    expect(await rpcErrorOf(describeInstance({ oldSignature, keys }))).toMatchObject({ code, statusCode: 400 });
  });

  it("is refused with an unknown key", async () => {
    const keys = { accessKeyId: "unknown", accessKeySecret: "x" };
    expect(await rpcErrorOf(describeInstance({ oldSignature, keys }))).toMatchObject({
      code: "InvalidAccessKeyId.NotFound",
      statusCode: 404,
    });
  });

  it.each([16, -16])("is refused when the clocks differ by %i minutes", async (minutes) => {
    emulator.clock.offsetMs = minutes * MINUTE_MS;
    expect(await rpcErrorOf(describeInstance({ oldSignature }))).toMatchObject({
      code: "InvalidTimeStamp.Expired",
      statusCode: 400,
    });
  });

  it("is answered for temporary keys until they expire", async () => {
    const keys = await emulator.sts.issue(60);
    expect(await describeInstance({ oldSignature, keys })).toHaveProperty("Items");
    emulator.clock.offsetMs = MINUTE_MS;
    expect(await rpcErrorOf(describeInstance({ oldSignature, keys }))).toMatchObject({
      code: "InvalidSecurityToken.Expired",
    });
    const mixed = { ...keys, securityToken: "other" };
    expect(await rpcErrorOf(describeInstance({ oldSignature, keys: mixed }))).toMatchObject({
      code: "InvalidSecurityToken.MismatchWithAccessKey",
    });
  });

  it("reads parameters that need encoding", async () => {
    const failure = await rpcErrorOf(
      callRpc(emulator, "DescribeDBInstanceAttribute", RDS, { DBInstanceId: "a b+c~*'()!ü%" }, { oldSignature }),
    );
    expect(failure.code).toMatch(/^InvalidDBInstance/);
    expect(emulator.journal.entries.at(-1)?.detail.DBInstanceId).toBe("a b+c~*'()!ü%");
  });
});

it.each([false, true])("reads and verifies parameters in a form body (old signature: %s)", async (oldSignature) => {
  const form = { DBInstanceId: emulator.instanceId };
  const reply = await callRpc(emulator, "DescribeDBInstanceAttribute", RDS, {}, { oldSignature, form });
  expect(reply).toHaveProperty("Items");
});

it("reads a plus sign in a form as a space", async () => {
  const headers = { "content-type": "application/x-www-form-urlencoded" };
  await send(emulator, {
    method: "POST",
    target: "/?Action=DescribeDatabases&Version=2014-08-15",
    headers,
    body: "DBName=a+b",
  });
  expect(emulator.journal.entries.at(-1)?.detail.DBName).toBe("a b");
});

it("reads a plus sign in a query as a space", async () => {
  await send(emulator, { method: "POST", target: "/?Action=DescribeDatabases&Version=2014-08-15&DBName=a+b" });
  expect(emulator.journal.entries.at(-1)?.detail.DBName).toBe("a b");
});

it("refuses a repeated nonce", async () => {
  let sent: { target: string; headers: Record<string, string> } | undefined;
  const server = await captureOne((target, headers) => {
    sent = { target, headers };
  });
  await rpcErrorOf(
    callRpc({ ...emulator, host: `127.0.0.1:${server.port}` }, "DescribeDBInstanceAttribute", RDS, {
      DBInstanceId: emulator.instanceId,
    }),
  );
  await server.close();
  if (sent === undefined) throw new Error("nothing was sent");
  const once = await send(emulator, { method: "POST", ...sent });
  const twice = await send(emulator, { method: "POST", ...sent });
  expect([once.status, twice.status, JSON.parse(twice.text).Code]).toEqual([200, 400, "SignatureNonceUsed"]);
});

it("refuses unsupported products and calls without a key", async () => {
  expect(await rpcErrorOf(callRpc(emulator, "DescribeInstances", "2014-05-26", {}))).toMatchObject({
    code: "InvalidAction.NotFound",
    statusCode: 404,
  });
  const anonymous = await send(emulator, { method: "POST", target: "/?Action=DescribeDBInstances&Version=2014-08-15" });
  expect([anonymous.status, JSON.parse(anonymous.text).Code]).toEqual([400, "MissingAccessKeyId"]);
});

it("returns the waiting time to a throttled client", async () => {
  emulator.faults.add({
    match: { service: "rds" },
    effect: { kind: "refuse", status: 400, code: "Throttling.User", acsRetryAfterMs: 1500 },
  });
  expect(await rpcErrorOf(describeInstance())).toMatchObject({ code: "Throttling.User", retryAfter: 1500 });
});

describe("AssumeRole", () => {
  const roleArn = () => `acs:ram::${emulator.accountId}:role/deployer`;
  const assume = (query: Record<string, string>, options?: RpcClientOptions) =>
    callRpc(emulator, "AssumeRole", STS, query, options);

  it.each([false, true])("issues keys that all services accept (old signature: %s)", async (oldSignature) => {
    const reply = await assume(
      { RoleArn: roleArn(), RoleSessionName: "pulumi", DurationSeconds: "900" },
      { oldSignature },
    );
    const credentials = reply.Credentials as Record<
      "AccessKeyId" | "AccessKeySecret" | "SecurityToken" | "Expiration",
      string
    >;
    expect(reply).toMatchObject({ AssumedRoleUser: { Arn: `${roleArn()}/pulumi` } });
    const secondsLeft = (Date.parse(credentials.Expiration) - Date.now()) / 1000;
    expect(secondsLeft).toBeGreaterThan(890);
    expect(secondsLeft).toBeLessThanOrEqual(900);
    const keys = {
      accessKeyId: credentials.AccessKeyId,
      accessKeySecret: credentials.AccessKeySecret,
      securityToken: credentials.SecurityToken,
    };
    expect(await describeInstance({ keys, oldSignature })).toHaveProperty("Items");
    expect((await aliOssClient(emulator, { keys }).put("by-role.bin", Buffer.from("x"))).res.status).toBe(200);
    expect(await callRpc(emulator, "GetCallerIdentity", STS, {}, { keys })).toMatchObject({
      AccountId: emulator.accountId,
    });
  });

  it.each<[Record<string, string>, string]>([
    [{ RoleSessionName: "s1" }, "MissingParameter.RoleArn"],
    [{ RoleArn: "role", RoleSessionName: "s1" }, "InvalidParameter.RoleArn"],
    [{ RoleArn: "acs:ram::1:role/other", RoleSessionName: "s1" }, "EntityNotExist.Role"],
    [{ RoleArn: "*", RoleSessionName: "s" }, "InvalidParameter.RoleSessionName"],
    [{ RoleArn: "*", RoleSessionName: "s1", DurationSeconds: "899" }, "InvalidParameter.DurationSeconds"],
  ])("refuses %j", async (query, code) => {
    const completed = query.RoleArn === "*" ? { ...query, RoleArn: roleArn() } : query;
    expect(await rpcErrorOf(assume(completed))).toMatchObject({ code });
  });
});

/** Starts a server that captures a request and closes its connection. */
async function captureOne(capture: (target: string, headers: Record<string, string>) => void) {
  const server = createServer((request) => {
    const { connection: _, ...headers } = request.headers;
    // The Host is signed, so the copy must contain it.
    capture(request.url ?? "", headers as Record<string, string>);
    request.destroy();
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("not listening on TCP");
  return { port: address.port, close: () => new Promise<void>((resolve) => server.close(() => resolve())) };
}
