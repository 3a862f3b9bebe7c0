import { AsyncLocalStorage } from "node:async_hooks";

/** Fails the work of one call. */
type Fail = (error: unknown) => void;

const scopes = new AsyncLocalStorage<Fail>();

/**
 * Runs the work of one call so that it also fails with an error that nothing awaits. Pulumi's SDK throws the failure of a child's
 * registration in such a promise, and the component's outputs then never resolve.
 */
export const inFailureScope = <T>(work: () => Promise<T>): Promise<T> =>
  new Promise((resolve, reject) => {
    scopes.run(reject, () => work().then(resolve, reject));
  });

/** Fails the call in whose work an error was not handled; false if it belongs to none. Node.js restores the work's context for its events. */
export function failScope(error: unknown): boolean {
  const fail = scopes.getStore();
  fail?.(error);
  return fail !== undefined;
}
