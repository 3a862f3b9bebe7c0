import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import OSS from "ali-oss";
import { type Emulator, type EmulatorOptions, startEmulator } from "../../../../../emulator/emulator";
import type {
  CredentialSource,
  ObjectStore,
  UploadRequest,
  UploadResult,
} from "../../../../../provider/aliyun/object-store";
import { connectObjectStore } from "../../../../../provider/aliyun/oss/ali-oss-store";
import type { OssCallSettings } from "../../../../../provider/aliyun/oss/oss-calls";
import { newTransferBudget } from "../../../../../provider/aliyun/oss/transfer-budget";
import { MigrationError } from "../../../../../provider/errors/migration-error";

export const KEY = "backups/erp_FULL_20261122000000.bak";
/** OSS's smallest part size, for many parts from a small file. */
export const PART = 102_400;

/** Delays of a few milliseconds, so that faults do not slow tests; a test sets the budgets. */
export const QUICK_RETRIES = { budgetMs: 5000, firstContactMs: 1000, initialDelayMs: 2, maxDelayMs: 20 };

/** An emulator, a folder for files, and stores whose time-outs are seconds instead of minutes. */
export interface UploadRig {
  readonly emulator: Emulator;
  /** A separate store, as in another process: its own connections, memory and clock correction. */
  store(settings?: Partial<OssCallSettings>): ObjectStore;
  credentials(): CredentialSource;
  writeFile(name: string, content: Uint8Array): string;
  upload(file: string, options?: Partial<UploadRequest>, store?: ObjectStore): Promise<UploadResult>;
  /** Starts an upload with any part size, as another program would. @returns its id */
  beginUpload(parts: Record<number, Uint8Array>, key?: string): Promise<string>;
  /** The object's bytes; undefined when it does not exist. */
  object(key?: string): Promise<Buffer | undefined>;
  /** Number of calls of each action since the last `forget`, including refused ones. */
  calls(): Record<string, number>;
  forget(): void;
  close(): Promise<void>;
}

export async function startUploadRig(options: EmulatorOptions = {}): Promise<UploadRig> {
  const emulator = await startEmulator(options);
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), "upload-"));
  const { bucket } = emulator;
  let forgotten = 0;
  const credentials = (): CredentialSource => ({
    get: async () => ({ accessKeyId: emulator.accessKeyId, accessKeySecret: emulator.accessKeySecret }),
  });
  const store: UploadRig["store"] = (settings = {}) =>
    connectObjectStore({
      endpoint: { region: emulator.region, url: emulator.endpoint, cname: false },
      credentials: credentials(),
      retryTimes: QUICK_RETRIES,
      budget: newTransferBudget(),
      ...settings,
    });
  return {
    emulator,
    store,
    credentials,
    writeFile(name, content) {
      const file = path.join(folder, name);
      fs.writeFileSync(file, content);
      return file;
    },
    upload: (file, request = {}, by = store()) =>
      by.upload({ bucket, key: KEY, path: file, partSizeBytes: PART, parallel: 3, ...request }),
    async beginUpload(parts, key = KEY) {
      const options: OSS.Options = {
        accessKeyId: emulator.accessKeyId,
        accessKeySecret: emulator.accessKeySecret,
        endpoint: emulator.endpoint,
        region: `oss-${emulator.region}`,
        bucket,
        authorizationV4: true,
      };
      const client = new OSS(options);
      const { uploadId } = await client.initMultipartUpload(key);
      for (const [number, bytes] of Object.entries(parts)) {
        await client.uploadPart(key, uploadId, Number(number), Buffer.from(bytes), 0, bytes.length);
      }
      return uploadId;
    },
    async object(key = KEY) {
      const isThere = emulator.oss.objects(bucket).some((object) => object.key === key);
      return isThere ? emulator.oss.getObject(bucket, key) : undefined;
    },
    calls() {
      const counts: Record<string, number> = {};
      for (const { action } of emulator.journal.entries.slice(forgotten)) counts[action] = (counts[action] ?? 0) + 1;
      return counts;
    },
    forget() {
      forgotten = emulator.journal.entries.length;
    },
    async close() {
      await emulator.close();
      fs.rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** Pseudo-random bytes of a seed. */
export function seededBytes(length: number, seed: number): Buffer {
  const words = new Uint32Array(Math.ceil(length / 4));
  let state = (Math.imul(seed, 2_654_435_761) | 1) >>> 0;
  for (let index = 0; index < words.length; index++) {
    // xorshift32 by G. Marsaglia
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    words[index] = state;
  }
  return Buffer.from(words.buffer, 0, length);
}

/** The result of an upload, or the code of its error. */
export async function outcomeOf(upload: Promise<UploadResult>): Promise<string> {
  return upload.then(
    (result) => result.outcome,
    (error: unknown) => (error instanceof MigrationError ? error.code : String(error)),
  );
}
