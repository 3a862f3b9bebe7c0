import { type AddressInfo, createServer, type Server, type Socket } from "node:net";
import { CHUNKS, ChunkPool } from "../../../../provider/aliyun/oss/chunk-pool";
import { LocalFile } from "../../../../provider/aliyun/oss/local-file";
import { PartBody } from "../../../../provider/aliyun/oss/part-body";
import { httpTransport } from "../../../../provider/aliyun/transport/http-transport";
import type { TransportRequest } from "../../../../provider/aliyun/transport/transport";
import { startUploadRig, type UploadRig } from "../oss/support/upload-rig";

/** Raw servers, for replies that no HTTP library would send. */
let server: Server;
let onConnection: (socket: Socket) => void;
const sockets = new Set<Socket>();

beforeEach(async () => {
  server = createServer((socket) => {
    sockets.add(socket);
    socket.on("error", () => undefined).on("close", () => sockets.delete(socket));
    onConnection(socket);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
});
afterEach(async () => {
  for (const socket of sockets) socket.destroy();
  await new Promise((resolve) => server.close(resolve));
});

const ask = (request: Partial<TransportRequest> = {}) =>
  httpTransport.send({
    method: "PUT",
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/k`,
    headers: {},
    connectTimeoutMs: 2000,
    idleTimeoutMs: 2000,
    totalTimeoutMs: 5000,
    maxReplyBytes: 1000,
    ...request,
  });
const answer = (text: string) => {
  onConnection = (socket) => socket.once("data", () => socket.end(text));
};

it("returns a complete reply, whatever its status", async () => {
  answer("HTTP/1.1 503 Busy\r\nX-Oss-Request-Id: 5F\r\nContent-Length: 5\r\n\r\nhello");
  const reply = await ask();
  expect(reply).toMatchObject({ status: 503, headers: { "x-oss-request-id": "5F" } });
  expect(reply.body.toString()).toBe("hello");
});

it.each([
  ["breaks off in its body", "HTTP/1.1 200 OK\r\nContent-Length: 50\r\n\r\nhello", "ECONNRESET"],
  ["breaks off in its header", "HTTP/1.1 200 OK\r\nContent-Le", "ECONNRESET|HPE_"],
  ["never begins", "", "ECONNRESET"],
  ["is no HTTP", "220 mail.example.com ESMTP\r\n", "HPE_"],
  ["is longer than anything OSS says", `HTTP/1.1 200 OK\r\n\r\n${"x".repeat(2000)}`, "EMSGSIZE"],
])("does not return a reply that %s", async (_, text, code) => {
  answer(text);
  await expect(ask()).rejects.toMatchObject({ name: "NetworkFault", code: expect.stringMatching(code) });
});

it("accepts 16 MiB of a reply by default, and no more", async () => {
  const limit = 16 * 1024 * 1024;
  answer(`HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: ${limit}\r\n\r\n${"x".repeat(limit)}`);
  expect((await ask({ maxReplyBytes: undefined })).body).toHaveLength(limit);
  answer(`HTTP/1.1 200 OK\r\n\r\n${"x".repeat(limit + 1)}`);
  await expect(ask({ maxReplyBytes: undefined })).rejects.toMatchObject({ code: "EMSGSIZE" });
});

it("gives up on silence", async () => {
  onConnection = () => undefined;
  await expect(ask({ idleTimeoutMs: 60 })).rejects.toMatchObject({ code: "ETIMEDOUT", name: "RequestTimeoutError" });
});

it("waits longer for a reply than for the connection", async () => {
  onConnection = (socket) => {
    socket.once("data", () => setTimeout(() => socket.end("HTTP/1.1 204 No Content\r\n\r\n"), 150));
  };
  expect(await ask({ connectTimeoutMs: 50 })).toMatchObject({ status: 204 });
});

it("gives up on a connection whose TLS never begins", async () => {
  onConnection = () => undefined;
  const url = `https://127.0.0.1:${(server.address() as AddressInfo).port}/k`;
  await expect(ask({ url, connectTimeoutMs: 60 })).rejects.toMatchObject({
    ...{ code: "ETIMEDOUT", name: "RequestTimeoutError", message: "no connection within 60 ms" },
  });
});

it("times out on a reply that trickles for ever", async () => {
  onConnection = (socket) => {
    socket.write("HTTP/1.1 200 OK\r\n\r\n");
    const drip = setInterval(() => socket.write("."), 20);
    socket.on("close", () => clearInterval(drip));
  };
  await expect(ask({ idleTimeoutMs: 1000, totalTimeoutMs: 150 })).rejects.toMatchObject({ code: "ETIMEDOUT" });
});

it("ends with the signal's reason, before and during the exchange", async () => {
  onConnection = () => undefined;
  const stop = new AbortController();
  const running = ask({ signal: stop.signal });
  setTimeout(() => stop.abort(new Error("enough")), 30);
  await expect(running).rejects.toThrow("enough");
  await expect(ask({ signal: stop.signal })).rejects.toThrow("enough");
});

describe("with a part of a file", () => {
  let rig: UploadRig;
  let file: LocalFile;
  let chunks: ChunkPool;
  const SIZE = 20 * 1024 * 1024;
  const body = () => new PartBody({ file, start: 0, end: SIZE, chunks, onSent: () => undefined });
  /** Acquires all chunks at once, which shows that none is still borrowed. */
  const expectAllReturned = async () => {
    const all = await Promise.all(Array.from({ length: CHUNKS }, () => chunks.acquire(AbortSignal.timeout(1000))));
    expect(all).toHaveLength(CHUNKS);
  };

  beforeEach(async () => {
    rig = await startUploadRig();
    file = await LocalFile.open(rig.writeFile("large.bak", Buffer.alloc(SIZE, 7)));
    chunks = new ChunkPool();
  });
  afterEach(async () => {
    await file.close();
    await rig.close();
  });

  it("reads a refusal that arrives before the body is sent, and stops sending", async () => {
    onConnection = (socket) => {
      // The server reads a little, answers and stops reading: further data would wait for ever.
      socket.once("data", () => {
        socket.pause();
        socket.write("HTTP/1.1 403 Forbidden\r\nContent-Length: 2\r\n\r\nno");
      });
    };
    const part = body();
    const reply = await ask({ body: part, headers: { "content-length": SIZE } });
    expect(reply.status).toBe(403);
    expect(part.crc64).toBeUndefined();
    await expectAllReturned();
  });

  it("releases everything when the connection breaks", async () => {
    onConnection = (socket) => socket.once("data", () => setTimeout(() => socket.resetAndDestroy(), 20));
    await expect(
      ask({ body: body(), headers: { "content-length": SIZE }, idleTimeoutMs: 20_000, totalTimeoutMs: 30_000 }),
    ).rejects.toMatchObject({
      code: expect.stringMatching(/ECONNRESET|EPIPE/),
    });
    await expectAllReturned();
  });

  it("releases everything when it is aborted without traffic", async () => {
    onConnection = (socket) => socket.pause();
    const stop = new AbortController();
    const running = ask({ body: body(), headers: { "content-length": SIZE }, signal: stop.signal });
    setTimeout(() => stop.abort(new Error("enough")), 100);
    await expect(running).rejects.toThrow("enough");
    await expectAllReturned();
  });

  it("ends with the file's fault when the file ends too early", async () => {
    onConnection = (socket) => socket.resume();
    const beyond = new PartBody({ file, start: SIZE - 10, end: SIZE + 10, chunks, onSent: () => undefined });
    await expect(ask({ body: beyond, headers: { "content-length": 20 } })).rejects.toMatchObject({
      code: "FILE_CHANGED",
    });
    await expectAllReturned();
  });
});
