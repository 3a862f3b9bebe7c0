import { execFile, spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { promisify } from "node:util";
import { type Emulator, startEmulator } from "../../emulator/emulator";
import { backupBytes } from "../../testing/backup-writer/write-backup";
import { preparePython } from "./python-environment";

const run = promisify(execFile);
const MIB = 1024 ** 2;

const python = preparePython();
if ("missing" in python) console.warn(`SKIPPED: the Python clients cannot be installed here: ${python.missing}`);
else if (!python.hasOptional) console.warn("SKIPPED: oss2 cannot be installed here");
const executable = "missing" in python ? "" : python.python;
const itWithPython = "missing" in python ? it.skip : it;
const itWithOss2 = "missing" in python || !python.hasOptional ? it.skip : it;

let emulator: Emulator;
let folder: string;

beforeAll(async () => {
  emulator = await startEmulator({ taskMs: 500 });
  folder = mkdtempSync(path.join(os.tmpdir(), "foreign-clients-"));
});

afterAll(async () => {
  await emulator.close();
  rmSync(folder, { recursive: true, force: true });
});

beforeEach(() => emulator.faults.clear());

function environment(keys: { accessKeyId: string; accessKeySecret: string; securityToken?: string } = emulator) {
  return {
    PATH: process.env.PATH,
    OSS_ACCESS_KEY_ID: keys.accessKeyId,
    OSS_ACCESS_KEY_SECRET: keys.accessKeySecret,
    ...(keys.securityToken === undefined ? {} : { OSS_SESSION_TOKEN: keys.securityToken }),
    ALIBABA_CLOUD_ECS_METADATA_DISABLED: "true", // otherwise the credentials package queries a metadata server
  };
}

/** Runs a script of this folder and returns the JSON document it printed. */
async function converse(script: string, args: string[], env = environment()): Promise<unknown> {
  const { stdout } = await run(executable, [path.join(__dirname, script), ...args], { env, cwd: folder });
  return JSON.parse(stdout);
}

function randomFile(name: string, sizeBytes: number): { file: string; content: Buffer } {
  const content = randomBytes(sizeBytes); // compared byte by byte, so any content works
  const file = path.join(folder, name);
  writeFileSync(file, content);
  return { file, content };
}

const requestsOf = (action: string, key: string) =>
  emulator.journal.entries.filter((entry) => entry.action === action && entry.detail.key === key);

describe("the uploader from the vendor's documentation", () => {
  itWithPython("uploads a file in parts of 1 MiB", async () => {
    const { file, content } = randomFile("whole.bak", 5 * MIB + 12_345);
    const said = await converse("upload_documented_way.py", [emulator.endpoint, emulator.bucket, "whole.bak", file]);
    expect(said).toEqual(
      expect.objectContaining({
        status: 200,
        crc64: emulator.oss.objects(emulator.bucket).find(({ key }) => key === "whole.bak")?.crc64,
      }),
    );
    expect((await emulator.oss.getObject(emulator.bucket, "whole.bak")).equals(content)).toBe(true);
    expect(requestsOf("UploadPart", "whole.bak")).toHaveLength(6);
  });

  itWithPython("works with temporary keys, and not with expired ones", async () => {
    const { file } = randomFile("sts.bak", 1000);
    const args = [emulator.endpoint, emulator.bucket, "sts.bak", file];
    const valid = await emulator.sts.issue(900);
    expect(await converse("upload_documented_way.py", args, environment(valid))).toEqual(
      expect.objectContaining({ status: 200 }),
    );
    const expired = await emulator.sts.issue(-1);
    await expect(converse("upload_documented_way.py", args, environment(expired))).rejects.toThrow(
      /SecurityTokenExpired/,
    );
  });

  itWithPython("continues after a SIGKILL with the existing parts", async () => {
    const { file, content } = randomFile("killed.bak", 12 * MIB);
    emulator.faults.add({
      match: { action: "UploadPart", params: { key: "killed.bak", partNumber: 7 } },
      effect: { kind: "delay", ms: 30_000 },
    });
    const args = [
      path.join(__dirname, "upload_documented_way.py"),
      emulator.endpoint,
      emulator.bucket,
      "killed.bak",
      file,
    ];
    const first = spawn(executable, args, { env: environment(), cwd: folder, stdio: "ignore" });
    const ended = new Promise((resolve) => first.once("exit", resolve));
    while (emulator.oss.uploads()[0]?.parts.length !== 11) await new Promise((resolve) => setTimeout(resolve, 20));
    first.kill("SIGKILL");
    await ended;
    emulator.faults.clear();
    const sentBefore = requestsOf("UploadPart", "killed.bak").length;

    await converse("upload_documented_way.py", [emulator.endpoint, emulator.bucket, "killed.bak", file]);

    expect((await emulator.oss.getObject(emulator.bucket, "killed.bak")).equals(content)).toBe(true);
    expect(requestsOf("InitiateMultipartUpload", "killed.bak")).toHaveLength(1);
    // Parts 1 to 6 existed; the client keeps the contiguous parts and sends the rest again.
    const sentAgain = requestsOf("UploadPart", "killed.bak")
      .slice(sentBefore)
      .filter(({ status }) => status === 200);
    expect(sentAgain.map(({ detail }) => Number(detail.partNumber)).sort((a, b) => a - b)).toEqual([
      7, 8, 9, 10, 11, 12,
    ]);
    expect(emulator.oss.uploads()).toEqual([]);
  });

  itWithPython("recovers from a refused part, a cut connection and a wrong checksum", async () => {
    const { file, content } = randomFile("faulty.bak", 4 * MIB);
    const part = (partNumber: number) => ({ action: "UploadPart", params: { key: "faulty.bak", partNumber } });
    emulator.faults.add({
      match: part(1),
      times: 1,
      effect: { kind: "refuse", status: 503, code: "ServiceUnavailable" },
    });
    emulator.faults.add({ match: part(2), times: 1, effect: { kind: "reset", at: "during" } });
    emulator.faults.add({
      match: part(3),
      times: 1,
      effect: { kind: "headers", set: { "x-oss-hash-crc64ecma": "1" } },
    });
    emulator.faults.add({ match: part(4), times: 1, effect: { kind: "reset", at: "after" } });
    await converse("upload_documented_way.py", [emulator.endpoint, emulator.bucket, "faulty.bak", file]);
    expect((await emulator.oss.getObject(emulator.bucket, "faulty.bak")).equals(content)).toBe(true);
    expect(emulator.faults.list().map(({ struck }) => struck)).toEqual([1, 1, 1, 1]);
  });
});

describe.each(["v4", "v1"])("alibabacloud-oss-v2 with signature %s", (version) => {
  itWithPython("reads ranges, lists, completes and gets the refusals of the service", async () => {
    const seed = Uint8Array.from({ length: 1000 }, (_, index) => index % 251);
    await emulator.oss.putObject(emulator.bucket, "seed.bin", seed);
    const said = await converse("oss_conversation.py", [emulator.endpoint, emulator.bucket, version]);
    expect(said).toEqual({
      range: { status: 206, contentRange: "bytes 100-199/1000", bytes: [100, 101, 102, 103] },
      rangeOutside: { code: "InvalidRange", status: 416, ec: expect.any(String) },
      awkward: { listed: true, content: "awkward" },
      forbidOverwrite: { code: "FileAlreadyExists", status: 409, ec: expect.any(String) },
      parts: [1, 2, 3].map((number) => ({ number, size: 102_400, same: true })),
      unfinished: ["parts.bin"],
      wrongOrder: { code: "InvalidPartOrder", status: 400, ec: expect.any(String) },
      completed: { crcAgrees: true, size: 307_200, type: "Multipart" },
      gone: { code: "NoSuchUpload", status: 404, ec: expect.any(String) },
      bucket: { location: "oss-cn-hangzhou", class: "Standard" },
      noKey: { code: "NoSuchKey", status: 404, ec: "0026-00000001" },
      exists: [true, true, false],
      presigned: "awkward",
      presignedForHead: 403,
    });
    emulator.oss.removeObject(emulator.bucket, "folder/a b+c%d~*'()!&=ü中.bak");
  });
});

describe("oss2", () => {
  itWithOss2("works with both signatures", async () => {
    const said = await converse("oss2_conversation.py", [emulator.endpoint, emulator.bucket]);
    const each = {
      content: "content",
      range: "ont",
      listed: 1,
      parts: [1, 2],
      size: 204_800,
      missing: [404, "NoSuchBucket"],
    };
    expect(said).toEqual({ v1: each, v4: each });
  });
});

describe.each(["acs3", "v2"])("alibabacloud_rds20140815 with signature %s", (algorithm) => {
  itWithPython("migrates a backup and reads the task, its file, the instance and the role", async () => {
    const databaseName = `Sales_${algorithm}`;
    const key = `backups/${databaseName}_FULL_20240501020000.bak`;
    await emulator.oss.putObject(emulator.bucket, key, backupBytes({ databaseName, type: "full" }));
    const said = await converse("rds_conversation.py", [
      emulator.host,
      emulator.instanceId,
      emulator.bucket,
      key,
      databaseName,
      algorithm,
    ]);
    expect(said).toEqual({
      instance: ["SQLServer", "2022_std_ha", "Running"],
      task: [databaseName, "FULL", "Success"],
      files: [path.posix.basename(key)],
      nameTaken: { code: "InvalidDBName", status: 403 },
      wrongSecret: { code: expect.stringMatching(/^(SignatureDoesNotMatch|IncompleteSignature)$/), status: 400 },
      role: "AliyunRDSImportRole",
    });
  });
});
