/** Bytes that are read from disk while they are sent. */
export interface ByteStream {
  sizeBytes: number;
  chunks: () => AsyncIterable<Uint8Array>;
}

/** An HTTP reply before faults and common headers (Date, request id) are applied. */
export interface Reply {
  status: number;
  headers: Record<string, string>;
  /** A function gets the request id, which error documents repeat. */
  body?: string | ByteStream | ((requestId: string) => string);
  /** For HEAD: the Content-Length to announce without sending a body. */
  announcedSizeBytes?: number;
}
