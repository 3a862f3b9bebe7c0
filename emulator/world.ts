/**
 * What the emulated services share. OSS keeps buckets and objects; RDS reads objects through `objects`; all of them write
 * to one journal and one persistent state.
 */
export interface World {
  readonly region: string;
  readonly account: { accountId: string; accessKeyId: string; accessKeySecret: string };
  /** Real time plus the emulator's fixed offset, milliseconds since the epoch. */
  now(): number;
  readonly journal: Journal;
  readonly objects: ObjectReader;
  /** A JSON document that survives a restart with `--state`; `save` writes it durably before the reply goes out. */
  document<T extends object>(name: string, initial: () => T): Document<T>;
}

export interface Document<T> {
  readonly value: T;
  save(): Promise<void>;
}

/** What the emulator did, in order; the invariants are checked against it. */
export interface JournalEntry {
  /** Number of the request that caused it, 1-based; 0 for what time caused. */
  request: number;
  atMs: number;
  service: "oss" | "rds" | "ram" | "other";
  /** For example `UploadPart`, `CreateMigrateTask`, `taskStatus`. */
  action: string;
  /** HTTP status of the reply, for requests. */
  status?: number;
  /** The service's error code, for refused requests. */
  code?: string;
  detail: Record<string, string | number | boolean | undefined>;
}

export interface Journal {
  readonly entries: readonly JournalEntry[];
  record(entry: Omit<JournalEntry, "atMs">): void;
}

export interface StoredObject {
  bucket: string;
  key: string;
  sizeBytes: number;
  crc64: string;
  lastModifiedMs: number;
  storageClass: string;
  serverSideEncryption?: string;
}

/** Read access to stored objects, as the RDS service has it by its import role. */
export interface ObjectReader {
  bucket(
    name: string,
  ): { name: string; region: string; storageClass: string; serverSideEncryption?: string } | undefined;
  head(bucket: string, key: string): StoredObject | undefined;
  read(bucket: string, key: string, start: number, end: number): Promise<Uint8Array>;
  /** Verifies a signed GET URL as the service would; the object it names, or why not. */
  openSignedUrl(url: string): { bucket: string; key: string } | { refused: "expired" | "denied" | "notFound" };
}

/** One authenticated RPC call (header `x-acs-action`, or `Action` in the query). */
export interface RpcCall {
  request: number;
  product: "Rds" | "Ram" | "Vpc" | "Sts" | "other";
  /** `x-acs-version` or `Version`. */
  version: string;
  action: string;
  /** Decoded parameters; `+` is a space. */
  params: ReadonlyMap<string, string>;
  accessKeyId: string;
}

/** Answers one product's calls: the JSON body without RequestId (the front adds it), or an RpcFault thrown. */
export type RpcService = (call: RpcCall) => Promise<Record<string, unknown>>;

/** A refusal in the service's own words. */
export class RpcFault extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
    message: string,
    /** Extra members of the error body (for example AccessDeniedDetail). */
    readonly extra: Record<string, unknown> = {},
  ) {
    super(message);
  }
}
