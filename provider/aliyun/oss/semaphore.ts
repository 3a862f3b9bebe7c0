import { onAbort } from "../transport/on-abort";

/** A number of permits, granted in the order of the requests. */
export class Semaphore {
  private readonly waiting: (() => void)[] = [];

  constructor(private free: number) {}

  /** Waits for a permit. The caller gives it back exactly once. @throws the signal's reason when it aborts first */
  async take(signal?: AbortSignal): Promise<void> {
    signal?.throwIfAborted();
    if (!this.takeNow()) await this.enqueue(signal);
  }

  /** Takes a permit if one is free. */
  takeNow(): boolean {
    if (this.free === 0) return false;
    this.free--;
    return true;
  }

  give(): void {
    const next = this.waiting.shift();
    if (next === undefined) this.free++;
    else next();
  }

  private enqueue(signal: AbortSignal | undefined): Promise<void> {
    return new Promise((resolve, reject) => {
      const onGranted = (): void => {
        forgetSignal?.();
        resolve();
      };
      const forgetSignal =
        signal &&
        onAbort(signal, () => {
          this.waiting.splice(this.waiting.indexOf(onGranted), 1);
          reject(signal.reason);
        });
      this.waiting.push(onGranted);
    });
  }
}
