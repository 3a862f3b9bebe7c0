import { setTimeout as sleep } from "node:timers/promises";
import { isMigrationError, migrationError } from "../../errors/migration-error";
import type { ObjectFacts, UploadRequest, UploadResult } from "../object-store";
import { parseCrc64 } from "./crc64";
import { LocalChecksums } from "./local-checksums";
import { LocalFile } from "./local-file";
import { abortUpload, headObject, type JobContext, MultipartCalls } from "./multipart-calls";
import { type OssCalls, WAS_DONE } from "./oss-calls";
import { isFault } from "./oss-fault";
import { layOutParts, type PartPlan, planParts } from "./part-plan";
import { transferParts } from "./part-transfer";
import { type AcceptedPart, PartVerifier } from "./part-verifier";
import { ProgressMeter } from "./progress-meter";
import { byResumableBytes, isSettled, readCandidate } from "./resume-choice";
import { TransferPace } from "./transfer-pace";

/** How often the upload may be taken away, by somebody else, before its end. */
const MAX_ROUNDS = 8;
const TICK_MS = 1000;
/** The longest that the look for leftovers is repeated; the object is there already. */
const LEFTOVERS_MS = 20_000;

/**
 * Makes the object equal to the file, or fails. No record of earlier runs is kept on this machine: the object and the
 * unfinished uploads on the server say what is done, and nothing of it counts before it was compared with the file.
 */
export async function uploadFile(calls: OssCalls, request: UploadRequest): Promise<UploadResult> {
  planParts({ ...request, sizeBytes: 1 }); // wrong options are wrong before anything is read
  const file = await LocalFile.open(request.path);
  try {
    request.signal?.throwIfAborted();
    return await new Upload(calls, request, file).run();
  } catch (error) {
    const { bucket, key, signal } = request;
    if (signal?.aborted) throw migrationError("UPLOAD_STOPPED", { bucket, key }, { cause: error });
    throw error;
  } finally {
    await file.close();
  }
}

/** What one round came to: the object is complete, or the upload was lost to somebody else. */
type RoundEnd = { kind: "completed"; object: ObjectFacts; requestId?: string } | { kind: "lost"; why: string };

class Upload {
  private readonly job: JobContext;
  /** How this run would cut the file. */
  private readonly wanted: PartPlan;
  /** How it is cut: an upload that is continued has its own way. */
  private plan: PartPlan;
  private readonly checksums: LocalChecksums;
  private readonly pace: TransferPace | undefined;
  private readonly startedMs: number;
  /** Uploads of this key that are of no use once the object is right. */
  private readonly unfinished = new Set<string>();
  /** Those that this run began. */
  private readonly begun = new Set<string>();
  private foundBytes = 0;
  private sentBytes = 0;

  constructor(
    private readonly calls: OssCalls,
    private readonly request: UploadRequest,
    private readonly file: LocalFile,
  ) {
    const { bucket, key, signal, rateLimitBytesPerSecond: rate, retryBudgetMs } = request;
    this.job = { bucket, key, signal, watch: calls.stallWatch(retryBudgetMs) };
    this.wanted = planParts({ ...request, sizeBytes: file.sizeBytes });
    this.plan = this.wanted;
    this.checksums = new LocalChecksums(file, calls.budget.chunks);
    this.pace = rate === undefined ? undefined : new TransferPace(rate, calls.now);
    this.startedMs = calls.now();
  }

  async run(): Promise<UploadResult> {
    try {
      for (let round = 1; ; round++) {
        const there = await headObject(this.calls, this.job);
        if (there !== undefined) {
          await this.assertEqual(there);
          return await this.result(there);
        }
        const end = await this.round();
        if (end.kind === "completed") return await this.result(end.object, end.requestId);
        const { bucket, key } = this.job;
        if (round === MAX_ROUNDS) {
          throw migrationError("UPLOAD_DISTURBED", { bucket, key, rounds: round, last: end.why });
        }
        await sleep(this.calls.random() * this.calls.times.initialDelayMs * round, undefined, {
          signal: this.job.signal,
        });
      }
    } catch (error) {
      // Where the key holds something else for good, what this run began can never be completed.
      if (isCode(error, "OBJECT_DIFFERS")) await this.abortAll(this.begun);
      throw error;
    }
  }

