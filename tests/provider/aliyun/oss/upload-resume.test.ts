import * as fs from "node:fs";
import { KEY, outcomeOf, PART, QUICK_RETRIES, seededBytes, startUploadRig, type UploadRig } from "./support/upload-rig";

let rig: UploadRig;
beforeEach(async () => {
  rig = await startUploadRig();
});
afterEach(() => rig.close());

const CONTENT = seededBytes(9 * PART + 777, 2);
const PARTS = 10;

/** A run that ends, as if killed, after `parts` parts. */
async function interruptAfter(parts: number, file: string, partSizeBytes = PART): Promise<void> {
  const id = rig.emulator.faults.add({
    match: { action: "UploadPart" },
    nth: [...Array(50).keys()].map((n) => n + 1 + parts),
    effect: { kind: "reset", at: "before" },
  });
  expect(await outcomeOf(rig.upload(file, { parallel: 1, retryBudgetMs: 0, partSizeBytes }))).toBe("OSS_UNAVAILABLE");
  rig.emulator.faults.remove(id);
  rig.forget();
}

const expectObject = async (content: Buffer): Promise<void> => {
  expect(content.equals((await rig.object()) ?? Buffer.alloc(0))).toBe(true);
  expect(rig.emulator.oss.uploads()).toEqual([]);
};

describe("an upload on the server", () => {
  it("is resumed by a process that knows only the file", async () => {
    const file = rig.writeFile("a.bak", CONTENT);
    await interruptAfter(4, file);
    const ids: string[] = [];
    const result = await rig.upload(file, { onUploadId: (id) => ids.push(id) });
    expect(result).toMatchObject({ outcome: "resumed", bytesSent: CONTENT.length - 4 * PART });
    expect(ids).toHaveLength(1);
    expect(rig.calls()).toMatchObject({ UploadPart: PARTS - 4, CompleteMultipartUpload: 1 });
    expect(rig.calls().InitiateMultipartUpload).toBeUndefined();
    await expectObject(CONTENT);
  });

  it("costs one HEAD when the object is complete", async () => {
    const file = rig.writeFile("a.bak", CONTENT);
    await rig.upload(file);
    rig.forget();
    const result = await rig.upload(file);
    expect(result).toMatchObject({ outcome: "alreadyThere", bytesSent: 0 });
    expect(rig.calls()).toEqual({ HeadObject: 1 });
  });

  it("aborts stale uploads beside the complete object on request", async () => {
    const file = rig.writeFile("a.bak", CONTENT);
    await rig.upload(file);
    await rig.beginUpload({ 1: CONTENT.subarray(0, PART) });
    const result = await rig.upload(file, { abortsStaleUploads: true });
    expect(result).toMatchObject({ outcome: "alreadyThere", bytesSent: 0 });
    expect(rig.emulator.oss.uploads()).toEqual([]);
  });

  it("is completed without sending anything when all parts exist", async () => {
    const file = rig.writeFile("a.bak", CONTENT);
    const id = rig.emulator.faults.add({
      match: { action: "CompleteMultipartUpload" },
      effect: { kind: "reset", at: "before" },
    });
    expect(await outcomeOf(rig.upload(file, { retryBudgetMs: 50 }))).toBe("OSS_UNAVAILABLE");
    rig.emulator.faults.remove(id);
    const result = await rig.upload(file);
    expect(result).toMatchObject({ outcome: "resumed", bytesSent: 0 });
    await expectObject(CONTENT);
  });

  it("is resumed with its own part size, whatever this run would choose", async () => {
    const file = rig.writeFile("a.bak", CONTENT);
    await interruptAfter(2, file, 2 * PART);
    const result = await rig.upload(file, { partSizeBytes: 3 * PART });
    expect(result).toMatchObject({ outcome: "resumed", bytesSent: CONTENT.length - 4 * PART });
    await expectObject(CONTENT);
  });

  it("is found among uploads of keys with the same prefix", async () => {
    const file = rig.writeFile("a.bak", CONTENT);
    const other = rig.writeFile("b.bak", seededBytes(3 * PART, 3));
    const stop = rig.emulator.faults.add({
      match: { action: "CompleteMultipartUpload" },
      effect: { kind: "reset", at: "before" },
    });
    await outcomeOf(rig.upload(other, { key: `${KEY}2`, retryBudgetMs: 0 }));
    rig.emulator.faults.remove(stop);
    await interruptAfter(1, file);
    expect(await outcomeOf(rig.upload(file))).toBe("resumed");
    expect(rig.emulator.oss.uploads().map(({ key }) => key)).toEqual([`${KEY}2`]);
  });

  it("does not count where it differs from the file", async () => {
    const file = rig.writeFile("a.bak", CONTENT);
    await interruptAfter(6, file);
    const rewritten = Buffer.from(CONTENT);
    rewritten.fill(0xbb, 2 * PART + 5, 2 * PART + 6); // one byte in the third part
    fs.writeFileSync(file, rewritten);
    const result = await rig.upload(file);
    expect(result).toMatchObject({ outcome: "resumed", bytesSent: CONTENT.length - 5 * PART });
    await expectObject(rewritten);
  });

  it("does not count without checksums", async () => {
    const file = rig.writeFile("a.bak", CONTENT);
    await interruptAfter(4, file);
    // The reply to ListParts is truncated in its first part: an unreadable reply is fetched again.
    rig.emulator.faults.add({ match: { action: "ListParts" }, nth: [1, 2], effect: { kind: "truncate", bytes: 400 } });
    expect(await outcomeOf(rig.upload(file))).toBe("resumed");
    await expectObject(CONTENT);
  });

  it("is sent again when the file is a different one", async () => {
    const file = rig.writeFile("a.bak", CONTENT);
    await interruptAfter(6, file);
    const shorter = seededBytes(3 * PART + 1, 8);
    fs.writeFileSync(file, shorter);
    expect((await rig.upload(file)).bytesSent).toBe(shorter.length);
    await expectObject(shorter);
  });
});

