import type { FaultRuleInput } from "../../../../emulator/faults/fault-rule";
import { outcomeOf, PART, QUICK_RETRIES, seededBytes, startUploadRig, type UploadRig } from "./support/upload-rig";

/**
 * The uploader against a failing network and service, like restic's backend tests: for any injected fault, the result
 * is the right object or a catalogue error, and never a wrong object.
 */
let rig: UploadRig;
beforeEach(async () => {
  rig = await startUploadRig();
});
afterEach(() => rig.close());

const CONTENT = seededBytes(5 * PART + 4321, 1);
const PARTS = 6;

/** Uploads under temporary faults, and expects the object and no unfinished upload. */
async function expectSurvived(...rules: FaultRuleInput[]): Promise<void> {
  const file = rig.writeFile("a.bak", CONTENT);
  for (const rule of rules) rig.emulator.faults.add(rule);
  expect(await outcomeOf(rig.upload(file))).toMatch(/^(uploaded|resumed)$/);
  expect(CONTENT.equals((await rig.object()) ?? Buffer.alloc(0))).toBe(true);
  expect(rig.emulator.oss.uploads()).toEqual([]);
}

/** Uploads under permanent faults, and expects the code and no object. */
async function expectRefused(code: string, ...rules: FaultRuleInput[]): Promise<void> {
  const file = rig.writeFile("a.bak", CONTENT);
  for (const rule of rules) rig.emulator.faults.add(rule);
  expect(await outcomeOf(rig.upload(file))).toBe(code);
  expect(await rig.object()).toBeUndefined();
}

const CALLS = [
  "HeadObject",
  "ListMultipartUploads",
  "InitiateMultipartUpload",
  "UploadPart",
  "CompleteMultipartUpload",
] as const;

describe.each(CALLS)("when %s fails", (action) => {
  it.each([500, 502, 503, 504, 408, 429])("survives three answers of %d", (status) =>
    expectSurvived({ match: { action }, times: 3, effect: { kind: "refuse", status, code: "InternalError" } }),
  );

  it.each(["before", "during", "after"] as const)("survives a connection reset %s the work is done", (at) =>
    expectSurvived({ match: { action }, nth: 1, effect: { kind: "reset", at } }),
  );

  it("survives a truncated reply", () =>
    expectSurvived({ match: { action }, nth: 1, effect: { kind: "truncate", bytes: 0 } }));

  it("survives a proxy's error page, of status 502 or, once, of 200", () =>
    expectSurvived(
      { match: { action }, nth: 1, effect: { kind: "html", status: 502 } },
      { match: { action }, nth: 2, effect: { kind: "html", status: action === "HeadObject" ? 503 : 200 } },
    ));

  it("survives a clock that is 20 minutes off", () =>
    expectSurvived({ match: { action }, nth: 1, effect: { kind: "clock", offsetMs: 20 * 60_000 } }));
});

describe("a connection that dies silently", () => {
  it.each(["UploadPart", "CompleteMultipartUpload"])("is detected by the idle time-out (%s)", async (action) => {
    const file = rig.writeFile("a.bak", CONTENT);
    rig.emulator.faults.add({ match: { action }, nth: 1, effect: { kind: "delay", ms: 5000, at: "after" } });
    const startedMs = Date.now();
    const store = rig.store({ timeouts: { idleMs: 150 } });
    expect(await outcomeOf(rig.upload(file, {}, store))).toBe("uploaded");
    expect(Date.now() - startedMs).toBeLessThan(4000);
    expect(CONTENT.equals((await rig.object()) ?? Buffer.alloc(0))).toBe(true);
  });

  it("is detected by the total time-out, even when bytes trickle", async () => {
    rig.emulator.faults.add({ match: { action: "HeadObject" }, nth: 1, effect: { kind: "delay", ms: 5000 } });
    const store = rig.store({ timeouts: { controlMs: 150 } });
    expect(await outcomeOf(rig.upload(rig.writeFile("a.bak", CONTENT), {}, store))).toBe("uploaded");
  });
});

