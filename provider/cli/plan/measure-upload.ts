import { randomFillSync, randomUUID } from "node:crypto";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { ObjectStore } from "../../aliyun/object-store";
import { PlainError } from "../../errors/plain-error";
import { formatBytes, formatDuration } from "../../model/quantities";
import { systemClock } from "../../session/clock";

/** What a probe of the network has shown. */
export interface MeasuredRate {
  bytesPerSecond: number;
  /** `measured with 64.0 MiB in 8.2s`. */
  basis: string;
}

/** What a probe sends at most, and for how long: less than `leastBytes` shows no rate, so that a slow line gets more time. */
export interface ProbeLimits {
  bytes: number;
  seconds: number;
  leastBytes: number;
  mostSeconds: number;
}

const MIB = 1024 ** 2;
const PROBE_LIMITS: ProbeLimits = { bytes: 64 * MIB, seconds: 10, leastBytes: 8 * MIB, mostSeconds: 30 };
/** Small parts, because only whole ones are acknowledged, and as many at once as an upload of a large backup has. */
const PARTS = { partSizeBytes: MIB, parallel: 8 };
const KEY_PREFIX = "sqlserver-migration-probe-";
/** Every probe ends much sooner, also where the clocks differ: an older one is of a run that was killed. */
const LEFTOVER_AFTER_MS = 3_600_000;

/**
 * Measures what the network carries into a bucket: uploads random bytes under a new random name, which no object has, and deletes them, also
 * after an error or when `signal` aborts. Probes of earlier runs that were killed are deleted too.
 * @throws what the store throws, for example without credentials or bucket; PlainError when the bucket keeps versions, nothing was
 *   acknowledged in time, or the probe cannot be deleted
 */
export async function measureUpload(
  store: ObjectStore,
  bucket: string,
  signal: AbortSignal,
  limits = PROBE_LIMITS,
): Promise<MeasuredRate> {
  const { versioning } = await store.bucketFacts(bucket);
  if (versioning !== undefined)
    throw new PlainError(`--measure: ${bucket} keeps versions, also those of a deleted probe; give --rate.`);
  const probe = new Probe(store, bucket);
  const folder = await mkdtemp(join(tmpdir(), KEY_PREFIX));
  let failure: unknown;
  try {
    const path = join(folder, "probe");
    await writeFile(path, randomFillSync(Buffer.alloc(limits.bytes)));
    return await probe.send(path, signal, limits);
  } catch (error) {
    failure = error;
    throw error;
  } finally {
    await rm(folder, { recursive: true, force: true });
    await probe.remove(failure);
  }
}

/** One object of random bytes, and its upload. */
class Probe {
  private readonly key = `${KEY_PREFIX}${randomUUID()}`;

  constructor(
    private readonly store: ObjectStore,
    private readonly bucket: string,
  ) {}

  async send(path: string, signal: AbortSignal, limits: ProbeLimits): Promise<MeasuredRate> {
    const { bucket, key } = this;
    const ending = new AbortController();
    const end = () => ending.abort(new PlainError("the probe has ended"));
    const startMs = performance.now();
    let sent = { bytes: 0, seconds: 0 };
    signal.addEventListener("abort", end, { once: true });
    if (signal.aborted) end();
    const timer = setTimeout(end, limits.mostSeconds * 1000);
    try {
      const { bytesSent, seconds } = await this.store.upload({
        ...{ bucket, key, path, ...PARTS, signal: ending.signal },
        onProgress: ({ doneBytes }) => {
          sent = { bytes: doneBytes, seconds: (performance.now() - startMs) / 1000 };
          if (sent.bytes >= limits.leastBytes && sent.seconds >= limits.seconds) end();
        },
      });
      sent = { bytes: bytesSent, seconds };
    } catch (error) {
      signal.throwIfAborted();
      if (!ending.signal.aborted) throw error;
    } finally {
      signal.removeEventListener("abort", end);
      clearTimeout(timer);
    }
    if (sent.bytes === 0)
      throw new PlainError(`--measure: ${bucket} received less than 1 MiB in ${limits.mostSeconds}s; give --rate.`);
    const basis = `measured with ${formatBytes(sent.bytes)} in ${formatDuration(sent.seconds)}`;
    return { bytesPerSecond: sent.bytes / Math.max(sent.seconds, 0.001), basis };
  }

  /**
   * Removes the object and the parts of an upload that did not end, and what killed runs have left. A stop can lose the reply to the
   * call that begins the upload, so the bucket is asked in every case.
   * @param failure why nothing was measured
   */
  async remove(failure: unknown): Promise<void> {
    const { store, bucket, key } = this;
    const leftBeforeMs = systemClock.now() - LEFTOVER_AFTER_MS;
    try {
      for (const { key: found, uploadId, initiatedMs } of await store.listAllUploads(bucket, KEY_PREFIX))
        if (found === key || initiatedMs < leftBeforeMs) await store.abortUpload(bucket, found, uploadId);
      await store.deleteObject(bucket, key);
      for (const { key: found, lastModifiedMs } of await store.listObjects(bucket, KEY_PREFIX))
        if (lastModifiedMs < leftBeforeMs) await store.deleteObject(bucket, found);
    } catch (cause) {
      const [reason, why] = [failure, cause].map((each) => (each instanceof Error ? each.message : ""));
      const lines = [
        reason,
        `--measure: delete oss://${bucket}/${key} and its unfinished upload, if they exist. ${why}`,
      ];
      throw new PlainError(lines.filter(Boolean).join("\n"), cause);
    }
  }
}
