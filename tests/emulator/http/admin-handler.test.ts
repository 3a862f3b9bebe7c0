import { type Emulator, startEmulator } from "../../../emulator/emulator";
import { send, signedRequest } from "../support/signed-request";

let emulator: Emulator;
beforeAll(async () => {
  emulator = await startEmulator();
});
afterAll(() => emulator.close());

const admin = async (method: string, path: string, document?: unknown) => {
  const reply = await send(emulator, {
    method,
    target: `/__emulator/${path}`,
    body: document === undefined ? undefined : JSON.stringify(document),
  });
  return { status: reply.status, document: JSON.parse(reply.text) };
};
const control = (name: string, argument?: unknown) => admin("POST", "control", { control: name, argument });

it("returns the journal from any entry on without journaling the request", async () => {
  await signedRequest(emulator, { method: "PUT", key: "seen.bin", body: "x" });
  const { document } = await admin("GET", "journal");
  expect(document).toEqual([
    {
      request: 1,
      atMs: expect.any(Number),
      service: "oss",
      action: "PutObject",
      status: 200,
      detail: { bucket: emulator.bucket, key: "seen.bin", bytes: 1 },
    },
  ]);
  expect((await admin("GET", "journal?from=1")).document).toEqual([]);
});

it("adds, lists and clears faults", async () => {
  const rules = [{ effect: { kind: "delay", ms: 0 } }, { id: "second", effect: { kind: "truncate", bytes: 1 } }];
  expect((await admin("POST", "faults", rules)).document).toEqual({ ids: ["fault-1", "second"] });
  expect((await admin("GET", "faults")).document).toHaveLength(2);
  await admin("DELETE", "faults?id=second");
  expect((await admin("GET", "faults")).document).toHaveLength(1);
  await admin("DELETE", "faults");
  expect((await admin("GET", "faults")).document).toEqual([]);
});

it("adds no rule of a list with an invalid rule", async () => {
  const reply = await admin("POST", "faults", [{ effect: { kind: "delay", ms: 0 } }, { effect: { kind: "unknown" } }]);
  expect(reply.status).toBe(400);
  expect((await admin("GET", "faults")).document).toEqual([]);
});

it("creates buckets, stores files, issues keys and sets the clock", async () => {
  expect((await control("oss.makeBucket", { name: "by-control", storageClass: "IA" })).status).toBe(200);
  expect(emulator.objects.bucket("by-control")).toMatchObject({ storageClass: "IA" });
  expect(
    (await control("oss.putFile", { bucket: "by-control", key: "this.ts", path: __filename })).document.result,
  ).toMatchObject({ key: "this.ts" });
  expect((await control("oss.objects", { name: "by-control" })).document.result).toHaveLength(1);
  expect((await control("sts.issue", { expiresInSeconds: 60 })).document.result).toMatchObject({
    accessKeyId: expect.stringMatching(/^STS\./),
  });
  await control("clock.set", { offsetMs: 5000 });
  expect(emulator.clock.offsetMs).toBe(5000);
  await control("clock.set", { offsetMs: 0 });
});

it("runs the controls of the services", async () => {
  expect((await admin("GET", "control")).document).toEqual(
    expect.arrayContaining(["oss.makeBucket", "rds.setInstance", "ram.removeRole"]),
  );
  expect((await control("rds.setInstance", { id: emulator.instanceId, status: "Rebooting" })).status).toBe(200);
  expect((await control("rds.readState", {})).document.result.instances).toMatchObject([{ status: "Rebooting" }]);
});

it("reports invalid requests", async () => {
  expect(await control("no.such")).toEqual({ status: 400, document: { error: "no such control: no.such" } });
  expect((await control("clock.set", { offset: 1 })).status).toBe(400);
  expect((await admin("POST", "control")).status).toBe(400);
  expect((await admin("GET", "nothing")).status).toBe(404);
});
