/** The emulator's clock: real time plus an offset that tests can change at run time. */
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
