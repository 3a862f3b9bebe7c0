import { OssFault } from "./oss-fault";
import type { PartRecord } from "./oss-state";

/** 100 KB. CompleteMultipartUpload checks it, because only then is the last part known, which may be smaller. */
export const MIN_PART_BYTES = 102_400;

/** One part in the body of CompleteMultipartUpload; the ETag without quotes. */
export interface ListedPart {
  partNumber: number;
  etag: string;
}

/**
 * Returns the stored parts that make up the object. Stored parts that the request does not list are discarded. No part
 * makes an empty object.
 * @throws OssFault `InvalidPartOrder`, `InvalidPart`, `EntityTooSmall`
 * @see https://help.aliyun.com/en/oss/developer-reference/completemultipartupload
 */
export function selectCompletedParts(
  listed: readonly ListedPart[],
  stored: ReadonlyMap<number, PartRecord>,
): PartRecord[] {
  listed.forEach(({ partNumber }, index) => {
    const previous = listed[index - 1];
    if (previous !== undefined && previous.partNumber >= partNumber) throw new OssFault("InvalidPartOrder");
  });
  const parts = listed.map(({ partNumber, etag }) => {
    const part = stored.get(partNumber);
    if (part === undefined || part.etag !== etag.toUpperCase()) {
      throw new OssFault("InvalidPart", { extra: { PartNumber: partNumber, ETag: etag } });
    }
    return part;
  });
  for (const part of parts.slice(0, -1)) {
    if (part.sizeBytes >= MIN_PART_BYTES) continue;
    throw new OssFault("EntityTooSmall", {
      extra: { ProposedSize: part.sizeBytes, MinSizeAllowed: MIN_PART_BYTES, PartNumber: part.partNumber },
    });
  }
  return parts;
}