describe("storms", () => {
  it.each([1, 2, 3, 4, 5, 6])("survives half of all requests failing, seed %d", (seed) =>
    expectSurvived(
      { probability: 0.2, seed, effect: { kind: "refuse", status: 503, code: "ServiceBusy" } },
      { probability: 0.15, seed: seed + 100, effect: { kind: "reset", at: "after" } },
      { probability: 0.1, seed: seed + 200, effect: { kind: "reset", at: "during" } },
      { probability: 0.05, seed: seed + 300, effect: { kind: "truncate", bytes: 3 } },
    ),
  );

  it("survives a complete outage within the retry budget", async () => {
    const file = rig.writeFile("a.bak", CONTENT);
    let parts = 0;
    const id = rig.emulator.faults.add({ match: { action: "UploadPart" }, effect: { kind: "delay", ms: 10 } });
    const store = rig.store({ retryTimes: { ...QUICK_RETRIES, maxDelayMs: 40 } });
    const upload = rig.upload(file, { onUploadId: () => parts++ }, store);
    rig.emulator.faults.remove(id);
    const outage = rig.emulator.faults.add({
      nth: [...Array(40).keys()].map((n) => n + 4),
      effect: { kind: "reset", at: "before" },
    });
    expect(await outcomeOf(upload)).toBe("uploaded");
    expect(rig.emulator.faults.list().find(({ rule }) => rule.id === outage)?.struck).toBe(40);
    expect(CONTENT.equals((await rig.object()) ?? Buffer.alloc(0))).toBe(true);
  });

  it("fails after the retry budget, keeps the uploaded parts, and resumes from them", async () => {
    const file = rig.writeFile("a.bak", CONTENT);
    const id = rig.emulator.faults.add({
      match: { action: "UploadPart" },
      nth: [...Array(2000).keys()].map((n) => n + 4),
      effect: { kind: "refuse", status: 503, code: "ServiceBusy", message: "Please slow down." },
    });
    const failed = await rig.upload(file, { retryBudgetMs: 200 }).catch((error: unknown) => error);
    expect(failed).toMatchObject({
      code: "OSS_UNAVAILABLE",
      retry: "passes",
      service: { status: 503, code: "ServiceBusy" },
    });
    expect(rig.emulator.oss.uploads()).toHaveLength(1);
    rig.emulator.faults.remove(id);
    const result = await rig.upload(file);
    expect(result.outcome).toBe("resumed");
    // A part that was on its way when the upload gave up may still arrive, after the fault is gone.
    expect([3, 4, 5].map((kept) => CONTENT.length - kept * PART)).toContain(result.bytesSent);
    expect(CONTENT.equals((await rig.object()) ?? Buffer.alloc(0))).toBe(true);
  });

  it("waits for Retry-After", async () => {
    const file = rig.writeFile("a.bak", CONTENT);
    rig.emulator.faults.add({
      match: { action: "UploadPart" },
      nth: 1,
      effect: { kind: "refuse", status: 503, code: "ServiceBusy", retryAfterSeconds: 1 },
    });
    const startedMs = Date.now();
    await rig.upload(file);
    expect(Date.now() - startedMs).toBeGreaterThanOrEqual(1000);
  });

  it("does not wait for a Retry-After that exceeds the retry budget", async () => {
    rig.emulator.faults.add({ effect: { kind: "refuse", status: 503, code: "ServiceBusy", retryAfterSeconds: 3600 } });
    expect(await outcomeOf(rig.upload(rig.writeFile("a.bak", CONTENT)))).toBe("OSS_UNAVAILABLE");
  });
});

