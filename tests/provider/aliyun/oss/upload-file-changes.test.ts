import * as fs from "node:fs";
import * as path from "node:path";
import { fileCrc64 } from "../../../../provider/aliyun/oss/file-crc64";
import { interceptReads } from "./support/intercept-reads";
import { outcomeOf, PART, seededBytes, startUploadRig, type UploadRig } from "./support/upload-rig";

let rig: UploadRig;
beforeEach(async () => {
  rig = await startUploadRig();
});
afterEach(() => {
  jest.restoreAllMocks();
  return rig.close();
});

const CONTENT = seededBytes(8 * PART, 21);

/** Uploads slowly, changes the file after two parts, and returns the result. */
async function uploadDuring(file: string, change: () => void): Promise<unknown> {
  rig.emulator.faults.add({ match: { action: "UploadPart" }, effect: { kind: "delay", ms: 15 } });
  const upload = rig.upload(file, { parallel: 1 }).catch((error: unknown) => error);
  while ((rig.calls().UploadPart ?? 0) < 2) await new Promise((resolve) => setTimeout(resolve, 2));
  change();
  const end = await upload;
  rig.emulator.faults.clear();
  return end;
}

describe.each([
  ["grows", (file: string) => fs.appendFileSync(file, "more"), /had 819200 bytes, now it has 819204/],
  ["shrinks", (file: string) => fs.truncateSync(file, 3 * PART), /ends at byte|now it has/],
  [
    "is rewritten in place at the same size",
    (file: string) => {
      const descriptor = fs.openSync(file, "r+");
      fs.writeSync(descriptor, seededBytes(PART, 99), 0, PART, 0); // a part that is uploaded already
      fs.closeSync(descriptor);
    },
    /was written to/,
  ],
  [
    "is rewritten in place, its times put back",
    (file: string) => {
      const { atime, mtime } = fs.statSync(file);
      const descriptor = fs.openSync(file, "r+");
      fs.writeSync(descriptor, seededBytes(PART, 99), 0, PART, 0);
      fs.closeSync(descriptor);
      fs.utimesSync(file, atime, mtime);
    },
    // utimes has microseconds, so on some file systems the modification time differs in its last digits.
    /content differs|was written to/,
  ],
  [
    "is replaced by another file of its size",
    (file: string) => {
      fs.writeFileSync(`${file}.new`, seededBytes(CONTENT.length, 98));
      fs.renameSync(`${file}.new`, file);
    },
    /another file replaced it/,
  ],
  ["is deleted", (file: string) => fs.unlinkSync(file), /no longer exists/],
] as const)("a file that %s during the upload", (_, change, words) => {
  it("creates no object, and the next run uploads the new file", async () => {
    const file = rig.writeFile("a.bak", CONTENT);
    const end = await uploadDuring(file, () => change(file));
    expect(end).toMatchObject({ code: "FILE_CHANGED", what: expect.stringMatching(words) });
    expect(await rig.object()).toBeUndefined();
    expect(rig.calls().CompleteMultipartUpload).toBeUndefined();

    if (!fs.existsSync(file)) return;
    await rig.upload(file);
    expect(fs.readFileSync(file).equals((await rig.object()) ?? Buffer.alloc(0))).toBe(true);
    expect(rig.emulator.oss.uploads()).toEqual([]);
  });
});

it("uploads a file whose rights or change time change meanwhile, because its content is the same", async () => {
  const file = rig.writeFile("a.bak", CONTENT);
  const end = await uploadDuring(file, () => fs.chmodSync(file, 0o600));
  expect(end).toMatchObject({ outcome: "uploaded" });
  expect(CONTENT.equals((await rig.object()) ?? Buffer.alloc(0))).toBe(true);
});

