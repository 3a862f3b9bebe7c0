/** One file of bytes on disk. A multipart object consists of several segments. */
export interface Segment {
  blob: string;
  sizeBytes: number;
}

export interface BucketRecord {
  name: string;
  /** Without the `oss-` prefix. */
  region: string;
  ownerId: string;
  createdMs: number;
  storageClass: string;
  dataRedundancyType: string;
  /** `private`, `public-read` or `public-read-write`. */
  acl: string;
  /** Bucket configurations by sub-resource name, as the XML (policy: JSON) that was put. */
  configurations: Record<string, string>;
}

/** Object attributes that PutObject or InitiateMultipartUpload sets. */
export interface ObjectAttributes {
  contentType: string;
  /** Standard headers that GET returns (Cache-Control, Content-Disposition, …) and `x-oss-meta-*`, in lower case. */
  headers: Record<string, string>;
  storageClass: string;
  /** `AES256`, `KMS` or `SM4`; undefined when not encrypted. */
  serverSideEncryption?: string;
  /** The KMS key that the request or the bucket names. */
  kmsKeyId?: string;
  /** `SM4`; undefined for AES256. */
  kmsDataEncryption?: string;
}

export interface ObjectRecord extends ObjectAttributes {
  key: string;
  sizeBytes: number;
  crc64: string;
  /** Without quotes. */
  etag: string;
  /** Base64; undefined for multipart objects. */
  contentMd5?: string;
  lastModifiedMs: number;
  type: "Normal" | "Multipart";
  segments: Segment[];
}

export interface PartRecord extends Segment {
  partNumber: number;
  crc64: string;
  /** Without quotes. */
  etag: string;
  lastModifiedMs: number;
}

export interface UploadRecord extends ObjectAttributes {
  uploadId: string;
  bucket: string;
  key: string;
  initiatedMs: number;
}

/** A change of stored data. Replaying the event log restores the state. */
export type OssEvent =
  | { type: "bucketPut"; bucket: BucketRecord }
  | { type: "bucketDeleted"; name: string }
  | { type: "bucketConfigured"; name: string; configuration: string; content: string | null }
  | { type: "bucketAclSet"; name: string; acl: string }
  | { type: "objectPut"; bucket: string; object: ObjectRecord }
  | { type: "objectDeleted"; bucket: string; key: string }
  | { type: "uploadStarted"; upload: UploadRecord }
  | { type: "partPut"; uploadId: string; part: PartRecord }
  | { type: "uploadCompleted"; uploadId: string; object: ObjectRecord }
  | { type: "uploadAborted"; uploadId: string };

export interface Bucket extends BucketRecord {
  objects: Map<string, ObjectRecord>;
}

export interface Upload extends UploadRecord {
  parts: Map<number, PartRecord>;
}

export interface OssState {
  buckets: Map<string, Bucket>;
  uploads: Map<string, Upload>;
}

export const emptyOssState = (): OssState => ({ buckets: new Map(), uploads: new Map() });

/**
 * Applies one event, without checking the rules, and returns the segments that are no longer referenced.
 * Events about missing buckets or uploads change nothing, so that every log can be replayed.
 */
export function applyOssEvent(state: OssState, event: OssEvent): Segment[] {
  switch (event.type) {
    case "bucketPut": {
      const objects = state.buckets.get(event.bucket.name)?.objects ?? new Map<string, ObjectRecord>();
      state.buckets.set(event.bucket.name, { ...event.bucket, objects });
      return [];
    }
    case "bucketDeleted": {
      const objects = state.buckets.get(event.name)?.objects.values() ?? [];
      const released = [...objects].flatMap((object) => object.segments);
      state.buckets.delete(event.name);
      for (const upload of [...state.uploads.values()]) {
        if (upload.bucket === event.name) released.push(...endUpload(state, upload.uploadId));
      }
      return released;
    }
    case "bucketConfigured": {
      const configurations = state.buckets.get(event.name)?.configurations ?? {};
      if (event.content === null) delete configurations[event.configuration];
      else configurations[event.configuration] = event.content;
      return [];
    }
    case "bucketAclSet": {
      const bucket = state.buckets.get(event.name);
      if (bucket !== undefined) bucket.acl = event.acl;
      return [];
    }
    case "objectPut":
      return putObject(state, event.bucket, event.object);
    case "objectDeleted": {
      const objects = state.buckets.get(event.bucket)?.objects;
      const released = objects?.get(event.key)?.segments ?? [];
      objects?.delete(event.key);
      return released;
    }
    case "uploadStarted":
      state.uploads.set(event.upload.uploadId, { ...event.upload, parts: new Map() });
      return [];
    case "partPut": {
      const parts = state.uploads.get(event.uploadId)?.parts;
      if (parts === undefined) return [event.part];
      const replaced = parts.get(event.part.partNumber);
      parts.set(event.part.partNumber, event.part);
      return replaced === undefined ? [] : [replaced];
    }
    case "uploadCompleted": {
      const upload = state.uploads.get(event.uploadId);
      if (upload === undefined) return [];
      const kept = new Set(event.object.segments.map((segment) => segment.blob));
      const unused = endUpload(state, event.uploadId).filter((segment) => !kept.has(segment.blob));
      return [...unused, ...putObject(state, upload.bucket, event.object)];
    }
    case "uploadAborted":
      return endUpload(state, event.uploadId);
  }
}

function putObject(state: OssState, bucket: string, object: ObjectRecord): Segment[] {
  const objects = state.buckets.get(bucket)?.objects;
  if (objects === undefined) return object.segments;
  const replaced = objects.get(object.key)?.segments ?? [];
  objects.set(object.key, object);
  return replaced;
}

function endUpload(state: OssState, uploadId: string): Segment[] {
  const parts = [...(state.uploads.get(uploadId)?.parts.values() ?? [])];
  state.uploads.delete(uploadId);
  return parts;
}

/** The shortest event log that produces this state. */
export function* eventsOf(state: OssState): Generator<OssEvent> {
  for (const { objects, ...bucket } of state.buckets.values()) {
    yield { type: "bucketPut", bucket };
    for (const object of objects.values()) yield { type: "objectPut", bucket: bucket.name, object };
  }
  for (const { parts, ...upload } of state.uploads.values()) {
    yield { type: "uploadStarted", upload };
    for (const part of parts.values()) yield { type: "partPut", uploadId: upload.uploadId, part };
  }
}
