import type OSS from "ali-oss";
import type { ObjectFacts } from "../object-store";
import { parseCrc64 } from "./crc64";
import { type OssCalls, WAS_DONE } from "./oss-calls";
import { OssFault } from "./oss-fault";
import { PageMarkers } from "./page-markers";
import type { PartBody } from "./part-body";
import type { StallWatch } from "./retry-policy";

/** An upload that was started and neither completed nor aborted. */
export interface UnfinishedUpload {
  uploadId: string;
  initiatedMs: number;
}

/** An unfinished upload in the list of a bucket. */
export interface ListedUpload extends UnfinishedUpload {
  key: string;
}

/** A part in the service's list. */
export interface ListedPart {
  number: number;
  sizeBytes: number;
  etag: string;
  crc64?: bigint;
}

export interface JobContext {
  bucket: string;
  key: string;
  signal?: AbortSignal;
  watch: StallWatch;
}

const PAGE = 1000;
/** ali-oss requires a body when it signs a part; `PartBody` is sent instead. */
const PLACEHOLDER_BODY = Buffer.alloc(0);

/**
 * Typed and paged calls of a multipart upload. Faults in `expected` are thrown as OssFault, others as catalogue errors.
 */
export class MultipartCalls {
  constructor(
    private readonly calls: OssCalls,
    private readonly job: JobContext,
  ) {}

  /** The unfinished uploads of exactly this key. */
  async listUnfinished(): Promise<UnfinishedUpload[]> {
    const { bucket, key, signal, watch } = this.job;
    const listed = await listUploads(this.calls, { bucket, signal, watch }, key);
    return listed
      .filter((upload) => upload.key === key)
      .map(({ uploadId, initiatedMs }) => ({ uploadId, initiatedMs }));
  }

  /** Undefined when the upload no longer exists. */
  async listParts(uploadId: string): Promise<ListedPart[] | undefined> {
    const parts: ListedPart[] = [];
    const markers = new PageMarkers();
    let marker = 0;
    for (;;) {
      const query = { "max-parts": PAGE, "part-number-marker": marker, "encoding-type": "url" };
      try {
        const { value } = await this.calls.call(
          { operation: "ListParts", ...this.job },
          async (client) => {
            const page = await client.listParts(this.job.key, uploadId, query);
            if (page.uploadId !== uploadId) throw new Error("the reply is not a list of this upload's parts");
            // The SDK returns the XML's texts unparsed, and a single part without a list around it.
            const next = markers.next(String(page.isTruncated) === "true", String(page.nextPartNumberMarker ?? ""));
            return { parts: asList(page.parts).map(readPart), next };
          },
          ["NoSuchUpload"],
        );
        parts.push(...value.parts);
        if (value.next === undefined) return parts;
        marker = Number(value.next);
      } catch (error) {
        if (error instanceof OssFault) return undefined;
        throw error;
      }
    }
  }

  /**
   * Starts an upload. When the reply is lost, the list of uploads is checked before the call is repeated: an unknown
   * upload would be billed for ever.
   * @throws OssFault `FileAlreadyExists`, `WAS_DONE`
   */
  async initiate(): Promise<string> {
    const { value } = await this.calls.call(
      {
        operation: "InitiateMultipartUpload",
        ...this.job,
        wasDone: async () => (await this.listUnfinished()).length > 0,
      },
      async (client) => {
        const started = await client.initMultipartUpload(this.job.key, {
          headers: { "x-oss-forbid-overwrite": "true" },
        });
        if (typeof started.uploadId !== "string" || started.uploadId === "")
          throw new Error("the reply has no upload id");
        return started.uploadId;
      },
      ["FileAlreadyExists", WAS_DONE],
    );
    return value;
  }

  /** Sends one part. @returns its ETag and the service's checksum of it. @throws OssFault `NoSuchUpload` */
  async putPart(
    uploadId: string,
    part: { number: number; sizeBytes: number },
    body: PartBody,
    options: { timeoutMs: number; trafficLimitBitsPerSecond?: number },
  ): Promise<{ etag: string; crc64: bigint | undefined }> {
    const { timeoutMs, trafficLimitBitsPerSecond: limit } = options;
    const headers = limit === undefined ? {} : { "x-oss-traffic-limit": String(limit) };
    const signed: OSS.RequestOptions & { headers: object } = { timeout: timeoutMs, headers };
    const { value, reply } = await this.calls.call(
      { operation: "UploadPart", ...this.job, body, timeoutMs },
      (client) => client.uploadPart(this.job.key, uploadId, part.number, PLACEHOLDER_BODY, 0, part.sizeBytes, signed),
      ["NoSuchUpload"],
    );
    return { etag: value.etag, crc64: parseCrc64(headerText(reply.headers["x-oss-hash-crc64ecma"])) };
  }

