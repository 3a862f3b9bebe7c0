import type { CredentialSource, Credentials } from "../../../../provider/aliyun/object-store";
import { outcomeOf, PART, seededBytes, startUploadRig, type UploadRig } from "./support/upload-rig";

let rig: UploadRig;
beforeEach(async () => {
  rig = await startUploadRig();
});
afterEach(() => rig.close());

const CONTENT = seededBytes(6 * PART, 31);

/** Returns sets of temporary keys of the emulator in order; the last one repeatedly. */
function sourceOf(...seconds: number[]): CredentialSource & { asked: (boolean | undefined)[] } {
  const asked: (boolean | undefined)[] = [];
  let held: Promise<Credentials> | undefined;
  return {
    asked,
    get(options) {
      asked.push(options?.fresh);
      if (held === undefined || (options?.fresh === true && seconds.length > 0)) {
        held = rig.emulator.sts.issue(seconds.shift() ?? 3600);
      }
      return held;
    },
  };
}

const upload = (credentials: CredentialSource, parallel?: number) =>
  rig.upload(rig.writeFile("a.bak", CONTENT), { parallel }, rig.store({ credentials }));

it("fetches new keys when the service reports expired ones, and restarts nothing", async () => {
  const credentials = sourceOf(3600, 3600);
  const done = outcomeOf(upload(credentials));
  while ((rig.calls().UploadPart ?? 0) < 2) await new Promise((resolve) => setTimeout(resolve, 2));
  rig.emulator.clock.offsetMs = 2 * 3600_000; // the service's time passes the keys' end
  expect(await done).toBe("uploaded");
  expect(credentials.asked).toEqual([false, true]); // once for all parts that met the refusal
  expect(rig.calls()).toMatchObject({ InitiateMultipartUpload: 1, CompleteMultipartUpload: 1 });
  expect(CONTENT.equals((await rig.object()) ?? Buffer.alloc(0))).toBe(true);
});

it("replaces keys that expired before the first call", async () => {
  const credentials = sourceOf(-10, 3600);
  expect(await outcomeOf(upload(credentials))).toBe("uploaded");
});

it("fails with the advice to run again when a static token expired, and keeps the uploaded parts", async () => {
  const id = rig.emulator.faults.add({
    match: { action: "UploadPart" },
    nth: [...Array(50).keys()].map((n) => n + 4),
    effect: { kind: "refuse", status: 403, code: "SecurityTokenExpired" },
  });
  const held = await rig.emulator.sts.issue(3600);
  const error = await upload({ get: async () => held }, 1).catch((reason: unknown) => reason);
  expect(error).toMatchObject({
    code: "OSS_CREDENTIALS_EXPIRED",
    remedy: expect.stringContaining("run pulumi up again"),
  });
  expect(String(error)).not.toContain(held.securityToken);
  expect(rig.emulator.oss.uploads()[0]?.parts).toHaveLength(3);
  rig.emulator.faults.remove(id);
  expect(await outcomeOf(upload(sourceOf(3600)))).toBe("resumed");
});

it("fetches new keys before the old ones expire", async () => {
  let nowMs = Date.now();
  const asked: string[] = [];
  const credentials: CredentialSource = {
    async get() {
      asked.push(new Date(nowMs).toISOString());
      return { ...(await rig.emulator.sts.issue(3600)), expiresAtMs: nowMs + 3600_000 };
    },
  };
  const store = rig.store({ credentials, clock: () => nowMs });
  const head = () => store.headObject(rig.emulator.bucket, "x");
  await head();
  await head();
  expect(asked).toHaveLength(1);
  nowMs += 54 * 60_000;
  await head();
  expect(asked).toHaveLength(1);
  nowMs += 2 * 60_000;
  await head();
  expect(asked).toHaveLength(2);
});

it("fails at once with a catalogue error without credentials", async () => {
  const credentials: CredentialSource = { get: () => Promise.reject(new Error("nothing found")) };
  await expect(upload(credentials)).rejects.toThrow("nothing found");
});

it.each([-20, 20])("corrects a clock that is %d minutes off", async (minutes) => {
  rig.emulator.clock.offsetMs = minutes * 60_000;
  expect(await outcomeOf(upload(rig.credentials()))).toBe("uploaded");
  // One refusal corrects the clock; later calls succeed at once.
  const refused = rig.emulator.journal.entries.filter(({ code }) => code === "RequestTimeTooSkewed");
  expect(refused).toHaveLength(1);
});

it("corrects a clock that is set while parts are sent", async () => {
  const done = upload(rig.credentials());
  while ((rig.calls().UploadPart ?? 0) < 2) await new Promise((resolve) => setTimeout(resolve, 2));
  rig.emulator.clock.offsetMs = 45 * 60_000;
  expect(await outcomeOf(done)).toBe("uploaded");
  expect(CONTENT.equals((await rig.object()) ?? Buffer.alloc(0))).toBe(true);
});

it.each(["a line\nbreak", "schlüssel-密钥"])(
  "a key that no header can carry (%j) is an error of the client at once, not a fault of the network",
  async (accessKeyId) => {
    let tries = 0;
    const credentials: CredentialSource = {
      get: async () => {
        tries++;
        return { accessKeyId, accessKeySecret: "S3cr3t" };
      },
    };
    const store = rig.store({ credentials });
    const error: unknown = await store.bucketFacts(rig.emulator.bucket).catch((reason: unknown) => reason);
    expect(error).toMatchObject({ code: "REQUEST_NOT_SENT", what: expect.stringContaining("GetBucketInfo") });
    expect(String(error)).toContain("Reason: ERR_INVALID_CHAR");
    expect(String(error)).not.toMatch(/S3cr3t|line|密钥/);
    expect(await outcomeOf(upload(credentials))).toBe("REQUEST_NOT_SENT");
    expect(tries).toBeLessThanOrEqual(4);
    expect(rig.calls()).toEqual({});
  },
);
