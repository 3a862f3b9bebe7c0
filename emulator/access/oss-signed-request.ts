import type { IncomingHttpHeaders } from "node:http";
import type { QueryPair } from "../http/request-target";

/** What an OSS signature covers, decoded. The resource is always bucket and key, however the URL spells them. */
export interface OssSignedRequest {
  method: string;
  /** Undefined for ListBuckets. */
  bucket?: string;
  /** Undefined for operations on a bucket. */
  key?: string;
  query: readonly QueryPair[];
  headers: IncomingHttpHeaders;
}

/** `/bucket/key`, `/bucket/` or `/`, unencoded. */
export function canonicalResource({ bucket, key }: OssSignedRequest): string {
  return bucket === undefined ? "/" : `/${bucket}/${key ?? ""}`;
}
