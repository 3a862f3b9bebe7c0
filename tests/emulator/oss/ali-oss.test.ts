import { randomBytes } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { type Emulator, startEmulator } from "../../../emulator/emulator";
import { Crc64 } from "../../../emulator/oss/crc64";
import { aliOssClient, ossErrorOf } from "../support/ali-oss-client";

const AWKWARD_KEY = "folder/a b+c%d~*'()!&=ü中.bak";
const PART_BYTES = 102_400;

let emulator: Emulator;
let folder: string;
beforeAll(async () => {
  emulator = await startEmulator();
  folder = mkdtempSync(path.join(os.tmpdir(), "ali-oss-"));
});
afterAll(async () => {
  await emulator.close();
  rmSync(folder, { recursive: true, force: true });
});

const crcOf = (bytes: Uint8Array) => new Crc64().update(bytes).digest();

describe.each([
  { name: "V4", v1: false },
  { name: "V1", v1: true },
])("ali-oss with $name", ({ v1 }) => {
  it("puts, heads, gets, lists and deletes an object with special characters in its name", async () => {
    const client = aliOssClient(emulator, { v1 });
    const put = await client.put(AWKWARD_KEY, Buffer.from("content"), { meta: { a: "b" } as never });
    expect(put.res.headers).toMatchObject({
      etag: '"9A0364B9E99BB480DD25E1F0284C8555"',
      "content-md5": "mgNkuembtIDdJeHwKEyFVQ==",
    });
    const head = await client.head(AWKWARD_KEY);
    expect(head.meta).toEqual({ a: "b" });
    expect(head.res.headers).toMatchObject({
      "content-length": "7",
      "x-oss-object-type": "Normal",
      "x-oss-storage-class": "Standard",
      "x-oss-hash-crc64ecma": crcOf(Buffer.from("content")),
    });
    expect((await client.get(AWKWARD_KEY)).content.toString()).toBe("content");
    expect((await client.get(AWKWARD_KEY, { headers: { Range: "bytes=1-3" } })).content.toString()).toBe("ont");
    const listed = await client.listV2({ prefix: "folder/", "max-keys": "10" }, {});
    expect(listed.objects.map(({ name }) => name)).toEqual([AWKWARD_KEY]);
    expect((await client.delete(AWKWARD_KEY)).res.status).toBe(204);
    expect(await ossErrorOf(client.head(AWKWARD_KEY))).toMatchObject({ code: "NoSuchKey", status: 404 });
  });

  it("uploads a file with multipartUpload", async () => {
    const content = randomBytes(5 * PART_BYTES + 17); // random, so that misplaced parts change the content
    const file = path.join(folder, "parts.bin");
    writeFileSync(file, content);
    const client = aliOssClient(emulator, { v1 });
    await client.multipartUpload("parts.bin", file, { partSize: PART_BYTES, parallel: 3 });
    expect((await emulator.oss.getObject(emulator.bucket, "parts.bin")).equals(content)).toBe(true);
    const head = await client.head("parts.bin");
    expect(head.res.headers).toMatchObject({
      "x-oss-hash-crc64ecma": crcOf(content),
      "x-oss-object-type": "Multipart",
    });
    const across = await client.get("parts.bin", { headers: { Range: `bytes=${PART_BYTES - 5}-${PART_BYTES + 4}` } });
    expect(across.content.equals(content.subarray(PART_BYTES - 5, PART_BYTES + 5))).toBe(true);
  });

  it("lists parts and uploads, and aborts an upload", async () => {
    const client = aliOssClient(emulator, { v1 });
    const { uploadId } = await client.initMultipartUpload("unfinished.bin");
    await client.uploadPart("unfinished.bin", uploadId, 2, Buffer.alloc(PART_BYTES, 2), 0, PART_BYTES);
    await client.uploadPart("unfinished.bin", uploadId, 1, Buffer.alloc(PART_BYTES, 1), 0, PART_BYTES);
    const { parts, isTruncated } = await client.listParts(
      "unfinished.bin",
      uploadId,
      { "max-parts": "1" } as never,
      {},
    );
    expect({ parts, isTruncated }).toMatchObject({
      parts: { PartNumber: "1", Size: `${PART_BYTES}`, HashCrc64ecma: crcOf(Buffer.alloc(PART_BYTES, 1)) },
      isTruncated: "true",
    });
    const uploads = await client.listUploads({ prefix: "unfinished" }, {});
    expect(uploads.uploads.map((upload: { uploadId: string }) => upload.uploadId)).toEqual([uploadId]);
    await client.abortMultipartUpload("unfinished.bin", uploadId);
    expect(await ossErrorOf(client.listParts("unfinished.bin", uploadId, {} as never, {}))).toMatchObject({
      code: "NoSuchUpload",
      status: 404,
    });
  });

  it("creates, describes, lists and deletes a bucket", async () => {
    const client = aliOssClient(emulator, { v1 });
    await client.putBucket("made-by-client", { storageClass: "IA" } as never);
    const info = await aliOssClient(emulator, { v1, bucket: "made-by-client" }).getBucketInfo("made-by-client");
    expect(info.bucket).toMatchObject({ Location: "oss-cn-hangzhou", StorageClass: "IA", Name: "made-by-client" });
    // The types declare an array; 6.23.0 returns an object that contains it.
    const listed: unknown = await client.listBuckets({ prefix: "made" });
    expect(listed).toMatchObject({ buckets: [{ name: "made-by-client", storageClass: "IA" }] });
    await aliOssClient(emulator, { v1, bucket: "made-by-client" }).deleteBucket("made-by-client");
    expect(await ossErrorOf(client.getBucketInfo("made-by-client"))).toMatchObject({
      code: "NoSuchBucket",
      status: 404,
    });
  });

  it("deletes several objects in one request", async () => {
    const client = aliOssClient(emulator, { v1 });
    await client.put("several/1 &<", Buffer.from("1"));
    await client.put("several/2", Buffer.from("2"));
    const { deleted } = await client.deleteMulti(["several/1 &<", "several/2", "several/missing"]);
    expect(deleted).toHaveLength(3);
    expect((await client.listV2({ prefix: "several/" }, {})).objects).toEqual([]);
  });
});

it("pages through listings with every kind of empty parameter that ali-oss sends", async () => {
  const client = aliOssClient(emulator);
  for (const name of ["page/1", "page/2", "page/sub/3"]) await client.put(name, Buffer.from(name));
  const query = {
    prefix: "page/",
    delimiter: "",
    "start-after": undefined,
    "max-keys": "2",
    "fetch-owner": true,
  } as never;
  const first = await client.listV2(query, {});
  expect(first.objects.map(({ name }) => name)).toEqual(["page/1", "page/2"]);
  const second = await client.listV2({ prefix: "page/", "continuation-token": first.nextContinuationToken }, {});
  expect(second.objects.map(({ name }) => name)).toEqual(["page/sub/3"]);
  const folded = await client.listV2({ prefix: "page/", delimiter: "/" }, {});
  expect({ objects: folded.objects.length, prefixes: folded.prefixes }).toEqual({
    objects: 2,
    prefixes: ["page/sub/"],
  });
  const old = await client.list({ prefix: "page/", "max-keys": 1 }, {});
  expect(old).toMatchObject({ isTruncated: true, nextMarker: "page/1" });
});
