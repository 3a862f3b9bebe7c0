/** Runs asynchronous jobs one after the other, so that each sees the state that the one before it left. */
export class SerialQueue {
  private tail: Promise<unknown> = Promise.resolve();

  run<T>(job: () => Promise<T>): Promise<T> {
    const result = this.tail.then(job);
    // The next job starts whatever became of this one; its caller hears of the failure.
    this.tail = result.catch(() => undefined);
    return result;
  }
}
