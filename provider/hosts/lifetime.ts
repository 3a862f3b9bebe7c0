import { setMaxListeners } from "node:events";
import type { Engine } from "./engine";

/** How often the provider asks whether its engine is still there; milliseconds. */
const PING_INTERVAL_MS = 1_500;
/** Pings without an answer before the engine counts as gone: one may be lost while the engine is busy. */
const SILENT_PINGS = 2;
/** Time for the steps under way to reach their next safe point before the process exits; milliseconds. */
const GRACE_MS = 3_000; // the engine itself sends SIGKILL five seconds after SIGINT

/**
 * Ends long handlers when the run they belong to is over. A CLI that is killed leaves this process running (observed on
 * Pulumi 3.248.0): it would go on uploading and creating tasks that nobody records. And the second Ctrl-C reaches this
 * process as SIGINT: what was learnt by then is returned, so that the engine can still save it.
 */
export interface Lifetime {
  /** Runs a handler; its signal aborts when the engine is gone or the process is told to stop. */
  run<T>(handler: (signal: AbortSignal) => Promise<T>): Promise<T>;
}

export function watchLifetime(engine: Engine, host: NodeJS.Process): Lifetime {
  const ending = new AbortController();
  // Every migration of the run listens to the one signal; Node would take the eleventh for a leak.
  setMaxListeners(0, ending.signal);
  let working = 0;
  let watching = false;
  let silent = 0;

  const end = (reason: string, exitCode: number) => {
    if (ending.signal.aborted) return;
    ending.abort(new Error(reason));
    // Not unref'd away from the work: the host's server keeps the process alive until this fires.
    setTimeout(() => host.exit(exitCode), working === 0 ? 0 : GRACE_MS);
  };
  const ping = async () => {
    silent = (await engine.answers()) ? 0 : silent + 1;
    if (silent >= SILENT_PINGS) end("the Pulumi engine is gone", 1);
    else askLater();
  };
  // Asked also while nothing is to do: of a CLI that was killed nothing else would ever end this process. Whatever keeps the
  // process alive, it is not this timer.
  const askLater = () => setTimeout(ping, PING_INTERVAL_MS).unref();
  for (const name of ["SIGINT", "SIGTERM"] as const) host.once(name, () => end(`stopped by ${name}`, 0));

  return {
    async run(handler) {
      working += 1;
      if (!watching) askLater();
      watching = true;
      try {
        return await handler(ending.signal);
      } finally {
        working -= 1;
      }
    },
  };
}
