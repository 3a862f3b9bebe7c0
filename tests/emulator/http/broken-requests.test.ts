import * as net from "node:net";
import { type Emulator, startEmulator } from "../../../emulator/emulator";
import { signedRequest } from "../support/signed-request";

let emulator: Emulator;
beforeAll(async () => {
  emulator = await startEmulator();
});
afterAll(() => emulator.close());

/** Sends bytes that no HTTP client sends, and returns all that comes back until the connection closes. */
function exchange(text: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = net.connect(emulator.port, "127.0.0.1", () => socket.write(Buffer.from(text, "latin1")));
    let reply = "";
    socket.on("data", (chunk) => {
      reply += chunk.toString("latin1");
    });
    socket.on("error", reject);
    socket.on("close", () => resolve(reply));
  });
}

const lastEntry = async () => {
  await emulator.idle();
  return emulator.journal.entries.at(-1);
};

const long = "y".repeat(70_000);

it.each([
  ["a header without a name", "GET /b/k HTTP/1.1\r\nHost: h\r\nno colon\r\n\r\n"],
  ["a header name with a space", "GET /b/k HTTP/1.1\r\nHost: h\r\nBad Name: x\r\n\r\n"],
  [
    "a control character in a header",
    "GET /b/k HTTP/1.1\r\nHost: h\r\nConnection: close\r\nx-oss-meta-a: \x01\r\n\r\n",
  ],
  ["a header that is too long", `GET /b/k HTTP/1.1\r\nHost: h\r\nx-oss-meta-a: ${long}\r\n\r\n`],
  ["a target that is too long", `GET /b/${long} HTTP/1.1\r\nHost: h\r\n\r\n`],
  ["two lengths", "PUT /b/k HTTP/1.1\r\nHost: h\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nx"],
  ["no Host", "GET /b/k HTTP/1.1\r\nConnection: close\r\n\r\n"],
  [
    "an encoding other than chunked",
    "PUT /b/k HTTP/1.1\r\nHost: h\r\nConnection: close\r\nTransfer-Encoding: gzip\r\n\r\n",
  ],
  ["an unknown method", "FROB /b/k HTTP/1.1\r\nHost: h\r\n\r\n"],
  ["an unknown version", "GET /b/k HTTP/3.0\r\nHost: h\r\nConnection: close\r\n\r\n"],
  ["CONNECT", "CONNECT h:443 HTTP/1.1\r\nHost: h\r\n\r\n"],
  ["a target that is not UTF-8", "GET /b/?prefix=%ff HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n"],
])("a request with %s gets the service's error and a journal entry", async (_, request) => {
  const before = emulator.journal.entries.length;
  const [head = "", body = ""] = (await exchange(request)).split("\r\n\r\n");
  expect(head).toMatch(/^HTTP\/1\.1 400 /);
  const requestId = /^x-oss-request-id: ([0-9A-F]{24})$/m.exec(head)?.[1];
  expect(body).toContain(`<Code>BadRequest</Code>`);
  expect(body).toContain(`<RequestId>${requestId}</RequestId>`);
  expect(await lastEntry()).toMatchObject({ service: "oss", status: 400, code: "BadRequest" });
  expect(emulator.journal.entries).toHaveLength(before + 1);
});

it("a broken RPC call gets JSON", async () => {
  const reply = await exchange("POST /?Action=DescribeRegions HTTP/1.1\r\nHost: h\r\nBad Name: x\r\n\r\n");
  expect(JSON.parse(reply.split("\r\n\r\n")[1] ?? "")).toMatchObject({ Code: "BadRequest" });
  expect(await lastEntry()).toMatchObject({ service: "other", code: "BadRequest" });
});

it("a chunk that is not valid HTTP gets the service's error, and nothing is stored", async () => {
  const signed = await signedHead("PUT", "broken-chunk.bin", { "transfer-encoding": "chunked" });
  const reply = await exchange(`${signed}\r\n5\r\nhello\r\nZZ\r\n`);
  expect(reply).toContain("<Code>BadRequest</Code>");
  expect(await lastEntry()).toMatchObject({ action: "PutObject", status: 400, code: "BadRequest" });
  expect(emulator.oss.objects(emulator.bucket)).toEqual([]);
});

it("chunks count when Content-Length is sent too, as ali-oss does for streams with a length header", async () => {
  const signed = await signedHead("PUT", "both.bin", {
    "content-length": "5",
    "transfer-encoding": "chunked",
    connection: "close",
  });
  expect(await exchange(`${signed}\r\n3\r\nabc\r\n0\r\n\r\n`)).toMatch(/^HTTP\/1\.1 200 /);
  expect((await emulator.oss.getObject(emulator.bucket, "both.bin")).toString()).toBe("abc");
});

it("an expectation that the service does not know is ignored, as a proxy does", async () => {
  const reply = await signedRequest(emulator, { method: "GET", bucket: "", headers: { expect: "a-miracle" } });
  expect(reply.status).toBe(200);
  expect(await lastEntry()).toMatchObject({ action: "ListBuckets", status: 200 });
});

/** The head of a request that `signedRequest` signs, with the given unsigned headers. */
async function signedHead(method: string, key: string, headers: Record<string, string>): Promise<string> {
  let head = "";
  const recorder = net.createServer((socket) => {
    socket.on("data", (chunk) => {
      head += chunk.toString("latin1");
      socket.end("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
    });
  });
  await new Promise<void>((resolve) => recorder.listen(0, "127.0.0.1", resolve));
  const { port } = recorder.address() as net.AddressInfo; // a TCP server has an AddressInfo
  await signedRequest({ ...emulator, port }, { method, key });
  recorder.close();
  const lines = head
    .split("\r\n")
    .filter((line) => line !== "" && !/^(connection|content-length|transfer-enc)/i.test(line));
  return [...lines, ...Object.entries(headers).map(([name, value]) => `${name}: ${value}`), ""].join("\r\n");
}

it("a GET that announces a body and sends none is answered, and its connection closes", async () => {
  const reply = await exchange("GET /b/k HTTP/1.1\r\nHost: h\r\nContent-Length: 9\r\n\r\n");
  expect(reply).toMatch(/^HTTP\/1\.1 404 .*\r\n(.*\r\n)*Connection: close\r\n(.*\r\n)*.*\n?.*<Code>NoSuchBucket</);
});
