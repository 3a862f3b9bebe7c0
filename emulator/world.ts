/**
 * The environment that all emulated services share: account, clock, journal, persistent state, and the stored objects
 * that RDS reads.
 */
export interface World {
  readonly region: string;
  readonly account: { accountId: string; accessKeyId: string; accessKeySecret: string };
  /** The emulator's time, milliseconds since the epoch. */
  now(): number;
  readonly journal: Journal;
  readonly objects: ObjectReader;
  /** Returns a JSON document that survives a restart with `--state`. Services call `save` before they reply. */
  document<T extends object>(name: string, initial: () => T): Document<T>;
}

export interface Document<T> {
  readonly value: T;
  save(): Promise<void>;
}

/** One request or one change of state over time. Tests check invariants against the journal. */
export interface JournalEntry {
  /** Number of the request that caused the entry, 1-based; 0 when time caused it. */
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

/** Read access to stored objects for the RDS service. */
export interface ObjectReader {
  bucket(
    name: string,
  ): { name: string; region: string; storageClass: string; serverSideEncryption?: string } | undefined;
  head(bucket: string, key: string): StoredObject | undefined;
  read(bucket: string, key: string, start: number, end: number): Promise<Uint8Array>;
  /** Verifies a signed GET URL as OSS does. Returns its object or the reason for the refusal. */
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

/** Handles one product's calls. Returns the JSON body without RequestId, which RpcHandler adds. @throws RpcFault */
export type RpcService = (call: RpcCall) => Promise<Record<string, unknown>>;

/** An RPC error with the service's status, code and message. */
export class RpcFault extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
    message: string,
    /** Additional members of the error body, for example AccessDeniedDetail. */
    readonly extra: Record<string, unknown> = {},
  ) {
    super(message);
  }
}
