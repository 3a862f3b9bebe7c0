import { createServer, type Server, type ServerResponse } from "node:http";
import type { AddressInfo, Socket } from "node:net";
import { assumedRole } from "../../../../provider/aliyun/credentials/assumed-role";
import { connectObjectStore } from "../../../../provider/aliyun/oss/ali-oss-store";
import { connectRam } from "../../../../provider/aliyun/ram/ram-client";
import { connectRds } from "../../../../provider/aliyun/rds/rds-client";

let server: Server;
let answer: (response: ServerResponse) => void;
const sockets = new Set<Socket>();
let sentBytes = 0;

beforeEach(async () => {
  sentBytes = 0;
  server = createServer((_request, response) => answer(response));
  server.on("connection", (socket) => {
    sockets.add(socket);
    socket.on("error", () => undefined).on("close", () => sockets.delete(socket));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
});
afterEach(async () => {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});

const TIMES = { connectTimeoutMs: 50, readTimeoutMs: 400 };
const TOTAL_MS = TIMES.connectTimeoutMs + TIMES.readTimeoutMs;
const credentials = { get: async () => ({ accessKeyId: "k", accessKeySecret: "s" }) };
const url = () => `http://127.0.0.1:${(server.address() as AddressInfo).port}`; // it listens on TCP
const settings = { config: () => undefined, env: (name: string) => (/_ENDPOINT_/.test(name) ? url() : undefined) };

const createTask = () =>
  connectRds({ ...TIMES, credentials, settings, region: "cn-hangzhou" }).createMigrateTask({
    ...{ instanceId: "rm-1", databaseName: "erp", checkDb: "async" },
    object: { position: "oss-cn-hangzhou.aliyuncs.com:b:k" },
  });
const findRole = () => connectRam({ ...TIMES, credentials, settings }).findRole("r");
const bucketFacts = () =>
  connectObjectStore({
    ...{ endpoint: { region: "cn-hangzhou", url: url(), cname: false }, credentials },
    retryTimes: { budgetMs: 1, firstContactMs: 1, initialDelayMs: 1 },
    timeouts: { idleMs: TIMES.readTimeoutMs, controlMs: TOTAL_MS },
  }).bucketFacts("bucket");
const assumeRole = () => assumedRole(credentials, "acs:ram::1:role/r", settings).get();

function writeForEver(response: ServerResponse): void {
  const piece = Buffer.alloc(256 * 1024, " ");
  const more = (): void => {
    while (!response.destroyed) {
      sentBytes += piece.length;
      if (!response.write(piece)) return void response.once("drain", more);
    }
  };
  more();
}

it.each([
  ["RDS", createTask, 1],
  ["RAM", findRole, 1],
  ["STS", assumeRole, 1],
  ["OSS", bucketFacts, 4],
])("an endless reply of %s ends at 16 MiB with its connection", async (_, call, attempts) => {
  answer = writeForEver;
  await expect(call()).rejects.toMatchObject({ code: "ANSWER_TOO_LARGE" });
  for (let turns = 0; sockets.size > 0 && turns < 200; turns++) await new Promise((done) => setTimeout(done, 5));
  expect(sockets.size).toBe(0);
  // What the kernel holds on its way comes on top.
  expect(sentBytes).toBeLessThan(attempts * 32 * 1024 * 1024);
});

it.each([
  ["RDS", createTask, "NO_ANSWER"],
  ["RAM", findRole, "NO_ANSWER"],
  ["OSS", bucketFacts, "OSS_UNAVAILABLE"],
])("a reply of %s that trickles ends at the total deadline", async (_, call, code) => {
  answer = (response) => {
    const drip = setInterval(() => response.write(" "), 20);
    response.on("close", () => clearInterval(drip));
  };
  const startedMs = Date.now();
  await expect(call()).rejects.toMatchObject({ code });
  expect(Date.now() - startedMs).toBeGreaterThanOrEqual(TOTAL_MS - 20);
});

it.each([
  ["CreateMigrateTask", createTask, { taskId: "7" }],
  ["GetRole", findRole, { name: "r" }],
])("%s may take longer than the connect time-out", async (_, call, result) => {
  const body = JSON.stringify({ RequestId: "R-1", MigrateTaskId: "7", Role: { Arn: "a" } });
  answer = (response) => void setTimeout(() => response.end(body), 4 * TIMES.connectTimeoutMs);
  await expect(call()).resolves.toMatchObject(result);
});
