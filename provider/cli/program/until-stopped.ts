import { PlainError } from "../../errors/plain-error";

/** SIGHUP comes when a terminal or its connection is closed. */
const STOP_SIGNALS = ["SIGINT", "SIGTERM", "SIGHUP"] as const;
/** npx forwards a Ctrl-C that the terminal has sent already, where `sh` is bash: the second signal is the same stop. */
const SAME_STOP_MS = 1000;

/**
 * Runs a job whose `signal` aborts at the first SIGINT, SIGTERM or SIGHUP, so that it ends in good order before the process does. A
 * further signal, more than a second later, ends the process at once.
 */
export async function untilStopped<T>(job: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const ending = new AbortController();
  let stoppedMs = 0;
  const detach = (): void => {
    for (const name of STOP_SIGNALS) process.removeListener(name, stop);
  };
  const stop = (name: NodeJS.Signals): void => {
    if (!ending.signal.aborted) {
      stoppedMs = performance.now();
      ending.abort(new PlainError(`stopped by ${name}`));
    } else if (performance.now() - stoppedMs > SAME_STOP_MS) {
      detach();
      process.kill(process.pid, name);
    }
  };
  for (const name of STOP_SIGNALS) process.on(name, stop);
  try {
    return await job(ending.signal);
  } finally {
    detach();
  }
}
