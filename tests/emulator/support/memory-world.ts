import { createHash } from "node:crypto";
import type {
  Document,
  Journal,
  JournalEntry,
  ObjectReader,
  RpcCall,
  RpcService,
  StoredObject,
  World,
} from "../../../emulator/world";

/** A bucket of the memory world. @default Standard, unencrypted, in the world's region */
export interface MemoryBucket {
  name: string;
  region?: string;
  storageClass?: string;
  serverSideEncryption?: string;
}

/** An object of the memory world: its bytes, or only a size for objects that are too large to hold. */
export interface MemoryObject {
  bucket: string;
  key: string;
  bytes?: Uint8Array;
  sizeBytes?: number;
  storageClass?: string;
  serverSideEncryption?: string;
}

/** An environment in memory with a manual clock. */
export class MemoryWorld implements World {
  readonly region = "cn-hangzhou";
  readonly account = { accountId: "1234567890", accessKeyId: "testKeyId", accessKeySecret: "testKeySecret" };
  readonly entries: JournalEntry[] = [];
  /** How often each document was saved. */
  readonly saves = new Map<string, number>();
  readonly journal: Journal;
  readonly objects: ObjectReader;
  private nowMs = Date.UTC(2026, 7, 3, 12, 0, 0);
  private requests = 0;
  private readonly buckets = new Map<
    string,
    Required<Pick<MemoryBucket, "name" | "region" | "storageClass">> & MemoryBucket
  >();
  private readonly stored = new Map<string, { object: StoredObject; bytes: Uint8Array }>();
  /** The result of `openSignedUrl` by URL; all other URLs are denied. */
  readonly signedUrls = new Map<string, ReturnType<ObjectReader["openSignedUrl"]>>();

  /** @param disk the saved documents as JSON, which survive a restart */
  constructor(private readonly disk = new Map<string, string>()) {
    this.journal = {
      entries: this.entries,
      record: (entry) => {
        this.entries.push({ ...entry, atMs: this.nowMs });
      },
    };
    this.objects = {
      bucket: (name) => this.buckets.get(name),
      head: (bucket, key) => this.stored.get(`${bucket}/${key}`)?.object,
      read: async (bucket, key, start, end) => {
        const found = this.stored.get(`${bucket}/${key}`);
        if (found === undefined || end > found.bytes.length)
          throw new Error(`no bytes [${start}, ${end}) of ${bucket}/${key}`);
        return found.bytes.subarray(start, end);
      },
      openSignedUrl: (url) => this.signedUrls.get(url) ?? { refused: "denied" },
    };
  }

  now(): number {
    return this.nowMs;
  }

  advance(ms: number): void {
    this.nowMs += ms;
  }

  document<T extends object>(name: string, initial: () => T): Document<T> {
    const saved = this.disk.get(name);
    const value: T = saved === undefined ? initial() : JSON.parse(saved);
    return {
      value,
      save: async () => {
        this.saves.set(name, (this.saves.get(name) ?? 0) + 1);
        this.disk.set(name, JSON.stringify(value));
      },
    };
  }

  /** Returns a new world with the saved documents, the buckets, the objects and the time of this one. */
  restarted(): MemoryWorld {
    const next = new MemoryWorld(this.disk);
    next.nowMs = this.nowMs;
    for (const bucket of this.buckets.values()) next.putBucket(bucket);
    for (const [name, stored] of this.stored) next.stored.set(name, stored);
    return next;
  }

  putBucket(bucket: MemoryBucket): void {
    this.buckets.set(bucket.name, { region: this.region, storageClass: "Standard", ...bucket });
  }

  putObject({
    bytes = new Uint8Array(),
    sizeBytes = bytes.length,
    storageClass = "Standard",
    ...rest
  }: MemoryObject): void {
    if (!this.buckets.has(rest.bucket)) this.putBucket({ name: rest.bucket });
    // A hash instead of CRC-64: the RDS service only compares values.
    const crc64 = createHash("sha256").update(bytes).digest().readBigUInt64BE().toString();
    const object = { ...rest, sizeBytes, storageClass, crc64, lastModifiedMs: this.nowMs };
    this.stored.set(`${rest.bucket}/${rest.key}`, { object, bytes });
  }

  removeObject(bucket: string, key: string): void {
    this.stored.delete(`${bucket}/${key}`);
  }

  /** Creates a call as RpcHandler passes it to a service. */
  rpcCall(product: RpcCall["product"], action: string, params: Record<string, string>): RpcCall {
    this.requests += 1;
    return {
      request: this.requests,
      product,
      version: product === "Ram" ? "2015-05-01" : "2014-08-15",
      action,
      params: new Map(Object.entries(params)),
      accessKeyId: this.account.accessKeyId,
    };
  }

  send(service: RpcService, product: RpcCall["product"], action: string, params: Record<string, string> = {}) {
    return service(this.rpcCall(product, action, params));
  }
}
