import { setMaxListeners } from "node:events";
import { migrationError } from "../../errors/migration-error";
import type { ChunkPool } from "./chunk-pool";
import type { LocalChecksums } from "./local-checksums";
import type { LocalFile } from "./local-file";
import type { MultipartCalls } from "./multipart-calls";
import { PartBody } from "./part-body";
import { partRange } from "./part-plan";
import { PartQueue } from "./part-queue";
import type { AcceptedPart, PartVerifier } from "./part-verifier";
import type { ProgressMeter } from "./progress-meter";
import type { TransferPace } from "./transfer-pace";

/** Attempts of a part that arrives with a wrong checksum. */
const CORRUPT_ATTEMPTS = 3;

export interface TransferSettings {
  bucket: string;
  key: string;
  file: LocalFile;
  checksums: LocalChecksums;
  chunks: ChunkPool;
  pace?: TransferPace;
  meter: ProgressMeter;
  signal?: AbortSignal;
  /** Creates the calls of this transfer; `signal` ends them when another part has failed. */
  multipart: (signal: AbortSignal) => MultipartCalls;
  onSent: (bytes: number) => void;
}

/**
 * Completes the parts of one upload on the server: compares the listed parts with the file and sends the missing ones
 * at the same time. The first part that fails permanently stops the others before the error is thrown, so nothing keeps
 * running.
 * @throws OssFault `NoSuchUpload` when the upload no longer exists
 */
export async function transferParts(verifier: PartVerifier, settings: TransferSettings): Promise<AcceptedPart[]> {
  const { candidate } = verifier;
  const { plan, uploadId } = candidate;
  const halt = new AbortController();
  setMaxListeners(0, halt.signal);
  const onAbort = (): void => halt.abort(settings.signal?.reason);
  settings.signal?.addEventListener("abort", onAbort, { once: true });
  const { signal } = halt;
  const multipart = settings.multipart(signal);
  const done = [...verifier.accepted];
  const queue = new PartQueue();
  signal.addEventListener("abort", () => queue.abandon(), { once: true });

  const listed = new Set(candidate.parts.map((part) => part.number));
  for (const number of verifier.rejected) queue.add(number);
  for (let number = 1; number <= plan.partCount; number++) if (!listed.has(number)) queue.add(number);
  settings.meter.acknowledged(verifier.matchedBytes);

  const compareListed = async (): Promise<void> => {
    while (!verifier.isDone) {
      const result = await verifier.step(signal);
      if (typeof result === "number") queue.add(result);
      else if (result !== undefined) {
        done.push(result);
        settings.meter.acknowledged(result.sizeBytes);
      }
    }
    queue.close();
  };
  const sendMissing = async (): Promise<void> => {
    for (let number = await queue.take(); number !== undefined; number = await queue.take()) {
      const part = await sendPart(number);
      done.push(part);
      settings.meter.acknowledged(part.sizeBytes);
    }
  };
  const sendPart = async (number: number): Promise<AcceptedPart> => {
    const { start, end } = partRange(plan, number);
    const { bucket, key, file, chunks, pace, meter, onSent } = settings;
    const part = { number, sizeBytes: end - start };
    let inFlightBytes = 0;
    const endAttempt = (): void => {
      meter.noLongerInFlight(inFlightBytes);
      inFlightBytes = 0;
    };
    const body = new PartBody({
      file,
      start,
      end,
      chunks,
      pace,
      onBegin: endAttempt,
      onSent: (bytes) => {
        inFlightBytes += bytes;
        meter.sent(bytes);
        onSent(bytes);
      },
    });
    const options = {
      timeoutMs: plan.partTimeoutMs,
      trafficLimitBitsPerSecond: plan.trafficLimitBitsPerSecond,
    };
    for (let attempt = 1; ; attempt++) {
      const { etag, crc64: arrived } = await multipart.putPart(uploadId, part, body, options);
      endAttempt();
      const sent = body.crc64;
      if (sent !== undefined && sent === arrived) {
        settings.checksums.note(plan, number, sent);
        return { ...part, etag, crc64: sent };
      }
      if (attempt === CORRUPT_ATTEMPTS) {
        const found = arrived === undefined ? "no checksum in the reply" : String(arrived);
        throw migrationError("PART_CORRUPT", {
          bucket,
          key,
          part: number,
          expected: String(sent),
          found,
          attempts: attempt,
        });
      }
    }
  };

  const jobs = [compareListed(), ...Array.from({ length: plan.parallel }, sendMissing)];
  for (const job of jobs) job.catch((error: unknown) => halt.abort(error));
  await Promise.allSettled(jobs);
  settings.signal?.removeEventListener("abort", onAbort);
  signal.throwIfAborted();
  return done.sort((a, b) => a.number - b.number);
}
