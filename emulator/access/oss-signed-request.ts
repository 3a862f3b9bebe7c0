import type { IncomingHttpHeaders } from "node:http";
import type { QueryPair } from "../http/request-target";

/**
 * The decoded request that an OSS signature covers. The signed resource is always bucket and key, whatever the URL
 * format.
 */
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
