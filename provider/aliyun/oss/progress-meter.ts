import type { UploadProgress } from "../object-store";
import { TransferRate } from "./transfer-rate";

const REPORT_EVERY_MS = 1000;
/** A pause of this length is reported, once. */
const PAUSE_MS = 10_000;

/**
 * Reports acknowledged bytes, at most once a second and only after a change. Parts from an earlier run count as done, but
 * not in the rate. The rate counts bytes when they are sent, because acknowledgements arrive in groups of whole parts,
 * which exceed the rate limit for seconds.
 */
export class ProgressMeter {
  private doneBytes = 0;
  /** Sent, but not acknowledged yet. */
  private inFlightBytes = 0;
  private readonly rate: TransferRate;
  private lastReportMs = Number.NEGATIVE_INFINITY;
  private changedMs: number;
  private hasChanged = true;
  private isPauseReported = false;

  constructor(
    private readonly settings: {
      sizeBytes: number;
      phase: UploadProgress["phase"];
      now: () => number;
      rateLimitBytesPerSecond?: number;
      /** Whether retries are shown in place of the progress. */
      isRetrying?: () => boolean;
      onProgress?: (progress: UploadProgress) => void;
    },
  ) {
    this.changedMs = settings.now();
    this.rate = new TransferRate(settings.now, settings.rateLimitBytesPerSecond);
  }

  /** Adds bytes that were compared with the existing object. */
  compared(bytes: number): void {
    this.rate.add(bytes);
    this.acknowledged(bytes);
  }

  /** Adds bytes that were written to a connection. */
  sent(bytes: number): void {
    this.rate.add(bytes);
    this.inFlightBytes += bytes;
    this.noteChange();
  }

  /** Subtracts sent bytes whose attempt has ended. */
  noLongerInFlight(bytes: number): void {
    this.inFlightBytes -= bytes;
  }

  /** Adds bytes that the service confirmed now, or that it had before this run. */
  acknowledged(bytes: number): void {
    this.doneBytes += bytes;
    this.noteChange();
    this.report();
  }

  report(): void {
    const { now, onProgress, isRetrying } = this.settings;
    const atMs = now();
    if (onProgress === undefined || atMs - this.lastReportMs < REPORT_EVERY_MS) return;
    this.lastReportMs = atMs;
    const bytesPerSecond = this.rate.sample();
    if (isRetrying?.()) return;
    const idleMs = atMs - this.changedMs;
    if (this.hasChanged) onProgress(this.progress({ bytesPerSecond }));
    else if (idleMs < PAUSE_MS || this.isPauseReported) return;
    else onProgress(this.progress({ idleSeconds: Math.round(idleMs / 1000) }));
    this.isPauseReported = !this.hasChanged;
    this.hasChanged = false;
  }

  private noteChange(): void {
    this.hasChanged = true;
    this.changedMs = this.settings.now();
  }

  private progress({ bytesPerSecond, idleSeconds }: Pick<UploadProgress, "bytesPerSecond" | "idleSeconds">) {
    const { sizeBytes, phase } = this.settings;
    const { doneBytes, inFlightBytes } = this;
    const etaSeconds = bytesPerSecond && Math.max(0, sizeBytes - doneBytes - inFlightBytes) / bytesPerSecond;
    return { phase, sizeBytes, doneBytes, bytesPerSecond, etaSeconds, idleSeconds };
  }
}
