/** Real time plus an offset that a test may change while the emulator runs. */
export class Clock {
  constructor(
    public offsetMs = 0,
    private readonly realNow: () => number = Date.now,
  ) {}

  /** Milliseconds since the epoch. */
  now(): number {
    return this.realNow() + this.offsetMs;
  }
}
