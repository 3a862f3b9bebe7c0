import { PlainError } from "../../errors/plain-error";

const STOP_SIGNALS = ["SIGINT", "SIGTERM"] as const;

/** Runs a job whose `signal` aborts at the first SIGINT or SIGTERM, so that it ends in good order before the process does. */
export async function untilStopped<T>(job: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const ending = new AbortController();
  const stop = (name: string) => ending.abort(new PlainError(`stopped by ${name}`));
  for (const name of STOP_SIGNALS) process.once(name, stop);
  try {
    return await job(ending.signal);
  } finally {
    for (const name of STOP_SIGNALS) process.removeListener(name, stop);
  }
}
