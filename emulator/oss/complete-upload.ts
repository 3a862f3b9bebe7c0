import { OssFault } from "./oss-fault";
import type { PartRecord } from "./oss-state";

/** 100 KB; sizes are checked only here, so that the last part may be smaller. */
export const MIN_PART_BYTES = 102_400;

/** What a Complete says about one part; the ETag without quotes. */
export interface ListedPart {
  partNumber: number;
  etag: string;
}

/**
 * The parts that a Complete makes an object of. Parts that it does not name are left out.
 * @throws OssFault `MalformedXML`, `InvalidPartOrder`, `InvalidPart`, `EntityTooSmall`
 * @see https://help.aliyun.com/en/oss/developer-reference/completemultipartupload
 */
export function selectCompletedParts(
  listed: readonly ListedPart[],
  stored: ReadonlyMap<number, PartRecord>,
): PartRecord[] {
  if (listed.length === 0) throw new OssFault("MalformedXML");
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