describe("several unfinished uploads of one key", () => {
  const part = (content: Buffer, number: number, size = PART): Buffer =>
    content.subarray((number - 1) * size, number * size);
  const abortedUploads = (): unknown[] =>
    rig.emulator.journal.entries
      .filter(({ action }) => action === "AbortMultipartUpload")
      .map(({ detail }) => detail.uploadId);

  it("resume the one with most of the file, and abort the others only when the object is right", async () => {
    const file = rig.writeFile("a.bak", CONTENT);
    const little = await rig.beginUpload({ 1: part(CONTENT, 1) });
    const most = await rig.beginUpload({ 2: part(CONTENT, 2), 3: part(CONTENT, 3), 7: part(CONTENT, 7) });
    const empty = await rig.beginUpload({});
    const ids: string[] = [];
    rig.forget();
    const result = await rig.upload(file, { onUploadId: (id) => ids.push(id) });
    expect(result).toMatchObject({ outcome: "resumed", bytesSent: CONTENT.length - 3 * PART });
    expect(ids).toEqual([most]);
    expect(abortedUploads().sort()).toEqual([little, empty].sort());
    const order = rig.emulator.journal.entries.map(({ action }) => action);
    const verified = order.indexOf("HeadObject", order.indexOf("CompleteMultipartUpload"));
    expect(order.indexOf("AbortMultipartUpload")).toBeGreaterThan(verified);
    await expectObject(CONTENT);
  });

  it("are compared with the file: one matching part wins over many of another file", async () => {
    const file = rig.writeFile("a.bak", CONTENT);
    const other = seededBytes(CONTENT.length, 12);
    const foreign = await rig.beginUpload({
      1: part(other, 1),
      2: part(other, 2),
      3: part(other, 3),
      4: part(other, 4),
    });
    const ours = await rig.beginUpload({ 5: part(CONTENT, 5) });
    const ids: string[] = [];
    const result = await rig.upload(file, { onUploadId: (id) => ids.push(id) });
    expect(ids).toEqual([ours]);
    expect(result.bytesSent).toBe(CONTENT.length - PART);
    expect(abortedUploads()).toEqual([foreign]);
    await expectObject(CONTENT);
  });

  it("may have different part sizes", async () => {
    const file = rig.writeFile("a.bak", CONTENT);
    const small = await rig.beginUpload({ 1: part(CONTENT, 1), 2: part(CONTENT, 2) });
    const large = await rig.beginUpload({ 1: part(CONTENT, 1, 3 * PART), 2: part(CONTENT, 2, 3 * PART) });
    const ids: string[] = [];
    const result = await rig.upload(file, { onUploadId: (id) => ids.push(id) });
    expect(ids).toEqual([large]);
    expect(result.bytesSent).toBe(CONTENT.length - 6 * PART);
    expect(abortedUploads()).toEqual([small]);
    await expectObject(CONTENT);
  });

  it("resume the newest of equals", async () => {
    const file = rig.writeFile("a.bak", CONTENT);
    await rig.beginUpload({ 1: part(CONTENT, 1) });
    rig.emulator.clock.offsetMs += 60_000; // an upload's time of birth has no finer grain than the service's clock
    const newer = await rig.beginUpload({ 2: part(CONTENT, 2) });
    const ids: string[] = [];
    await rig.upload(file, { onUploadId: (id) => ids.push(id) });
    expect(ids).toEqual([newer]);
    await expectObject(CONTENT);
  });

  it("are all kept when this run fails", async () => {
    const file = rig.writeFile("a.bak", CONTENT);
    await rig.beginUpload({ 1: part(CONTENT, 1) });
    await rig.beginUpload({ 2: part(CONTENT, 2), 3: part(CONTENT, 3) });
    rig.emulator.faults.add({
      match: { action: "CompleteMultipartUpload" },
      effect: { kind: "refuse", status: 403, code: "AccessDenied" },
    });
    expect(await outcomeOf(rig.upload(file))).toBe("OSS_ACCESS_DENIED");
    expect(rig.emulator.oss.uploads()).toHaveLength(2);
  });

  it("are named in the result when they cannot be aborted", async () => {
    const file = rig.writeFile("a.bak", CONTENT);
    const left = await rig.beginUpload({});
    await rig.beginUpload({ 1: part(CONTENT, 1) });
    rig.emulator.faults.add({
      match: { action: "AbortMultipartUpload" },
      effect: { kind: "refuse", status: 403, code: "AccessDenied" },
    });
    expect(await rig.upload(file)).toMatchObject({ outcome: "resumed", leftUploadIds: [left] });
  });

  it("may contain foreign parts that match no part size", async () => {
    const file = rig.writeFile("a.bak", CONTENT);
    await rig.beginUpload({ 1: Buffer.alloc(5), 2: part(CONTENT, 2), 4711: part(CONTENT, 3), 9: Buffer.alloc(0) });
    expect(await rig.upload(file)).toMatchObject({ outcome: "resumed", bytesSent: CONTENT.length - PART });
    await expectObject(CONTENT);
  });
});

