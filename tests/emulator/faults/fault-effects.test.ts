import { type Emulator, startEmulator } from "../../../emulator/emulator";
import type { FaultRuleInput } from "../../../emulator/faults/fault-rule";
import { callRpc, rpcErrorOf } from "../support/rpc-client";
import { codeOf, send, signedRequest } from "../support/signed-request";

const CONTENT = Buffer.from("0123456789");

let emulator: Emulator;
beforeAll(async () => {
  emulator = await startEmulator();
  await emulator.oss.putObject(emulator.bucket, "there.bin", CONTENT);
});
afterAll(() => emulator.close());
beforeEach(() => emulator.faults.clear());

const put = (key: string, headers: Record<string, string> = {}) =>
  signedRequest(emulator, { method: "PUT", key, headers, body: Buffer.alloc(200_000, 1) });
const get = () => signedRequest(emulator, { method: "GET", key: "there.bin" });
const has = (key: string) => emulator.oss.objects(emulator.bucket).some((object) => object.key === key);
const addFault = (effect: FaultRuleInput["effect"]) => emulator.faults.add({ effect });

it("refuses a request without executing it", async () => {
  addFault({
    kind: "refuse",
    status: 503,
    code: "ServiceUnavailable",
    message: "Please slow down.",
    retryAfterSeconds: 3,
  });
  const reply = await put("refused.bin");
  expect([reply.status, codeOf(reply), reply.headers["retry-after"], has("refused.bin")]).toEqual([
    503,
    "ServiceUnavailable",
    "3",
    false,
  ]);
  expect(Math.abs(Date.parse(String(reply.headers.date)) - Date.now())).toBeLessThan(5000);
  expect(emulator.journal.entries.at(-1)).toMatchObject({
    action: "PutObject",
    status: 503,
    code: "ServiceUnavailable",
    detail: { fault: "refuse" },
  });
});

it("refuses an RPC call in the format of its service", async () => {
  addFault({ kind: "refuse", status: 503, code: "ServiceUnavailable" });
  const failure = await rpcErrorOf(
    callRpc(emulator, "DescribeDatabases", "2014-08-15", { DBInstanceId: emulator.instanceId }),
  );
  expect(failure).toMatchObject({ code: "ServiceUnavailable", statusCode: 503 });
});

it.each(["before", "during"] as const)("resets the connection %s the request without executing it", async (at) => {
  addFault({ kind: "reset", at });
  await expect(put(`cut-${at}.bin`)).rejects.toThrow();
  expect(has(`cut-${at}.bin`)).toBe(false);
});

it("resets the connection during a request with an empty chunked body", async () => {
  addFault({ kind: "reset", at: "during" });
  const headers = { "transfer-encoding": "chunked" };
  await expect(signedRequest(emulator, { method: "PUT", key: "empty.bin", headers })).rejects.toThrow();
  expect(has("empty.bin")).toBe(false);
});

it("resets the connection after executing the request", async () => {
  addFault({ kind: "reset", at: "after" });
  await expect(put("lost-reply.bin")).rejects.toThrow();
  expect(has("lost-reply.bin")).toBe(true);
  expect(emulator.journal.entries.at(-1)).toMatchObject({
    action: "PutObject",
    status: 200,
    detail: { fault: "reset" },
  });
});

it("resets the connection during the reply to a request without a body", async () => {
  addFault({ kind: "reset", at: "during" });
  await expect(get()).rejects.toThrow(/aborted|reset/i);
});

it("replaces the body of a reply with status 200, and of no other", async () => {
  addFault({ kind: "body", text: "{}" });
  const replaced = await get();
  const missing = await signedRequest(emulator, { method: "GET", key: "missing.bin" });
  expect([String(replaced.body), replaced.headers["content-length"], codeOf(missing)]).toEqual([
    "{}",
    "2",
    "NoSuchKey",
  ]);
});

it("truncates a reply after the given number of bytes", async () => {
  addFault({ kind: "truncate", bytes: 4 });
  await expect(get()).rejects.toThrow(/aborted|reset/i);
});

it("flips one byte of a reply", async () => {
  addFault({ kind: "corrupt", atByte: 3 });
  expect((await get()).text).toBe("0122456789");
});

it("replaces and removes headers of a reply", async () => {
  addFault({ kind: "headers", set: { "x-oss-hash-crc64ecma": "1", etag: "" } });
  const reply = await put("headers.bin");
  expect([reply.status, reply.headers["x-oss-hash-crc64ecma"], reply.headers.etag]).toEqual([200, "1", undefined]);
  expect(has("headers.bin")).toBe(true);
});

it.each([
  { afterwards: false, stored: false },
  { afterwards: true, stored: true },
])("answers with a proxy's page (afterwards: $afterwards)", async ({ afterwards, stored }) => {
  addFault({ kind: "html", status: 200, afterwards });
  const reply = await put(`html-${afterwards}.bin`);
  expect([reply.status, reply.headers["content-type"], has(`html-${afterwards}.bin`)]).toEqual([
    200,
    "text/html",
    stored,
  ]);
});

it("delays a request before or after its execution", async () => {
  for (const at of ["before", "after"] as const) {
    emulator.faults.clear();
    addFault({ kind: "delay", ms: 120, at });
    const started = Date.now();
    await get();
    expect(Date.now() - started).toBeGreaterThanOrEqual(110);
  }
});

it("shifts the clock for one request", async () => {
  addFault({ kind: "clock", offsetMs: 20 * 60_000 });
  const reply = await get();
  expect([reply.status, codeOf(reply)]).toEqual([403, "RequestTimeTooSkewed"]);
  expect(Date.parse(String(reply.headers.date)) - Date.now()).toBeGreaterThan(19 * 60_000);
});

it("keeps the connection open when it refuses a request during the body", async () => {
  addFault({ kind: "refuse", status: 403, code: "AccessDenied" });
  const reply = await signedRequest(emulator, { method: "PUT", key: "early.bin", body: Buffer.alloc(8 << 20) });
  expect([reply.status, codeOf(reply)]).toEqual([403, "AccessDenied"]);
});

it("closes at once while requests are delayed", async () => {
  const own = await startEmulator();
  own.faults.add({ effect: { kind: "delay", ms: 60_000 } });
  const lost = expect(send(own, { method: "GET", target: "/" })).rejects.toThrow();
  while (own.faults.list()[0]?.struck !== 1) await new Promise((resolve) => setTimeout(resolve, 5));
  await own.close();
  await lost;
});