describe("checksums", () => {
  const wrong = { "x-oss-hash-crc64ecma": "12345" };

  it("sends a part again that arrived with a wrong checksum", async () => {
    await expectSurvived({ match: { action: "UploadPart" }, nth: [2, 3], effect: { kind: "headers", set: wrong } });
    expect(rig.calls().UploadPart).toBe(PARTS + 2);
  });

  it("fails when a part keeps arriving with a wrong checksum, and completes nothing", async () => {
    const match = { action: "UploadPart", params: { partNumber: 4 } };
    await expectRefused("PART_CORRUPT", { match, effect: { kind: "headers", set: wrong } });
    expect(rig.calls().CompleteMultipartUpload).toBeUndefined();
  });

  it("does not trust a part whose reply has no checksum", () =>
    expectRefused("PART_CORRUPT", {
      match: { action: "UploadPart" },
      effect: { kind: "headers", set: { "x-oss-hash-crc64ecma": "" } },
    }));

  it("deletes its own object when its checksum is wrong", async () => {
    await expectRefused("OBJECT_CORRUPT", {
      match: { action: "HeadObject" },
      nth: 2,
      effect: { kind: "headers", set: wrong },
    });
    expect(rig.calls().DeleteObject).toBe(1);
  });

  it("reports a wrong object that it may not delete", async () => {
    const file = rig.writeFile("a.bak", CONTENT);
    rig.emulator.faults.add({ match: { action: "HeadObject" }, nth: 2, effect: { kind: "headers", set: wrong } });
    rig.emulator.faults.add({
      match: { action: "DeleteObject" },
      effect: { kind: "refuse", status: 403, code: "AccessDenied" },
    });
    const error = await rig.upload(file).catch((reason: unknown) => reason);
    expect(error).toMatchObject({ code: "OBJECT_CORRUPT" });
    expect(String(error)).toMatch(/could not be deleted: OSS_ACCESS_DENIED/);
  });

  it("does not accept an object without a checksum", async () => {
    rig.emulator.faults.add({
      match: { action: "HeadObject" },
      nth: 2,
      effect: { kind: "headers", set: { "x-oss-hash-crc64ecma": "" } },
    });
    expect(await outcomeOf(rig.upload(rig.writeFile("a.bak", CONTENT)))).toBe("OBJECT_UNVERIFIED");
  });

  it("checks the object itself when the reply to Complete contradicts it", () =>
    expectSurvived({ match: { action: "CompleteMultipartUpload" }, effect: { kind: "headers", set: wrong } }));
});

describe("Complete", () => {
  it("is confirmed by HEAD when its reply is lost: nothing is sent twice", async () => {
    await expectSurvived({
      match: { action: "CompleteMultipartUpload" },
      nth: 1,
      effect: { kind: "reset", at: "after" },
    });
    expect(rig.calls()).toMatchObject({ UploadPart: PARTS, InitiateMultipartUpload: 1 });
  });

  it("is confirmed by HEAD when every reply is a proxy's page although it took effect", async () => {
    await expectSurvived({
      match: { action: "CompleteMultipartUpload" },
      effect: { kind: "html", status: 502, afterwards: true },
    });
    expect(rig.calls()).toMatchObject({ UploadPart: PARTS, InitiateMultipartUpload: 1 });
  });

  it("is repeated when the object does not exist afterwards", async () => {
    const file = rig.writeFile("a.bak", CONTENT);
    rig.emulator.faults.add({
      match: { action: "HeadObject" },
      nth: 2,
      effect: { kind: "refuse", status: 404, code: "NoSuchKey" },
    });
    expect(await outcomeOf(rig.upload(file))).toMatch(/^(uploaded|alreadyThere)$/);
    expect(CONTENT.equals((await rig.object()) ?? Buffer.alloc(0))).toBe(true);
  });
});

