/** Runs asynchronous jobs one at a time, so that each sees the changes of the one before it. */
export class SerialQueue {
  private tail: Promise<unknown> = Promise.resolve();

  run<T>(job: () => Promise<T>): Promise<T> {
    const result = this.tail.then(job);
    // A failed job does not stop the next one; its caller gets the error.
    this.tail = result.catch(() => undefined);
    return result;
  }
}