it("detects content that was changed and put back only in its times, in the checksum of a manifest too", async () => {
  const file = rig.writeFile("a.bak", CONTENT);
  // Whole seconds, which every file system keeps.
  fs.utimesSync(file, 1_700_000_000, 1_700_000_000);
  let isChanged = false;
  const onBytes = () => {
    if (isChanged) return;
    isChanged = true;
    const descriptor = fs.openSync(file, "r+");
    fs.writeSync(descriptor, Buffer.from("changed"), 0, 7, 0);
    fs.closeSync(descriptor);
    fs.utimesSync(file, 1_700_000_000, 1_700_000_000);
  };
  await expect(fileCrc64(file, { onBytes })).rejects.toMatchObject({
    code: "FILE_CHANGED",
    what: expect.stringMatching(/content differs/),
  });
});

it("detects a rewrite between two runs although size and time are the same", async () => {
  const file = rig.writeFile("a.bak", CONTENT);
  const { atime, mtime } = fs.statSync(file);
  const id = rig.emulator.faults.add({
    match: { action: "UploadPart" },
    nth: [...Array(50).keys()].map((n) => n + 5),
    effect: { kind: "reset", at: "before" },
  });
  expect(await outcomeOf(rig.upload(file, { parallel: 1, retryBudgetMs: 0 }))).toBe("OSS_UNAVAILABLE");
  rig.emulator.faults.remove(id);
  const rewritten = seededBytes(CONTENT.length, 22);
  fs.writeFileSync(file, rewritten);
  fs.utimesSync(file, atime, mtime);
  expect(await outcomeOf(rig.upload(file))).toBe("uploaded");
  expect(rewritten.equals((await rig.object()) ?? Buffer.alloc(0))).toBe(true);
});

it("detects a change while it compares the file with an existing object", async () => {
  const file = rig.writeFile("a.bak", CONTENT);
  await rig.upload(file);
  const end = await outcomeOf(
    rig.upload(file, { onProgress: ({ phase }) => phase === "comparing" && fs.appendFileSync(file, "x") }),
  );
  expect(end).toBe("FILE_CHANGED");
});

describe("a file that cannot be read", () => {
  it("is reported when it does not exist", async () => {
    const error = await rig.upload("/no/such/file.bak").catch((reason: unknown) => reason);
    expect(error).toMatchObject({
      code: "FILE_UNREADABLE",
      what: "[backup] /no/such/file.bak cannot be read.\nReason: no such file or directory (ENOENT).",
    });
  });

  it("is refused when it is a folder", async () => {
    expect(await outcomeOf(rig.upload(__dirname))).toBe("FILE_UNREADABLE");
  });

  it("is refused when it is empty", async () => {
    expect(await outcomeOf(rig.upload(rig.writeFile("empty.bak", Buffer.alloc(0))))).toBe("BACKUP_EMPTY");
  });

  it("fails with the system's message when the disk fails, and resumes later", async () => {
    const file = rig.writeFile("a.bak", CONTENT);
    let reads = 0;
    interceptReads(file, async () => {
      if (++reads === 5) throw Object.assign(new Error("EIO: i/o error, read"), { code: "EIO" });
    });
    const error = await rig.upload(file, { parallel: 1 }).catch((reason: unknown) => reason);
    expect(error).toMatchObject({ code: "FILE_UNREADABLE", what: expect.stringContaining("i/o error (EIO)") });
    expect(rig.calls().UploadPart).toBeLessThanOrEqual(5); // no retry of a read that failed
    jest.restoreAllMocks();
    expect(await outcomeOf(rig.upload(file))).toBe("resumed");
    expect(CONTENT.equals((await rig.object()) ?? Buffer.alloc(0))).toBe(true);
  });
});

it("needs only read access to the file and its folder", async () => {
  const file = rig.writeFile("a.bak", CONTENT);
  fs.chmodSync(file, 0o444);
  const before = fs.readdirSync(path.dirname(file));
  await rig.upload(file);
  expect(fs.readdirSync(path.dirname(file))).toEqual(before); // no checkpoint beside it
});
