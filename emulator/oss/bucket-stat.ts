import type { ObjectRecord, PartRecord, Upload } from "./oss-state";
import type { XmlContent } from "./oss-xml";

/** Objects of these classes are billed as 64 KB if they are smaller. */
const MIN_BILLED_BYTES = 65_536;

/** The names of the storage classes in BucketStat. */
const CLASSES = {
  InfrequentAccess: "IA",
  Archive: "Archive",
  ColdArchive: "ColdArchive",
  DeepColdArchive: "DeepColdArchive",
} as const;

/**
 * The content of a BucketStat document. The service counts about once an hour; the emulator counts at once. An empty
 * bucket has the time 0, as in test_get_bucket_stat of alibabacloud-oss-python-sdk-v2 1.4.1.
 * @see https://help.aliyun.com/document_detail/426056.html
 */
export function bucketStat(objects: readonly ObjectRecord[], uploads: readonly Upload[], nowMs: number): XmlContent {
  const parts = uploads.flatMap((upload) => [...upload.parts.values()]);
  const standard = objects.filter((object) => object.storageClass === "Standard");
  return {
    Storage: sizeOf(objects),
    ObjectCount: objects.length,
    MultipartUploadCount: uploads.length,
    LiveChannelCount: 0,
    MultipartPartCount: parts.length,
    MultipartPartStorage: sizeOf(parts),
    DeleteMarkerCount: 0,
    LastModifiedTime: objects.length + uploads.length === 0 ? 0 : Math.floor(nowMs / 1000),
    StandardStorage: sizeOf(standard),
    StandardObjectCount: standard.length,
    ...Object.assign(
      {},
      ...Object.entries(CLASSES).map(([name, storageClass]) => classStat(name, storageClass, objects)),
    ),
  };
}

function classStat(name: string, storageClass: string, objects: readonly ObjectRecord[]): XmlContent {
  const members = objects.filter((object) => object.storageClass === storageClass);
  return {
    [`${name}Storage`]: members.reduce((sum, { sizeBytes }) => sum + Math.max(sizeBytes, MIN_BILLED_BYTES), 0),
    [`${name}RealStorage`]: sizeOf(members),
    [`${name}ObjectCount`]: members.length,
  };
}

function sizeOf(stored: readonly (ObjectRecord | PartRecord)[]): number {
  return stored.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);
}