describe("two uploaders at once", () => {
  it.each([1, 2, 3, 4])("end in one right object, whatever their timing (%d)", async (seed) => {
    const file = rig.writeFile("a.bak", CONTENT);
    rig.emulator.faults.add({ probability: 0.3, seed, effect: { kind: "delay", ms: 10 } });
    const outcomes = await Promise.all([rig.upload(file), rig.upload(file)].map(outcomeOf));
    for (const outcome of outcomes) expect(outcome).toMatch(/^(uploaded|resumed|alreadyThere)$/);
    await expectObject(CONTENT);
  });

  it.each([1, 2, 3])("end in one right object with different part sizes (%d)", async (seed) => {
    const file = rig.writeFile("a.bak", CONTENT);
    rig.emulator.faults.add({ probability: 0.3, seed, effect: { kind: "delay", ms: 10 } });
    const outcomes = await Promise.all(
      [PART, 2 * PART, 3 * PART].map((partSizeBytes) => outcomeOf(rig.upload(file, { partSizeBytes }))),
    );
    for (const outcome of outcomes) expect(outcome).toMatch(/^(uploaded|resumed|alreadyThere)$/);
    await expectObject(CONTENT);
  });

  it("of different files end in one of the two objects, and the other fails", async () => {
    const mine = rig.writeFile("a.bak", CONTENT);
    const theirs = rig.writeFile("b.bak", seededBytes(CONTENT.length, 77));
    const outcomes = await Promise.all([mine, theirs].map((file) => outcomeOf(rig.upload(file))));
    expect(outcomes.sort()).toEqual(["OBJECT_DIFFERS", expect.stringMatching(/^(uploaded|resumed)$/)]);
    const object = (await rig.object()) ?? Buffer.alloc(0);
    expect([mine, theirs].some((file) => fs.readFileSync(file).equals(object))).toBe(true);
    expect(rig.emulator.oss.uploads()).toEqual([]);
  });

  it("that abort each other's upload continue", async () => {
    const file = rig.writeFile("a.bak", CONTENT);
    const store = rig.store();
    let aborted = 0;
    const result = await rig.upload(file, {
      parallel: 1,
      onUploadId: (id) => {
        if (aborted++ < 2) setTimeout(() => store.abortUpload(rig.emulator.bucket, KEY, id), 20);
      },
    });
    expect(result.outcome).toBe("uploaded");
    await expectObject(CONTENT);
  });

  it("fail when the upload is aborted again and again", async () => {
    const file = rig.writeFile("a.bak", CONTENT);
    rig.emulator.faults.add({
      match: { action: "UploadPart" },
      effect: { kind: "refuse", status: 404, code: "NoSuchUpload" },
    });
    expect(await outcomeOf(rig.upload(file))).toBe("UPLOAD_DISTURBED");
    expect(await rig.object()).toBeUndefined();
  });
});

