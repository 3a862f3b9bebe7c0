/** Window of the rate: long against a burst of the pace, short enough to follow the network. */
const WINDOW_MS = 10_000;
/** Before both, buffers and the first requests decide the rate. */
const LEAST_MS = 5000;
const LEAST_BYTES = 256 * 1024;

/** The rate of the last seconds, or undefined while too little is known. A pause of the window's length starts it again. */
export class TransferRate {
  private bytes = 0;
  private lastMs = Number.NEGATIVE_INFINITY;
  private startBytes = 0;
  /** The oldest first. */
  private samples: { atMs: number; bytes: number }[] = [];

  constructor(
    private readonly now: () => number,
    private readonly limitBytesPerSecond = Number.POSITIVE_INFINITY,
  ) {}

  add(bytes: number): void {
    const atMs = this.now();
    if (atMs - this.lastMs >= WINDOW_MS) {
      this.startBytes = this.bytes;
      this.samples = [{ atMs, bytes: this.bytes }];
    }
    this.lastMs = atMs;
    this.bytes += bytes;
  }

  /** Called about once a second. The pace sends up to half a second's bytes early, so the limit caps the result. */
  sample(): number | undefined {
    const atMs = this.now();
    this.samples.push({ atMs, bytes: this.bytes });
    while (atMs - (this.samples[1]?.atMs ?? atMs) >= WINDOW_MS) this.samples.shift();
    const [{ atMs: sinceMs, bytes: before } = { atMs, bytes: 0 }] = this.samples;
    const moved = this.bytes - before;
    if (moved === 0 || atMs - sinceMs < LEAST_MS || this.bytes - this.startBytes < LEAST_BYTES) return undefined;
    return Math.min((moved / (atMs - sinceMs)) * 1000, this.limitBytesPerSecond);
  }
}
