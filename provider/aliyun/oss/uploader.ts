import { setTimeout as sleep } from "node:timers/promises";
import { counted } from "../../errors/message-text";
import { isMigrationError, migrationError } from "../../errors/migration-error";
import type { ObjectFacts, UploadRequest, UploadResult } from "../object-store";
import { RetryNotices } from "../retry-notices";
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
import { byResumableBytes, isBestCandidate, readCandidate } from "./resume-choice";
import type { Retry } from "./retry-policy";
import { TransferPace } from "./transfer-pace";

/** Attempts when another process completes, aborts or replaces the upload. */
const MAX_ATTEMPTS = 8;
const TICK_MS = 1000;
/** Retry budget for listing stale uploads, after the object exists. */
const STALE_UPLOADS_BUDGET_MS = 20_000;

/**
 * Makes the object equal to the file, or fails. It keeps no local record of earlier runs: the object and the unfinished
 * uploads on the server show what is done, and every listed part is compared with the file before it counts.
 */
export async function uploadFile(calls: OssCalls, request: UploadRequest): Promise<UploadResult> {
  planParts({ ...request, sizeBytes: 1 }); // reject invalid options before the file is read
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

/** Result of one attempt: the object is complete, or another process ended the upload. */
type AttemptResult = { kind: "completed"; object: ObjectFacts; requestId?: string } | { kind: "lost"; why: string };

class Upload {
  private readonly job: JobContext;
  private readonly notices: RetryNotices | undefined;
  /** The plan of this run. */
  private readonly wanted: PartPlan;
  /** The plan in use: a resumed upload has its own part size. */
  private plan: PartPlan;
  private readonly checksums: LocalChecksums;
  private readonly pace: TransferPace | undefined;
  private readonly startedMs: number;
  /** Unfinished uploads of this key, which are useless once the object is complete. */
  private readonly unfinished = new Set<string>();
  /** Uploads that this run started. */
  private readonly started = new Set<string>();
  private foundBytes = 0;
  private sentBytes = 0;

  constructor(
    private readonly calls: OssCalls,
    private readonly request: UploadRequest,
    private readonly file: LocalFile,
  ) {
    const { bucket, key, signal, rateLimitBytesPerSecond: rate, retryBudgetMs, onRetry } = request;
    this.job = { bucket, key, signal, watch: calls.stallWatch(retryBudgetMs, (retry) => this.noteRetry(retry)) };
    this.notices = onRetry && new RetryNotices(calls.now, onRetry);
    this.wanted = planParts({ ...request, sizeBytes: file.sizeBytes });
    this.plan = this.wanted;
    this.checksums = new LocalChecksums(file, calls.budget.chunks);
    this.pace = rate === undefined ? undefined : new TransferPace(rate, calls.now);
    this.startedMs = calls.now();
  }

  async run(): Promise<UploadResult> {
    try {
      for (let attempt = 1; ; attempt++) {
        const existing = await headObject(this.calls, this.job);
        if (existing !== undefined) {
          await this.assertEqual(existing);
          return await this.result(existing);
        }
        const end = await this.attempt();
        if (end.kind === "completed") return await this.result(end.object, end.requestId);
        const { bucket, key } = this.job;
        if (attempt === MAX_ATTEMPTS) {
          throw migrationError("UPLOAD_DISTURBED", { bucket, key, rounds: attempt, last: end.why });
        }
        await sleep(this.calls.random() * this.calls.times.initialDelayMs * attempt, undefined, {
          signal: this.job.signal,
        });
      }
    } catch (error) {
      // The key holds another object, so the uploads of this run can never be completed.
      if (isCode(error, "OBJECT_DIFFERS")) await this.abortAll(this.started);
      throw error;
    }
  }

  /** Chooses or starts an upload, sends its parts and completes it. */
  private async attempt(): Promise<AttemptResult> {
    try {
      const verifier = await this.choose();
      const { uploadId } = verifier.candidate;
      const parts = await this.transfer(verifier);
      // The last check of the file: after Complete the object exists, correct or not.
      await this.requireUnchangedFile();
      const { etag, requestId } = await this.multipart().complete(uploadId, parts);
      this.unfinished.delete(uploadId);
      this.started.delete(uploadId);
      return await this.verifyObject(etag, requestId);
    } catch (error) {
      if (isFault(error, "NoSuchUpload", "InvalidPart", "InvalidPartOrder", "FileAlreadyExists", WAS_DONE)) {
        return { kind: "lost", why: `${error.facts.code}, ${error.facts.message}` };
      }
      throw error;
    }
  }

  /** The unfinished upload with most of the file, or the newest of equals; a new upload when none exists. */
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
      if (best !== undefined && isBestCandidate(best.candidate, best.matchedBytes, [candidate])) continue;
      const others = candidates.filter((other) => other !== candidate);
      const verifier = new PartVerifier(candidate, this.checksums);
      while (!verifier.isDone && !isBestCandidate(candidate, verifier.matchedBytes, others)) {
        await verifier.step(this.job.signal);
      }
      if (best === undefined || isBestCandidate(candidate, verifier.matchedBytes, [asCompared(best)])) best = verifier;
      if (!verifier.isDone) break;
    }
    if (best !== undefined) {
      this.request.onUploadId?.(best.candidate.uploadId);
      return best;
    }
    const uploadId = await multipart.initiate();
    this.started.add(uploadId);
    this.unfinished.add(uploadId);
    this.request.onUploadId?.(uploadId);
    return new PartVerifier(
      { uploadId, initiatedMs: this.calls.now(), plan: this.wanted, parts: [], resumableBytes: 0 },
      this.checksums,
    );
  }

  private async transfer(verifier: PartVerifier): Promise<AcceptedPart[]> {
    this.plan = verifier.candidate.plan;
    const { file, checksums, pace, job } = this;
    const meter = this.meter("uploading");
    const tick = setInterval(() => meter.report(), TICK_MS);
    try {
      const parts = await transferParts(verifier, {
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
      this.foundBytes = verifier.matchedBytes;
      return parts;
    } finally {
      clearInterval(tick);
    }
  }

  /** Compares the completed object with the file, and deletes a corrupt object that this run created. */
  private async verifyObject(etag: string | undefined, requestId: string | undefined): Promise<AttemptResult> {
    const { bucket, key } = this.job;
    const object = await headObject(this.calls, this.job);
    if (object === undefined) return { kind: "lost", why: "the object was deleted after it was completed" };
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
      throw this.differs(object, `it has ${counted(object.sizeBytes, "byte")}, the file ${sizeBytes}`);
    }
    const found = parseCrc64(object.crc64);
    if (found === undefined) throw migrationError("OBJECT_UNVERIFIED", { bucket, key });
    const meter = this.meter("comparing");
    const expected = await this.checksums.ofFile(this.plan, this.job.signal, (bytes) => meter.compared(bytes));
    await this.requireUnchangedFile();
    if (found !== expected) throw this.differs(object, `its CRC-64 is ${found}, the file's ${expected}`);
  }

  private requireUnchangedFile(): Promise<void> {
    return this.file.requireUnchanged(() => this.checksums.isStillTrue(this.plan, this.job.signal));
  }

  private async result(object: ObjectFacts, requestId?: string): Promise<UploadResult> {
    const isOurs = this.sentBytes > 0 || this.foundBytes > 0;
    const listsAgain = isOurs || this.request.abortsStaleUploads === true;
    const leftUploadIds = await this.abortAll(listsAgain ? await this.listStaleUploads() : this.unfinished);
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
   * The known unfinished uploads and those that another process has started since. They cannot be completed once the
   * object exists, and no later run would abort them. If the list cannot be fetched, only the known ones are returned.
   */
  private async listStaleUploads(): Promise<ReadonlySet<string>> {
    const watch = this.calls.stallWatch(
      Math.min(this.request.retryBudgetMs ?? STALE_UPLOADS_BUDGET_MS, STALE_UPLOADS_BUDGET_MS),
    );
    const multipart = new MultipartCalls(this.calls, { ...this.job, watch });
    const later = await multipart.listUnfinished().catch(() => []);
    return new Set([...this.unfinished, ...later.map(({ uploadId }) => uploadId)]);
  }

  /** Aborts useless uploads. @returns the ones that could not be aborted */
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
    const { onProgress, rateLimitBytesPerSecond } = this.request;
    return new ProgressMeter({
      sizeBytes: this.file.sizeBytes,
      phase,
      now: this.calls.now,
      ...(phase === "uploading" ? { rateLimitBytesPerSecond } : {}),
      isRetrying: () => this.job.watch.isStalled && this.notices?.isReported(this.job.watch.stall) === true,
      onProgress,
    });
  }

  private noteRetry(retry: Retry): void {
    const { watch } = this.job;
    this.notices?.note(watch.stall, this.calls.callRetry(watch, retry));
  }

  private multipart(): MultipartCalls {
    return new MultipartCalls(this.calls, this.job);
  }
}

/** A compared upload as a candidate: its resumable bytes are the ones that are equal. */
const asCompared = (verifier: PartVerifier) => ({
  ...verifier.candidate,
  resumableBytes: verifier.matchedBytes,
});

const describe = (error: unknown): string => (isMigrationError(error) ? `${error.code}, ${error.what}` : String(error));

const isCode = (error: unknown, code: string): boolean => isMigrationError(error) && error.code === code;