  /** Chooses or begins an upload, brings its parts to the server and completes it. */
  private async round(): Promise<RoundEnd> {
    try {
      const comparison = await this.choose();
      const { uploadId } = comparison.candidate;
      const parts = await this.transfer(comparison);
      // The last look at the file: after Complete the object is there, and right or wrong.
      await this.file.assertUnchanged();
      const { etag, requestId } = await this.multipart().complete(uploadId, parts);
      this.unfinished.delete(uploadId);
      this.begun.delete(uploadId);
      return await this.verified(etag, requestId);
    } catch (error) {
      if (isFault(error, "NoSuchUpload", "InvalidPart", "InvalidPartOrder", "FileAlreadyExists", WAS_DONE)) {
        return { kind: "lost", why: `${error.facts.code}, ${error.facts.message}` };
      }
      throw error;
    }
  }

  /** The unfinished upload that holds most of the file already, the newest of equals; a new one when there is none. */
  private async choose(): Promise<PartVerifier> {
    const multipart = this.multipart();
    const { sizeBytes } = this.file;
    const layOut = (partSizeBytes: number): PartPlan => layOutParts({ ...this.request, sizeBytes, partSizeBytes });
    const candidates = [];
    for (const upload of await multipart.listUnfinished()) {
      const listed = await multipart.listParts(upload.uploadId);
      if (listed === undefined) continue;
      this.unfinished.add(upload.uploadId);
      candidates.push(readCandidate(upload, listed, this.wanted, layOut));
    }
    candidates.sort(byResumableBytes);
    let best: PartVerifier | undefined;
    for (const candidate of candidates) {
      if (best !== undefined && isSettled(best.candidate, best.matchedBytes, [candidate])) continue;
      const others = candidates.filter((other) => other !== candidate);
      const comparison = new PartVerifier(candidate, this.checksums);
      while (!comparison.isDone && !isSettled(candidate, comparison.matchedBytes, others)) {
        await comparison.step(this.job.signal);
      }
      if (best === undefined || isSettled(candidate, comparison.matchedBytes, [asCompared(best)])) best = comparison;
      if (!comparison.isDone) break;
    }
    if (best !== undefined) {
      this.request.onUploadId?.(best.candidate.uploadId);
      return best;
    }
    const uploadId = await multipart.initiate();
    this.begun.add(uploadId);
    this.unfinished.add(uploadId);
    this.request.onUploadId?.(uploadId);
    return new PartVerifier(
      { uploadId, initiatedMs: this.calls.now(), plan: this.wanted, parts: [], claimedBytes: 0 },
      this.checksums,
    );
  }

  private async transfer(comparison: PartVerifier): Promise<AcceptedPart[]> {
    this.plan = comparison.candidate.plan;
    const { file, checksums, pace, job } = this;
    const meter = this.meter("uploading");
    const tick = setInterval(() => meter.report(), TICK_MS);
    try {
      const parts = await transferParts(comparison, {
        bucket: job.bucket,
        key: job.key,
        file,
        checksums,
        chunks: this.calls.budget.chunks,
        pace,
        meter,
        signal: job.signal,
        multipart: (signal) => new MultipartCalls(this.calls, { ...job, signal }),
        onSent: (bytes) => {
          this.sentBytes += bytes;
        },
      });
      this.foundBytes = comparison.matchedBytes;
      return parts;
    } finally {
      clearInterval(tick);
    }
  }