describe("another object under the key", () => {
  it.each([
    ["of another size", seededBytes(PART, 5)],
    ["of the same size", seededBytes(CONTENT.length, 6)],
  ])("%s is never overwritten, and nothing is sent", async (_, theirs) => {
    await rig.emulator.oss.putObject(rig.emulator.bucket, KEY, theirs);
    const file = rig.writeFile("a.bak", CONTENT);
    expect(await outcomeOf(rig.upload(file))).toBe("OBJECT_DIFFERS");
    expect(rig.calls()).toEqual({ HeadObject: 1 });
    expect(theirs.equals((await rig.object()) ?? Buffer.alloc(0))).toBe(true);
  });

  it("that is created meanwhile is not overwritten, and the parts of this run are deleted", async () => {
    const file = rig.writeFile("a.bak", CONTENT);
    const theirs = seededBytes(500, 7);
    let put: Promise<unknown> = Promise.resolve();
    const outcome = await outcomeOf(
      rig.upload(file, {
        onUploadId: () => {
          put = rig.emulator.oss.putObject(rig.emulator.bucket, KEY, theirs);
        },
      }),
    );
    await put;
    expect(outcome).toBe("OBJECT_DIFFERS");
    expect(theirs.equals((await rig.object()) ?? Buffer.alloc(0))).toBe(true);
    expect(rig.emulator.oss.uploads()).toEqual([]);
  });
});

it("aborts an upload that another process started while this run was sending", async () => {
  const file = rig.writeFile("a.bak", CONTENT);
  const other = rig.writeFile("b.bak", CONTENT);
  const ending = new AbortController();
  // Both have listed the uploads before either has started one.
  rig.emulator.faults.add({ match: { action: "InitiateMultipartUpload" }, effect: { kind: "delay", ms: 100 } });
  const killed = outcomeOf(
    rig.upload(other, { signal: ending.signal, onUploadId: () => ending.abort(new Error("killed")) }),
  );
  const result = await rig.upload(file);
  await killed;
  expect(result.outcome).toBe("uploaded");
  expect(rig.emulator.oss.uploads()).toEqual([]);
});

