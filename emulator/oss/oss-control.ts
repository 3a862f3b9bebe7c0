import { createReadStream } from "node:fs";
import { z } from "zod";
import type { StoredObject } from "../world";
import { versioningDocument } from "./bucket-configuration";
import { ENCRYPTIONS } from "./encryption";
import { encryptionDocument } from "./encryption-rule";
import { STORAGE_CLASSES } from "./object-attributes";
import { describeStored } from "./object-reader";
import type { OssStore } from "./oss-store";
import { checkObjectKey, isBucketName } from "./oss-target";

const bucketSchema = z.strictObject({
  name: z.string().refine(isBucketName, "3 to 63 of a-z, 0-9 and -, beginning and ending with a letter or digit"),
  /** Without `oss-`. @default the emulator's region */
  region: z.string().optional(),
  storageClass: z.enum(STORAGE_CLASSES).default("Standard"),
  /** Server-side encryption of new objects. @default none */
  serverSideEncryption: z.enum(ENCRYPTIONS).optional(),
  acl: z.enum(["private", "public-read", "public-read-write"]).default("private"),
  /** Only shown: an object keeps one version. @default never switched on */
  versioning: z.enum(["Enabled", "Suspended"]).optional(),
  /** With another account's id, every request to the bucket returns 403. @default the emulator's account */
  ownerId: z.string().optional(),
});

const attributesSchema = z.strictObject({
  storageClass: z.enum(STORAGE_CLASSES).optional(),
  serverSideEncryption: z.enum(ENCRYPTIONS).optional(),
  /** Milliseconds since the epoch. @default now */
  lastModifiedMs: z.number().optional(),
});

export type BucketSettings = z.input<typeof bucketSchema>;
export type ObjectSettings = z.input<typeof attributesSchema>;

export interface UnfinishedUpload {
  bucket: string;
  key: string;
  uploadId: string;
  initiatedMs: number;
  parts: { partNumber: number; sizeBytes: number; crc64: string }[];
}

/** Lets tests set up and inspect stored data without OSS requests. The journal does not record these calls. */
export interface OssControl {
  /** Creates a bucket, or changes an existing bucket and keeps its objects. */
  makeBucket(settings: BucketSettings): void;
  /** Removes a bucket with its objects and uploads. */
  removeBucket(name: string): void;
  /** Stores an object. `content` is the bytes or the path of a file. */
  putObject(
    bucket: string,
    key: string,
    content: Uint8Array | string,
    settings?: ObjectSettings,
  ): Promise<StoredObject>;
  getObject(bucket: string, key: string): Promise<Buffer>;
  removeObject(bucket: string, key: string): void;
  objects(bucket: string): StoredObject[];
  uploads(bucket?: string): UnfinishedUpload[];
}

export function createOssControl(
  store: OssStore,
  site: { ownerId: string; region: string; now: () => number },
): OssControl {
  const bucketNamed = (name: string) => {
    const bucket = store.state.buckets.get(name);
    if (bucket === undefined) throw new Error(`no bucket ${name}`);
    return bucket;
  };
  return {
    makeBucket(settings) {
      const { serverSideEncryption, versioning, region, ownerId, ...rest } = bucketSchema.parse(settings);
      store.commit({
        type: "bucketPut",
        bucket: {
          ...rest,
          region: region ?? site.region,
          ownerId: ownerId ?? site.ownerId,
          createdMs: site.now(),
          dataRedundancyType: "LRS",
          configurations: {
            ...(serverSideEncryption === undefined
              ? {}
              : { encryption: encryptionDocument({ algorithm: serverSideEncryption }) }),
            ...(versioning === undefined ? {} : { versioning: versioningDocument(versioning) }),
          },
        },
      });
    },
    removeBucket(name) {
      store.commit({ type: "bucketDeleted", name });
    },
    async putObject(bucket, key, content, settings = {}) {
      const { storageClass, serverSideEncryption, lastModifiedMs } = attributesSchema.parse(settings);
      checkObjectKey(key);
      bucketNamed(bucket);
      const stored = await store.blobs.store(
        typeof content === "string" ? createReadStream(content) : oneChunk(content),
      );
      const object = {
        key,
        contentType: "application/octet-stream",
        headers: {},
        storageClass: storageClass ?? bucketNamed(bucket).storageClass,
        serverSideEncryption,
        sizeBytes: stored.sizeBytes,
        crc64: stored.crc64,
        etag: stored.md5.toString("hex").toUpperCase(),
        contentMd5: stored.md5.toString("base64"),
        lastModifiedMs: lastModifiedMs ?? site.now(),
        type: "Normal" as const,
        segments: [{ blob: stored.blob, sizeBytes: stored.sizeBytes }],
      };
      store.commit({ type: "objectPut", bucket, object });
      return describeStored(bucket, object);
    },
    async getObject(bucket, key) {
      const object = bucketNamed(bucket).objects.get(key);
      if (object === undefined) throw new Error(`no object ${bucket}/${key}`);
      const chunks: Uint8Array[] = [];
      for await (const chunk of store.blobs.read(object.segments, 0, object.sizeBytes)) chunks.push(chunk);
      return Buffer.concat(chunks);
    },
    removeObject(bucket, key) {
      store.commit({ type: "objectDeleted", bucket, key });
    },
    objects: (bucket) => [...bucketNamed(bucket).objects.values()].map((object) => describeStored(bucket, object)),
    uploads: (bucket) =>
      [...store.state.uploads.values()]
        .filter((upload) => bucket === undefined || upload.bucket === bucket)
        .map(({ parts, uploadId, key, initiatedMs, bucket: name }) => ({
          bucket: name,
          key,
          uploadId,
          initiatedMs,
          parts: [...parts.values()].map(({ partNumber, sizeBytes, crc64 }) => ({ partNumber, sizeBytes, crc64 })),
        })),
  };
}

async function* oneChunk(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes;
}
