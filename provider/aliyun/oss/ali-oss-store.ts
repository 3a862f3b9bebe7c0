import type { RangeSource } from "../../backup/range-source";
import type {
  BucketFacts,
  CallLimits,
  ObjectFacts,
  ObjectStore,
  StoredText,
  UploadRequest,
  UploadResult,
} from "../object-store";
import { abortUpload, headObject, type ListedUpload, listUploads, MultipartCalls } from "./multipart-calls";
import { ObjectRangeSource } from "./object-range-source";
import { type OssCallSettings, OssCalls } from "./oss-calls";
import { PageMarkers } from "./page-markers";
import { getText, putText } from "./text-object";
import { uploadFile } from "./uploader";

const PAGE = 1000;

/**
 * The object store of one account and endpoint, over ali-oss. Every call retries temporary faults for up to 15 minutes
 * without progress, renews credentials and corrects the clock. Other faults are thrown as catalogue errors.
 */
export function connectObjectStore(settings: OssCallSettings): ObjectStore {
  return new AliOssStore(new OssCalls(settings));
}

class AliOssStore implements ObjectStore {
  constructor(private readonly calls: OssCalls) {}

  async bucketFacts(bucket: string): Promise<BucketFacts> {
    const { value } = await this.calls.call({ operation: "GetBucketInfo", bucket }, async (client) => {
      const info = await client.getBucketInfo(bucket);
      return readBucketInfo(bucket, info.bucket);
    });
    return value;
  }

  headObject(bucket: string, key: string): Promise<ObjectFacts | undefined> {
    return headObject(this.calls, { bucket, key });
  }

  rangeSource(facts: ObjectFacts): RangeSource {
    return new ObjectRangeSource(this.calls, facts);
  }

  async listObjects(bucket: string, prefix: string): Promise<ObjectFacts[]> {
    const found: ObjectFacts[] = [];
    const markers = new PageMarkers();
    let token: string | undefined;
    do {
      const page = { prefix, "max-keys": PAGE, ...(token === undefined ? {} : { "continuation-token": token }) };
      const { value } = await this.calls.call({ operation: "ListObjectsV2", bucket }, async (client) => {
        const { objects, keyCount, isTruncated, nextContinuationToken } = await client.listV2({ ...page });
        const listed = objects?.length ?? 0;
        if (keyCount !== listed) throw new Error(`the reply lists ${listed} objects and counts ${keyCount}`);
        return { objects: objects ?? [], next: markers.next(isTruncated, nextContinuationToken) };
      });
      for (const object of value.objects) {
        const { name, size, etag, lastModified, storageClass, type } = object;
        const lastModifiedMs = Date.parse(lastModified);
        found.push({ bucket, key: name, sizeBytes: size, etag, lastModifiedMs, storageClass, objectType: type });
      }
      token = value.next;
    } while (token !== undefined);
    return found;
  }

  upload(request: UploadRequest): Promise<UploadResult> {
    return uploadFile(this.calls, request);
  }

  async listUploads(bucket: string, key: string): Promise<string[]> {
    const multipart = new MultipartCalls(this.calls, { bucket, key, watch: this.calls.stallWatch() });
    return (await multipart.listUnfinished()).map(({ uploadId }) => uploadId);
  }

  listAllUploads(bucket: string, prefix = ""): Promise<ListedUpload[]> {
    return listUploads(this.calls, { bucket, watch: this.calls.stallWatch() }, prefix);
  }

  abortUpload(bucket: string, key: string, uploadId: string): Promise<void> {
    return abortUpload(this.calls, { bucket, key }, uploadId);
  }

  async deleteObject(bucket: string, key: string, { budgetMs, signal }: CallLimits = {}): Promise<void> {
    const watch = this.calls.stallWatch(budgetMs);
    await this.calls.call({ operation: "DeleteObject", bucket, key, watch, signal }, (client) => client.delete(key));
  }

  putTextIfAbsent(bucket: string, key: string, text: string, limits?: CallLimits): Promise<boolean> {
    return putText(this.calls, { bucket, key, ...limits }, text, true);
  }

  async putText(bucket: string, key: string, text: string, limits?: CallLimits): Promise<void> {
    await putText(this.calls, { bucket, key, ...limits }, text, false);
  }

  getText(bucket: string, key: string, limits?: CallLimits): Promise<StoredText | undefined> {
    return getText(this.calls, { bucket, key, ...limits });
  }

  async signedUrl(bucket: string, key: string, expiresSeconds: number): Promise<string> {
    const client = await this.calls.signingClient(bucket);
    return client.signatureUrlV4("GET", expiresSeconds, {}, key);
  }
}

/** Reads the `Bucket` element of GetBucketInfo as ali-oss returns it: texts and nested elements. */
function readBucketInfo(name: string, info: unknown): BucketFacts {
  const text = (parent: unknown, child: string): string | undefined => {
    const value: unknown = typeof parent === "object" && parent !== null ? Reflect.get(parent, child) : undefined;
    return typeof value === "string" && value !== "" ? value : undefined;
  };
  const element = (child: string): unknown =>
    typeof info === "object" && info !== null ? Reflect.get(info, child) : undefined;
  const location = text(info, "Location");
  const storageClass = text(info, "StorageClass");
  if (location === undefined || storageClass === undefined) {
    throw new Error("the reply has no location or storage class");
  }
  const rule = text(element("ServerSideEncryptionRule"), "SSEAlgorithm");
  return {
    name,
    region: location.replace(/^oss-/, ""),
    storageClass,
    // A bucket without the rule has "None". Observed in the Go SDK v2's tests and in oss-emulator's replies.
    serverSideEncryption: rule === undefined || rule === "None" ? undefined : rule,
    ownerId: text(element("Owner"), "ID"),
    acl: text(element("AccessControlList"), "Grant"),
    versioning: text(info, "Versioning"),
  };
}
