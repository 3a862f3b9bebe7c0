/** A promise with its resolve and reject functions (like Promise.withResolvers of newer Node.js versions). */
export interface Deferred<T> {
  promise: Promise<T>;
  resolve(value: T): void;
  reject(reason: Error): void;
}

export function deferred<T>(): Deferred<T> {
  let resolve: Deferred<T>["resolve"] = unset;
  let reject: Deferred<T>["reject"] = unset;
  const promise = new Promise<T>((onResolve, onReject) => {
    resolve = onResolve;
    reject = onReject;
  });
  return { promise, resolve, reject };
}

/** Never called, because the executor of a promise runs synchronously. */
const unset = (): void => undefined;
