import type { ObjectStore } from "../../../../provider/aliyun/object-store";
import { fileCrc64 } from "../../../../provider/aliyun/oss/file-crc64";
import { seededBytes, startUploadRig, type UploadRig } from "./support/upload-rig";

let rig: UploadRig;
let store: ObjectStore;
let bucket: string;
beforeAll(async () => {
  rig = await startUploadRig();
  store = rig.store();
  ({ bucket } = rig.emulator);
});
afterEach(() => rig.emulator.faults.clear());
afterAll(() => rig.close());

const put = (key: string, bytes: Uint8Array) => rig.emulator.oss.putObject(bucket, key, bytes);

describe("a bucket's facts", () => {
  it("contain region, storage class, encryption, owner, ACL and versioning", async () => {
    rig.emulator.oss.makeBucket({ name: "plain-bucket", storageClass: "IA", region: "cn-shanghai" });
    rig.emulator.oss.makeBucket({ name: "sealed-bucket", serverSideEncryption: "AES256" });
    expect(await store.bucketFacts(bucket)).toEqual({
      name: bucket,
      region: "cn-hangzhou",
      storageClass: "Standard",
      serverSideEncryption: undefined,
      ownerId: rig.emulator.accountId,
      acl: "private",
      versioning: undefined,
    });
    rig.emulator.oss.makeBucket({ name: "open-bucket", acl: "public-read", versioning: "Suspended" });
    expect(await store.bucketFacts("open-bucket")).toMatchObject({ acl: "public-read", versioning: "Suspended" });
    expect(await store.bucketFacts("sealed-bucket")).toMatchObject({ serverSideEncryption: "AES256" });
  });

  it("of a missing bucket are an error with its name", async () => {
    await expect(store.bucketFacts("nobody-has-this-one")).rejects.toMatchObject({
      code: "OSS_NO_SUCH_BUCKET",
      what: expect.stringContaining("nobody-has-this-one"),
    });
  });

  it("of another account's bucket are refused with the missing action", async () => {
    rig.emulator.oss.makeBucket({ name: "foreign-bucket", ownerId: "1234567890123456" });
    await expect(store.bucketFacts("foreign-bucket")).rejects.toMatchObject({
      code: "OSS_ACCESS_DENIED",
      remedy: expect.stringContaining("oss:GetBucketInfo"),
    });
  });
});

describe("an object", () => {
  it("has facts, or undefined when it does not exist", async () => {
    const stored = await put("facts/a b+ü.bak", seededBytes(1000, 1));
    expect(await store.headObject(bucket, "facts/a b+ü.bak")).toMatchObject({
      bucket,
      key: "facts/a b+ü.bak",
      sizeBytes: 1000,
      crc64: stored.crc64,
      storageClass: "Standard",
      objectType: "Normal",
      lastModifiedMs: Math.floor(stored.lastModifiedMs / 1000) * 1000,
    });
    expect(await store.headObject(bucket, "facts/none.bak")).toBeUndefined();
  });

  it("can be deleted twice", async () => {
    await put("gone.bak", seededBytes(10, 1));
    await store.deleteObject(bucket, "gone.bak");
    await store.deleteObject(bucket, "gone.bak");
    expect(await store.headObject(bucket, "gone.bak")).toBeUndefined();
  });

  it("can be fetched by a signed URL while it is valid", async () => {
    const bytes = seededBytes(500, 2);
    await put("signed.bak", bytes);
    const url = await store.signedUrl(bucket, "signed.bak", 60);
    expect(Buffer.from(await (await fetch(url)).arrayBuffer()).equals(bytes)).toBe(true);
    rig.emulator.clock.offsetMs = 61_000;
    expect((await fetch(url)).status).toBe(403);
    rig.emulator.clock.offsetMs = 0;
  });
});

describe("a list of objects", () => {
  it("contains all pages of a prefix and nothing else", async () => {
    for (let index = 0; index < 1003; index++) {
      await put(`list/${String(index).padStart(4, "0")}.bak`, new Uint8Array(1));
    }
    await put("listed-not.bak", new Uint8Array(1));
    rig.forget();
    const objects = await store.listObjects(bucket, "list/");
    expect(objects).toHaveLength(1003);
    expect(new Set(objects.map(({ key }) => key)).size).toBe(1003);
    expect(objects[7]).toMatchObject({ bucket, key: "list/0007.bak", sizeBytes: 1, storageClass: "Standard" });
    expect(rig.calls()).toEqual({ ListObjectsV2: 2 });
  });

  it("may be empty", async () => {
    expect(await store.listObjects(bucket, "nothing/")).toEqual([]);
  });
});

describe("a range source", () => {
  it("reads any range, exactly", async () => {
    const bytes = seededBytes(10_000, 3);
    await put("range.bak", bytes);
    const facts = await store.headObject(bucket, "range.bak");
    if (facts === undefined) throw new Error("not there");
    const source = store.rangeSource(facts);
    expect(source).toMatchObject({ name: `oss://${bucket}/range.bak`, sizeBytes: 10_000 });
    for (const [start, end] of [
      [0, 1],
      [0, 10_000],
      [4095, 4097],
      [9999, 10_000],
      [5, 5],
    ] as const) {
      expect(Buffer.from(await source.read(start, end)).equals(bytes.subarray(start, end))).toBe(true);
    }
    await expect(source.read(9999, 10_001)).rejects.toMatchObject({ code: "OBJECT_CHANGED" });
  });

  it("reads again after a broken reply, and never returns fewer bytes", async () => {
    const bytes = seededBytes(5000, 4);
    await put("broken.bak", bytes);
    const facts = await store.headObject(bucket, "broken.bak");
    if (facts === undefined) throw new Error("not there");
    rig.emulator.faults.add({ match: { action: "GetObject" }, nth: [1, 2], effect: { kind: "truncate", bytes: 100 } });
    expect(Buffer.from(await store.rangeSource(facts).read(10, 4000)).equals(bytes.subarray(10, 4000))).toBe(true);
  });

  it("detects that the object was replaced or deleted", async () => {
    await put("moving.bak", seededBytes(5000, 5));
    const facts = await store.headObject(bucket, "moving.bak");
    if (facts === undefined) throw new Error("not there");
    const source = store.rangeSource(facts);
    await put("moving.bak", seededBytes(5000, 6));
    await expect(source.read(0, 10)).rejects.toMatchObject({ code: "OBJECT_CHANGED" });
    rig.emulator.oss.removeObject(bucket, "moving.bak");
    await expect(source.read(0, 10)).rejects.toMatchObject({ code: "OBJECT_CHANGED" });
  });
});

describe("an unfinished upload", () => {
  it("can be aborted twice", async () => {
    const uploadId = await rig.beginUpload({ 1: seededBytes(10, 1) }, "ended.bak");
    await store.abortUpload(bucket, "ended.bak", uploadId);
    expect(rig.emulator.oss.uploads(bucket)).toEqual([]);
    await store.abortUpload(bucket, "ended.bak", uploadId);
  });
});

it("computes the checksum of a file that the service returns for the object", async () => {
  const bytes = seededBytes(700_001, 8);
  const { crc64 } = await put("sum.bak", bytes);
  let heard = 0;
  expect(await fileCrc64(rig.writeFile("sum.bak", bytes), { onBytes: (count) => (heard += count) })).toBe(crc64);
  expect(heard).toBe(bytes.length);
});
