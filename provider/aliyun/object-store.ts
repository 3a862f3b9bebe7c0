import type { RangeSource } from "../backup/range-source";
import type { CallRetry } from "./call-retry";

/** Static or temporary keys, as one call needs them. Never logged, never in state. */
export interface Credentials {
  accessKeyId: string;
  accessKeySecret: string;
  securityToken?: string;
  /** Milliseconds since the epoch; absent for static keys and where the end is not known. */
  expiresAtMs?: number;
}

/** A source of keys, read again before they expire. `fresh` demands new keys because the service refused the last ones. */
export interface CredentialSource {
  get(options?: { fresh?: boolean }): Promise<Credentials>;
}

/** How the bucket is reached. */
export interface OssEndpoint {
  /** Without the `oss-` prefix, for example `cn-hangzhou`. */
  region: string;
  /** With its scheme; plain HTTP only where somebody wrote `http://`. For example `https://oss-cn-hangzhou.aliyuncs.com`. */
  url: string;
  /** The URL is a custom domain bound to the bucket. */
  cname: boolean;
}

/** The facts of one object, as HEAD tells them. */
export interface ObjectFacts {
  bucket: string;
  key: string;
  sizeBytes: number;
  /** CRC-64/XZ as unsigned decimal; undefined where the service does not send it. */
  crc64?: string;
  etag?: string;
  lastModifiedMs: number;
  storageClass?: string;
  serverSideEncryption?: string;
  /** Normal, Multipart, Appendable. */
  objectType?: string;
}

/** The facts of a bucket, as GetBucketInfo tells them. */
export interface BucketFacts {
  name: string;
  /** Without the `oss-` prefix. */
  region: string;
  storageClass: string;
  /** Undefined when off. */
  serverSideEncryption?: string;
  ownerId?: string;
  /** private, public-read, public-read-write. */
  acl?: string;
  /** Enabled or Suspended; undefined where it was never switched on. */
  versioning?: string;
}

export interface UploadProgress {
  /** `comparing`: an object of that key and size exists, and the file is read to check whether it is equal; nothing is sent. */
  phase: "comparing" | "uploading";
  sizeBytes: number;
  /** Bytes the service has acknowledged, parts found from an earlier run included; while comparing, bytes compared. */
  doneBytes: number;
  /** Over the last seconds, at most the rate limit; undefined until some seconds and bytes are known. */
  bytesPerSecond?: number;
  /** Undefined without a rate. */
  etaSeconds?: number;
  /** Set once in a pause: the seconds without any bytes. */
  idleSeconds?: number;
}

export interface UploadRequest {
  bucket: string;
  key: string;
  /** Absolute path of the local file. */
  path: string;
  partSizeBytes?: number;
  parallel?: number;
  rateLimitBytesPerSecond?: number;
  /** Aborts unfinished uploads of the key, also when the object exists already. @default false */
  abortsStaleUploads?: boolean;
  /** Called as soon as the id of the multipart upload is known, and again if it changes. */
  onUploadId?: (uploadId: string) => void;
  /** At most once a second, after a change. */
  onProgress?: (progress: UploadProgress) => void;
  /** From a call's second retry on, when the number of retries doubles or the fault changes; then no progress is reported. */
  onRetry?: (retry: CallRetry) => void;
  /** Stops at the next safe point; what is uploaded stays for the next run. */
  signal?: AbortSignal;
  /** The longest the whole upload may take to make progress again after a fault that passes; milliseconds. */
  retryBudgetMs?: number;
}

export interface UploadResult {
  object: ObjectFacts;
  /** `alreadyThere`: the object had the file's size and CRC64, nothing was sent. */
  outcome: "alreadyThere" | "uploaded" | "resumed";
  /** Bytes of parts that went out, those sent more than once counted each time. */
  bytesSent: number;
  seconds: number;
  /** Of the call that completed the object. */
  requestId?: string;
  /** Unfinished uploads of the same key that are no longer needed and could not be aborted; they are billed until they are. */
  leftUploadIds?: string[];
}

/** A small text object and its age. */
export interface StoredText {
  text: string;
  /** Milliseconds since the last write, by the clock of OSS. A lower bound, because its times have whole seconds. */
  ageMs: number;
}

/** When a call is given up. */
export interface CallLimits {
  /** The longest time from a fault that passes to a success; milliseconds. @default 15 minutes, see retry-policy.ts */
  budgetMs?: number;
  /** Ends the call with the signal's reason. */
  signal?: AbortSignal;
}

/** What this project asks of OSS, bound to one account and endpoint. Implemented over ali-oss. */
export interface ObjectStore {
  bucketFacts(bucket: string): Promise<BucketFacts>;
  /** Undefined when there is no such object. */
  headObject(bucket: string, key: string): Promise<ObjectFacts | undefined>;
  /** The object as a source of range reads; pinned to the ETag that `facts` carries, so that a replaced object is noticed. */
  rangeSource(facts: ObjectFacts): RangeSource;
  /** Keys under a prefix, all pages. */
  listObjects(bucket: string, prefix: string): Promise<ObjectFacts[]>;
  upload(request: UploadRequest): Promise<UploadResult>;
  /** Ids of the unfinished uploads of exactly this key. */
  listUploads(bucket: string, key: string): Promise<string[]>;
  /** The unfinished uploads of every key with a prefix. @param prefix by default every key has it */
  listAllUploads(bucket: string, prefix?: string): Promise<{ key: string; uploadId: string; initiatedMs: number }[]>;
  /** Aborts an unfinished upload; a missing one counts as aborted. */
  abortUpload(bucket: string, key: string, uploadId: string): Promise<void>;
  /** A missing object counts as deleted. */
  deleteObject(bucket: string, key: string, limits?: CallLimits): Promise<void>;
  /** Writes a small text unless an object of that key exists. @returns false when one exists; it is not changed */
  putTextIfAbsent(bucket: string, key: string, text: string, limits?: CallLimits): Promise<boolean>;
  /** Writes a small text, replacing an existing object. */
  putText(bucket: string, key: string, text: string, limits?: CallLimits): Promise<void>;
  /** Undefined when there is no such object. */
  getText(bucket: string, key: string, limits?: CallLimits): Promise<StoredText | undefined>;
  /** A GET URL for one object, for 2008 R2's OSSUrls. A secret: never logged. */
  signedUrl(bucket: string, key: string, expiresSeconds: number): Promise<string>;
}