  /**
   * Creates the object. When the reply is lost, the key is checked before the call is repeated.
   * @throws OssFault `NoSuchUpload`, `InvalidPart`, `InvalidPartOrder`, `FileAlreadyExists`, `WAS_DONE`
   */
  async complete(
    uploadId: string,
    parts: { number: number; etag: string }[],
  ): Promise<{ etag?: string; requestId?: string }> {
    const { reply } = await this.calls.call(
      {
        operation: "CompleteMultipartUpload",
        ...this.job,
        wasDone: async () => (await headObject(this.calls, this.job)) !== undefined,
      },
      (client) =>
        client.completeMultipartUpload(this.job.key, uploadId, parts, {
          headers: { "x-oss-forbid-overwrite": "true" },
        }),
      ["NoSuchUpload", "InvalidPart", "InvalidPartOrder", "FileAlreadyExists", WAS_DONE],
    );
    return { etag: reply.headers.etag, requestId: headerText(reply.headers["x-oss-request-id"]) };
  }
}

/** The unfinished uploads of all keys with a prefix, all pages. */
export async function listUploads(
  calls: OssCalls,
  target: { bucket: string; signal?: AbortSignal; watch: StallWatch },
  prefix: string,
): Promise<ListedUpload[]> {
  const found: ListedUpload[] = [];
  const markers = new PageMarkers();
  let position: Record<string, string> = {};
  for (;;) {
    const { value } = await calls.call({ operation: "ListMultipartUploads", ...target }, async (client) => {
      const page = await client.listUploads({ prefix, "max-uploads": PAGE, ...position });
      if (page.bucket !== target.bucket) throw new Error("the reply is not a list of this bucket's uploads");
      const { nextKeyMarker, nextUploadIdMarker } = page;
      const next = nextKeyMarker && { "key-marker": nextKeyMarker, "upload-id-marker": nextUploadIdMarker ?? "" };
      const goesOn = markers.next(page.isTruncated, next && JSON.stringify(next)) !== undefined;
      return { uploads: page.uploads, next: goesOn && next ? next : undefined };
    });
    for (const { name, uploadId, initiated } of value.uploads) {
      if (typeof uploadId !== "string") continue;
      found.push({ key: name, uploadId, initiatedMs: Date.parse(String(initiated)) || 0 });
    }
    if (value.next === undefined) return found;
    position = value.next;
  }
}

/** Undefined when the object does not exist. */
export async function headObject(
  calls: OssCalls,
  target: { bucket: string; key: string; signal?: AbortSignal; watch?: StallWatch },
): Promise<ObjectFacts | undefined> {
  const { bucket, key } = target;
  try {
    const { reply } = await calls.call({ operation: "HeadObject", ...target }, (client) => client.head(key), [
      "NoSuchKey",
    ]);
    const { headers } = reply;
    return {
      bucket,
      key,
      sizeBytes: Number(headers["content-length"]),
      crc64: headerText(headers["x-oss-hash-crc64ecma"]),
      etag: headers.etag,
      lastModifiedMs: Date.parse(headers["last-modified"] ?? ""),
      storageClass: headerText(headers["x-oss-storage-class"]),
      serverSideEncryption: headerText(headers["x-oss-server-side-encryption"]),
      objectType: headerText(headers["x-oss-object-type"]),
    };
  } catch (error) {
    if (error instanceof OssFault) return undefined;
    throw error;
  }
}

/** Aborts an unfinished upload; a missing one counts as aborted. */
export async function abortUpload(
  calls: OssCalls,
  target: { bucket: string; key: string; signal?: AbortSignal; watch?: StallWatch },
  uploadId: string,
): Promise<void> {
  try {
    await calls.call(
      { operation: "AbortMultipartUpload", ...target },
      (client) => client.abortMultipartUpload(target.key, uploadId),
      ["NoSuchUpload"],
    );
  } catch (error) {
    if (!(error instanceof OssFault)) throw error;
  }
}

const headerText = (value: string | string[] | undefined): string | undefined =>
  Array.isArray(value) ? value[0] : value;

const asList = (value: unknown): unknown[] => (Array.isArray(value) ? value : value === undefined ? [] : [value]);

function readPart(part: unknown): ListedPart {
  const text = (name: string): string => {
    const value: unknown = typeof part === "object" && part !== null ? Reflect.get(part, name) : undefined;
    if (typeof value !== "string") throw new Error(`a listed part has no ${name}`);
    return value;
  };
  const crc: unknown = typeof part === "object" && part !== null ? Reflect.get(part, "HashCrc64ecma") : undefined;
  return {
    number: Number(text("PartNumber")),
    sizeBytes: Number(text("Size")),
    etag: text("ETag"),
    crc64: parseCrc64(typeof crc === "string" ? crc : undefined),
  };
}
