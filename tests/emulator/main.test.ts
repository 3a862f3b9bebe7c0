import { spawn } from "node:child_process";
import { once } from "node:events";
import * as net from "node:net";
import * as path from "node:path";
import { startEmulator } from "../../emulator/emulator";
import { send, signedRequest } from "./support/signed-request";
import { type SpawnedEmulator, spawnEmulator } from "./support/spawn-emulator";

let emulator: SpawnedEmulator;
beforeAll(async () => {
  emulator = await spawnEmulator();
}, 30_000);
afterAll(() => emulator.stop("SIGTERM"));

const control = async (name: string) => {
  const reply = await send(emulator, {
    method: "POST",
    target: "/__emulator/control",
    body: JSON.stringify({ control: name }),
  });
  return JSON.parse(reply.text).result;
};

it("prints the client configuration as one line of JSON", () => {
  const line = emulator.output();
  expect(line.trimEnd().split("\n")).toHaveLength(1);
  expect(JSON.parse(line)).toEqual({
    endpoint: expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+$/),
    region: "cn-hangzhou",
    accessKeyId: expect.any(String),
    accessKeySecret: expect.any(String),
    instanceId: expect.stringMatching(/^rm-/),
    bucket: expect.any(String),
  });
});

it("starts with a bucket and an instance that a migration can use", async () => {
  const info = await signedRequest(emulator, { method: "GET", query: { bucketInfo: "" } });
  expect(info.text).toContain("<StorageClass>Standard</StorageClass>");
  expect(info.text).toContain("<SSEAlgorithm>None</SSEAlgorithm>");
  const { instances } = await control("rds.readState");
  expect(instances).toMatchObject([
    {
      id: emulator.instanceId,
      engineVersion: "2022_std_ha",
      status: "Running",
      dbMaxQuantity: 500,
      accounts: [{ type: "Super", status: "Available" }],
    },
  ]);
});

it.each(["SIGTERM", "SIGINT"] as const)(
  "exits with 0 on %s, also with open connections",
  async (signal) => {
    const own = await spawnEmulator();
    const socket = net.connect(own.port, "127.0.0.1");
    socket.on("error", () => undefined);
    socket.write("GET / HTTP/1.1\r\nHost: localhost\r\n\r\n");
    await once(socket, "data");
    const started = Date.now();
    expect(await own.stop(signal)).toBe(0);
    expect(Date.now() - started).toBeLessThan(2000);
    socket.destroy();
  },
  30_000,
);

it.each([["--port", "many"], ["--unknown"], ["--task-seconds", ""]])(
  "refuses %s %s and prints the usage",
  async (...args) => {
    const root = path.join(__dirname, "..", "..");
    const child = spawn(
      process.execPath,
      [
        path.join(root, "node_modules", "ts-node", "dist", "bin.js"),
        "--swc",
        path.join(root, "emulator", "main.ts"),
        ...args.filter((arg) => arg !== undefined),
      ],
      { cwd: root },
    );
    let errorOutput = "";
    child.stderr.on("data", (chunk: Buffer) => {
      errorOutput += chunk.toString();
    });
    const [code] = await once(child, "exit");
    expect([code, errorOutput]).toEqual([1, expect.stringContaining("usage:")]);
  },
  30_000,
);

it("reports a port that is in use", async () => {
  await expect(startEmulator({ port: emulator.port })).rejects.toThrow(/EADDRINUSE/);
});
