import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { connect, createServer, type Server, type Socket } from "node:net";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { setTimeout as sleep } from "node:timers/promises";
import { Fixture, until } from "../../../testing/fixture";
import { ROOT } from "./support/compiled-commands";

jest.setTimeout(60_000);

const COMMAND = join(ROOT, "dist", "provider", "cli", "sqlserver-migration.js");
const HOUR_MS = 3_600_000;

let fixture: Fixture;
let temporary: string;
beforeEach(async () => {
  fixture = await Fixture.open();
  temporary = join(fixture.folder, "tmp");
  mkdirSync(temporary);
  writeFileSync(join(fixture.folder, "databases.json"), JSON.stringify({ version: 1, databases: [] }));
});
afterEach(() => fixture.close());

const slow = (action: string, ms: number, at: "before" | "after" = "before") =>
  fixture.emulator.faults.add({ match: { action }, effect: { kind: "delay", ms, at } });
const uploads = () => fixture.emulator.oss.uploads();
const isUploading = () => uploads().some(({ parts }) => parts.length > 0);
const hasBegun = (action: string) => () => fixture.since(0).includes(`oss:${action}`);

/** Starts `plan --measure` as a process of its own. */
function measure(env: Record<string, string> = {}) {
  const { bucket, region } = fixture.emulator;
  const args = ["plan", join(fixture.folder, "databases.json"), "--measure", "--bucket", bucket, "--region", region];
  const child: ChildProcess = spawn(process.execPath, [COMMAND, ...args], {
    env: { ...fixture.env, TMPDIR: temporary, HOME: fixture.folder, ...env },
  });
  if (child.stdout === null || child.stderr === null) throw new Error("the process has no pipes");
  const ended = Promise.all([once(child, "exit"), text(child.stdout), text(child.stderr)]).then(
    ([[exit, signal], out, err]) => ({ exit, signal, out, err }),
  );
  return { child, ended };
}

const expectNothingLeft = () => {
  const { oss, bucket } = fixture.emulator;
  expect([uploads(), oss.objects(bucket), readdirSync(temporary)]).toEqual([[], [], []]);
};

test.each(["SIGINT", "SIGTERM", "SIGHUP"] as const)("%s in the middle leaves nothing", async (signal) => {
  slow("UploadPart", 300);
  const { child, ended } = measure();
  await until(isUploading);
  child.kill(signal);
  expect(await ended).toMatchObject({ exit: 1, out: "", err: `sqlserver-migration: stopped by ${signal}\n` });
  expectNothingLeft();
});

test("a Ctrl-C that npx forwards is the same stop, and one that comes later ends the process", async () => {
  slow("UploadPart", 300);
  const first = measure();
  await until(isUploading);
  first.child.kill("SIGINT");
  await sleep(20);
  first.child.kill("SIGINT");
  expect(await first.ended).toMatchObject({ exit: 1, err: "sqlserver-migration: stopped by SIGINT\n" });
  expectNothingLeft();

  slow("AbortMultipartUpload", 4_000);
  const second = measure();
  await until(isUploading);
  second.child.kill("SIGINT");
  await sleep(1_200);
  second.child.kill("SIGINT");
  expect(await second.ended).toMatchObject({ exit: null, signal: "SIGINT" });
});

test.each([
  ["begins", "InitiateMultipartUpload"],
  ["completes", "CompleteMultipartUpload"],
] as const)("a stop that loses the reply to the call that %s the upload leaves nothing", async (_, action) => {
  slow(action, 3_000, "after");
  const { child, ended } = measure();
  await until(hasBegun(action));
  child.kill("SIGINT");
  expect(await ended).toMatchObject({ exit: 1, err: "sqlserver-migration: stopped by SIGINT\n" });
  expectNothingLeft();
});

test("a refusal in the middle leaves nothing, and one of the removal names what is left", async () => {
  const { faults } = fixture.emulator;
  const effect = { kind: "refuse" as const, status: 403, code: "AccessDenied" };
  faults.add({ match: { action: "UploadPart" }, nth: 20, effect });
  const refused = await measure().ended;
  expect(refused).toMatchObject({ exit: 1, out: "", err: expect.stringContaining("OSS_ACCESS_DENIED") });
  expect(refused.err).not.toContain("--measure: delete");
  expectNothingLeft();

  faults.add({ match: { action: ["UploadPart", "AbortMultipartUpload"] }, effect });
  const { exit, err } = await measure().ended;
  const [left] = uploads();
  expect(exit).toBe(1);
  expect(err).toMatch(/^sqlserver-migration: OSS_ACCESS_DENIED/);
  expect(err).toContain(`--measure: delete oss://${fixture.emulator.bucket}/${left?.key} and its unfinished upload`);
});

test("a network that comes back after a break leaves nothing", async () => {
  const network = await startNetwork(Number(new URL(fixture.emulator.endpoint).port));
  slow("UploadPart", 200);
  const { ended } = measure({ ALIBABA_CLOUD_ENDPOINT_OSS: `http://127.0.0.1:${network.port}` });
  await until(isUploading);
  network.cut(1_500);
  expect(await ended).toMatchObject({ exit: 0, err: "", out: expect.stringMatching(/upload .* measured with /) });
  expectNothingLeft();
  await network.close();
});

test("what SIGKILL leaves has a name of its own, and a run that comes an hour later removes it", async () => {
  const { emulator } = fixture;
  emulator.clock.offsetMs = -HOUR_MS - 60_000;
  const rule = slow("UploadPart", 300);
  const killed = measure();
  await until(isUploading);
  killed.child.kill("SIGKILL");
  await killed.ended;
  expect(uploads()).toEqual([expect.objectContaining({ key: expect.stringMatching(/^sqlserver-migration-probe-/) })]);
  await emulator.oss.putObject(emulator.bucket, "sqlserver-migration-probe-old", Buffer.from("x"));
  await emulator.oss.putObject(emulator.bucket, "backups/erp.bak", Buffer.from("x"));

  // Another machine may be measuring: what is not old stays.
  emulator.faults.remove(rule);
  emulator.clock.offsetMs = 0;
  await emulator.oss.putObject(emulator.bucket, "sqlserver-migration-probe-new", Buffer.from("x"));
  expect(await measure().ended).toMatchObject({ exit: 0, err: "" });
  expect(uploads()).toEqual([]);
  expect(emulator.oss.objects(emulator.bucket).map(({ key }) => key)).toEqual([
    "backups/erp.bak",
    "sqlserver-migration-probe-new",
  ]);
});

/** A port that leads to another one, and that can break all connections and refuse new ones for a while. */
async function startNetwork(target: number) {
  const sockets = new Set<Socket>();
  let isCut = false;
  const server: Server = createServer((socket) => {
    if (isCut) return void socket.destroy();
    const onward = connect({ host: "127.0.0.1", port: target });
    for (const [one, other] of [
      [socket, onward],
      [onward, socket],
    ] as const) {
      sockets.add(one);
      one.on("error", () => other.destroy()).on("close", () => sockets.delete(one));
      one.pipe(other);
    }
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  const breakAll = () => {
    for (const socket of sockets) socket.destroy();
  };
  return {
    port: (server.address() as { port: number }).port,
    cut(ms: number) {
      isCut = true;
      breakAll();
      setTimeout(() => {
        isCut = false;
      }, ms);
    },
    async close() {
      breakAll();
      server.close();
      await once(server, "close");
    },
  };
}
