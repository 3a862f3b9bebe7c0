/** A body that is read from disk while it is sent. */
export interface ByteStream {
  sizeBytes: number;
  chunks: () => AsyncIterable<Uint8Array>;
}

/** An HTTP reply before faults and common headers (Date, request id) are applied. */
export interface Reply {
  status: number;
  headers: Record<string, string>;
  /** A function receives the request id, which error documents contain. */
  body?: string | ByteStream | ((requestId: string) => string);
  /** For HEAD: the Content-Length to send without a body. */
  announcedSizeBytes?: number;
}
