import type { UploadProgress } from "../object-store";

const REPORT_EVERY_MS = 1000;
/** Window of the rate: a stall shows soon, and a burst has little effect. */
const RATE_WINDOW_MS = 10_000;

/**
 * Reports acknowledged bytes, at most once a second. Parts from an earlier run count as done, but not in the rate.
 * Without new bytes the rate falls, and reports continue as long as `report` is called.
 */
export class ProgressMeter {
  private doneBytes = 0;
  private movedBytes = 0;
  private lastReportMs = Number.NEGATIVE_INFINITY;
  private readonly samples: { atMs: number; movedBytes: number }[];

  constructor(
    private readonly settings: {
      sizeBytes: number;
      phase: UploadProgress["phase"];
      now: () => number;
      onProgress?: (progress: UploadProgress) => void;
    },
  ) {
    this.samples = [{ atMs: settings.now(), movedBytes: 0 }];
  }

  /** Adds bytes that were sent or compared now. */
  moved(bytes: number): void {
    this.doneBytes += bytes;
    this.movedBytes += bytes;
    this.report();
  }

  /** Adds bytes that the service had before this run. */
  found(bytes: number): void {
    this.doneBytes += bytes;
    this.report();
  }

  report(): void {
    const { now, onProgress } = this.settings;
    const atMs = now();
    if (onProgress === undefined || atMs - this.lastReportMs < REPORT_EVERY_MS) return;
    this.lastReportMs = atMs;
    this.samples.push({ atMs, movedBytes: this.movedBytes });
    while (this.samples.length > 2 && atMs - (this.samples[1]?.atMs ?? atMs) >= RATE_WINDOW_MS) this.samples.shift();
    onProgress(this.progress(atMs));
  }

  private progress(atMs: number): UploadProgress {
    const { sizeBytes, phase } = this.settings;
    const oldest = this.samples[0];
    const windowMs = oldest === undefined ? 0 : atMs - oldest.atMs;
    const bytesPerSecond =
      windowMs > 0 && oldest !== undefined ? ((this.movedBytes - oldest.movedBytes) / windowMs) * 1000 : 0;
    const etaSeconds = bytesPerSecond > 0 ? (sizeBytes - this.doneBytes) / bytesPerSecond : undefined;
    return { phase, sizeBytes, doneBytes: this.doneBytes, bytesPerSecond, etaSeconds };
  }
}