describe("permanent refusals", () => {
  it.each([
    ["HeadObject", 403, "AccessDenied", "OSS_ACCESS_DENIED", "oss:GetObject"],
    ["ListMultipartUploads", 403, "AccessDenied", "OSS_ACCESS_DENIED", "oss:ListMultipartUploads"],
    ["InitiateMultipartUpload", 403, "AccessDenied", "OSS_ACCESS_DENIED", "oss:PutObject"],
    ["UploadPart", 403, "AccessDenied", "OSS_ACCESS_DENIED", "oss:PutObject"],
    ["UploadPart", 403, "SignatureDoesNotMatch", "OSS_CREDENTIALS_REFUSED", "secret"],
    ["UploadPart", 403, "InvalidAccessKeyId", "OSS_CREDENTIALS_REFUSED", "AccessKey"],
    ["CompleteMultipartUpload", 409, "FileImmutable", "OSS_OBJECT_RETAINED", "WORM"],
    ["UploadPart", 403, "UserDisable", "OSS_ACCOUNT_DISABLED", "overdue"],
    ["UploadPart", 400, "InvalidArgument", "OSS_REFUSED", "InvalidArgument"],
    ["CompleteMultipartUpload", 403, "AccessDenied", "OSS_ACCESS_DENIED", "oss:PutObject"],
  ])("reports %s %d %s as %s", async (action, status, serviceCode, code, word) => {
    const file = rig.writeFile("a.bak", CONTENT);
    rig.emulator.faults.add({ match: { action }, effect: { kind: "refuse", status, code: serviceCode } });
    const error: unknown = await rig.upload(file).catch((reason: unknown) => reason);
    expect(error).toMatchObject({ code, service: { operation: action, status, code: serviceCode } });
    expect(String(error)).toContain(word);
    expect(Reflect.get(Object(Reflect.get(Object(error), "service")), "requestId")).toMatch(/^[0-9A-F]{16,}$/);
    expect(rig.calls()[action]).toBeLessThanOrEqual(3); // no retry; other parts may be under way
    expect(await rig.object()).toBeUndefined();
  });

  it("reports a missing bucket", async () => {
    const file = rig.writeFile("a.bak", CONTENT);
    expect(await outcomeOf(rig.upload(file, { bucket: "no-such-bucket-anywhere" }))).toBe("OSS_NO_SUCH_BUCKET");
  });

  it("fails after a few attempts on a proxy that answers instead of OSS, and quotes the reply", async () => {
    const file = rig.writeFile("a.bak", CONTENT);
    rig.emulator.faults.add({ match: { action: "ListMultipartUploads" }, effect: { kind: "html", status: 403 } });
    const error: unknown = await rig.upload(file).catch((reason: unknown) => reason);
    expect(error).toMatchObject({ code: "OSS_REPLY_UNREADABLE" });
    expect(String(error)).toContain("ListMultipartUploads");
    expect(rig.calls().ListMultipartUploads).toBe(4);
  });

  it("fails on a list that stays garbled", () =>
    expectRefused("OSS_REPLY_UNREADABLE", {
      match: { action: "ListMultipartUploads" },
      effect: { kind: "corrupt", atByte: 1 },
    }));

  it("finds the upload in the list after a garbled reply", async () => {
    await expectSurvived({ match: { action: "InitiateMultipartUpload" }, effect: { kind: "corrupt", atByte: 1 } });
    expect(rig.calls().InitiateMultipartUpload).toBe(1);
  });

  it("reports a clock that cannot be corrected", () =>
    expectRefused("OSS_CLOCK_SKEWED", {
      effect: { kind: "refuse", status: 403, code: "RequestTimeTooSkewed", message: "The difference is too large." },
    }));

  it("fails within the first-contact budget when nothing answers", async () => {
    const file = rig.writeFile("a.bak", CONTENT);
    const endpoint = { region: "cn-hangzhou", url: "http://127.0.0.1:1", cname: false };
    const store = rig.store({ endpoint, retryTimes: { ...QUICK_RETRIES, budgetMs: 60_000, firstContactMs: 100 } });
    const error: unknown = await rig.upload(file, {}, store).catch((reason: unknown) => reason);
    expect(error).toMatchObject({ code: "OSS_UNAVAILABLE", service: { code: "ECONNREFUSED" } });
  });

  it("fails within the first-contact budget when the name does not resolve", async () => {
    const file = rig.writeFile("a.bak", CONTENT);
    const endpoint = { region: "cn-hangzhou", url: "http://oss.invalid", cname: true };
    const store = rig.store({ endpoint, retryTimes: { ...QUICK_RETRIES, firstContactMs: 100 } });
    const error: unknown = await rig.upload(file, {}, store).catch((reason: unknown) => reason);
    expect(error).toMatchObject({ code: "OSS_UNAVAILABLE" });
    expect(String(error)).toMatch(/ENOTFOUND|EAI_AGAIN/);
  });
});

it("retries change nothing in the object", async () => {
  // Compares the object's bytes part by part after faults on parts only.
  const file = rig.writeFile("a.bak", CONTENT);
  rig.emulator.faults.add({
    match: { action: "UploadPart" },
    probability: 0.5,
    seed: 9,
    effect: { kind: "reset", at: "during" },
  });
  await rig.upload(file);
  expect(CONTENT.equals((await rig.object()) ?? Buffer.alloc(0))).toBe(true);
});
