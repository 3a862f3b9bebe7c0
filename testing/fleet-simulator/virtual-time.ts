import type { Clock } from "../../provider/session/clock";

/** Longer sleeps only watch a deadline beside other work, and end by their signal. */
const WATCH_MS = 3_600_000;
/** Time passes in steps, so that what happens meanwhile is seen soon after; milliseconds. */
const STEP_MS = 10_000;

/**
 * The time of this process while it runs a fleet against the emulator: it stands still while anything works, and a sleep lets it jump. `Date` shows
 * it, so that provider, signatures and emulator agree. For one sleeper at a time.
 */
export class VirtualTime implements Clock {
  private readonly real = Date;
  /** Called after each step. */
  onStep: () => Promise<void> = async () => {};

  private constructor(private nowMs: number) {}

  /** Replaces `Date` of this process until `restore`. */
  static install(startMs: number): VirtualTime {
    const time = new VirtualTime(startMs);
    globalThis.Date = class extends Date {
      constructor(...values: unknown[]) {
        super(...((values.length === 0 ? [time.nowMs] : values) as [number]));
      }
      static override now(): number {
        return time.nowMs;
      }
    } as DateConstructor;
    return time;
  }

  restore(): void {
    globalThis.Date = this.real;
  }

  now(): number {
    return this.nowMs;
  }

  async sleep(ms: number, signal?: AbortSignal): Promise<void> {
    if (ms >= WATCH_MS) {
      await new Promise<void>((resolve) => {
        signal?.addEventListener("abort", () => resolve(), { once: true });
        if (signal?.aborted) resolve();
      });
      return;
    }
    const endMs = this.nowMs + ms;
    while (this.nowMs < endMs) {
      this.nowMs = Math.min(endMs, this.nowMs + STEP_MS);
      await this.onStep();
    }
  }
}