  /** What Complete has made is held against the file; a wrong object of our making is taken away again. */
  private async verified(etag: string | undefined, requestId: string | undefined): Promise<RoundEnd> {
    const { bucket, key } = this.job;
    const object = await headObject(this.calls, this.job);
    if (object === undefined) return { kind: "lost", why: "the object was gone after it had been completed" };
    const expected = await this.checksums.ofFile(this.plan, this.job.signal);
    const found = parseCrc64(object.crc64);
    if (object.sizeBytes === this.file.sizeBytes && found === expected) return { kind: "completed", object, requestId };
    if (found === undefined) throw migrationError("OBJECT_UNVERIFIED", { bucket, key });
    if (etag === undefined || object.etag !== etag)
      throw this.differs(object, `its CRC-64 is ${found}, the file's ${expected}`);
    const left = await this.calls
      .call({ operation: "DeleteObject", ...this.job }, (client) => client.delete(key))
      .then(() => undefined, describe);
    throw migrationError(
      "OBJECT_CORRUPT",
      { bucket, key, expected: String(expected), found: String(found), left },
      { service: { operation: "CompleteMultipartUpload", requestId } },
    );
  }

  /** @throws `OBJECT_DIFFERS` unless the object is the file, byte for byte */
  private async assertEqual(object: ObjectFacts): Promise<void> {
    const { bucket, key } = this.job;
    const { sizeBytes } = this.file;
    if (object.sizeBytes !== sizeBytes) {
      throw this.differs(object, `it has ${object.sizeBytes} bytes, the file ${sizeBytes}`);
    }
    const found = parseCrc64(object.crc64);
    if (found === undefined) throw migrationError("OBJECT_UNVERIFIED", { bucket, key });
    const meter = this.meter("comparing");
    const expected = await this.checksums.ofFile(this.plan, this.job.signal, (bytes) => meter.moved(bytes));
    await this.file.assertUnchanged();
    if (found !== expected) throw this.differs(object, `its CRC-64 is ${found}, the file's ${expected}`);
  }

  private async result(object: ObjectFacts, requestId?: string): Promise<UploadResult> {
    const isOurs = this.sentBytes > 0 || this.foundBytes > 0;
    const looksAgain = isOurs || this.request.abortsStaleUploads === true;
    const leftUploadIds = await this.abortAll(looksAgain ? await this.knownAndLater() : this.unfinished);
    return {
      object,
      outcome: !isOurs ? "alreadyThere" : this.foundBytes > 0 ? "resumed" : "uploaded",
      bytesSent: this.sentBytes,
      seconds: (this.calls.now() - this.startedMs) / 1000,
      requestId,
      ...(leftUploadIds.length === 0 ? {} : { leftUploadIds }),
    };
  }

  /**
   * With those that a rival has begun since this run looked: now that the object is there they cannot be completed, and nobody
   * would ever look for them again. A look that fails leaves the ones that are known.
   */
  private async knownAndLater(): Promise<ReadonlySet<string>> {
    const watch = this.calls.stallWatch(Math.min(this.request.retryBudgetMs ?? LEFTOVERS_MS, LEFTOVERS_MS));
    const look = new MultipartCalls(this.calls, { ...this.job, watch });
    const later = await look.listUnfinished().catch(() => []);
    return new Set([...this.unfinished, ...later.map(({ uploadId }) => uploadId)]);
  }

  /** Aborts uploads that can serve nobody any more; returns those that it could not abort. */
  private async abortAll(uploadIds: ReadonlySet<string>): Promise<string[]> {
    const left: string[] = [];
    for (const uploadId of uploadIds) {
      await abortUpload(this.calls, this.job, uploadId).catch(() => left.push(uploadId));
    }
    return left;
  }

  private differs(object: ObjectFacts, difference: string): Error {
    const { bucket, key } = object;
    return migrationError("OBJECT_DIFFERS", { bucket, key, file: this.file.path, difference });
  }

  private meter(phase: "comparing" | "uploading"): ProgressMeter {
    const { onProgress } = this.request;
    return new ProgressMeter({ sizeBytes: this.file.sizeBytes, phase, now: this.calls.now, onProgress });
  }

  private multipart(): MultipartCalls {
    return new MultipartCalls(this.calls, this.job);
  }
}

/** A compared upload as a rival: it claims what was found equal, no more. */
const asCompared = (comparison: PartVerifier) => ({
  ...comparison.candidate,
  claimedBytes: comparison.matchedBytes,
});

const describe = (error: unknown): string => (isMigrationError(error) ? `${error.code}, ${error.what}` : String(error));

const isCode = (error: unknown, code: string): boolean => isMigrationError(error) && error.code === code;