describe("a run that is killed", () => {
  it("at any request, before or after it takes effect, is resumed without sending received parts again", async () => {
    const parts = 4;
    const content = seededBytes((parts - 1) * PART + 99, 11);
    const parallel = 2;
    for (const at of ["before", "after"] as const) {
      for (let request = 1; ; request++) {
        const key = `killed/${at}-${request}.bak`;
        const file = rig.writeFile("k.bak", content);
        rig.forget();
        rig.emulator.faults.add({
          id: "kill",
          nth: [...Array(40).keys()].map((n) => n + request),
          effect: { kind: "reset", at },
        });
        const first = await outcomeOf(rig.upload(file, { key, parallel, retryBudgetMs: 0 }));
        const wasKilled = rig.emulator.faults.list().some(({ struck }) => struck > 0);
        rig.emulator.faults.clear();
        if (!wasKilled) {
          expect(first).toBe("uploaded");
          break;
        }
        // After Complete only stale uploads are listed, which may fail.
        expect(first).toBe(
          rig.calls().CompleteMultipartUpload === 1 && first === "uploaded" ? first : "OSS_UNAVAILABLE",
        );
        const again = await rig.upload(file, { key, parallel });
        expect(content.equals((await rig.object(key)) ?? Buffer.alloc(0))).toBe(true);
        expect(rig.emulator.oss.uploads()).toEqual([]);
        const arrived = rig.emulator.journal.entries.filter(
          (entry) => entry.action === "UploadPart" && entry.status === 200 && entry.detail.key === key,
        ).length;
        // Parts that arrived twice were in flight when the first run ended.
        expect(arrived - parts).toBeLessThanOrEqual(parallel);
        expect(again.bytesSent).toBeLessThanOrEqual(content.length);
      }
    }
  });
});

it("stops at the signal, keeps the uploaded parts, and resumes from them", async () => {
  const file = rig.writeFile("a.bak", CONTENT);
  const stop = new AbortController();
  rig.emulator.faults.add({ match: { action: "UploadPart" }, effect: { kind: "delay", ms: 20, at: "after" } });
  const upload = outcomeOf(rig.upload(file, { signal: stop.signal, parallel: 2 }));
  while ((rig.calls().UploadPart ?? 0) < 3) await new Promise((resolve) => setTimeout(resolve, 5));
  stop.abort();
  expect(await upload).toBe("UPLOAD_STOPPED");
  expect(rig.emulator.oss.uploads()).toHaveLength(1);
  await new Promise((resolve) => setTimeout(resolve, 50)); // what was under way at the service comes to its end
  const calls = rig.calls().UploadPart;
  await new Promise((resolve) => setTimeout(resolve, 50));
  expect(rig.calls().UploadPart).toBe(calls);
  expect(await outcomeOf(rig.upload(file))).toBe("resumed");
  await expectObject(CONTENT);
});

it("ends a wait for a retry at the signal", async () => {
  const file = rig.writeFile("a.bak", CONTENT);
  rig.emulator.faults.add({ effect: { kind: "refuse", status: 503, code: "ServiceBusy", retryAfterSeconds: 4 } });
  const stop = new AbortController();
  const startedMs = Date.now();
  const upload = rig.upload(
    file,
    { signal: stop.signal },
    rig.store({ retryTimes: { ...QUICK_RETRIES, budgetMs: 60_000 } }),
  );
  setTimeout(() => stop.abort(), 50);
  expect(await outcomeOf(upload)).toBe("UPLOAD_STOPPED");
  expect(Date.now() - startedMs).toBeLessThan(2000);
});
