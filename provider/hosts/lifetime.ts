import { setMaxListeners } from "node:events";
import type { Engine } from "./engine";

/** Interval of the pings to the engine; milliseconds. */
const PING_INTERVAL_MS = 1_500;
/** Unanswered pings in a row before the engine counts as gone: one may be lost while the engine is busy. */
const MAX_UNANSWERED_PINGS = 2;
/** Time for running steps to reach their next safe point before the process exits; milliseconds. */
const GRACE_MS = 3_000; // the engine itself sends SIGKILL five seconds after SIGINT

/**
 * Aborts long handlers when their run ends. A killed CLI leaves this process running (observed on Pulumi 3.248.0), which would
 * continue to upload and to create tasks that nothing records. The second Ctrl-C reaches this process as SIGINT: the handlers
 * then stop at their next safe point. Pulumi discards what they return (observed on 3.248.0), so the next run looks for their
 * upload or task at the service.
 */
export interface Lifetime {
  /** Runs a handler; its signal aborts when the engine has exited or the process receives SIGINT or SIGTERM. */
  run<T>(handler: (signal: AbortSignal) => Promise<T>): Promise<T>;
  /** Pings the engine from now on, also before the first handler. */
  watch(): void;
  /** Aborts the handlers. The process continues, because the engine still reads their results. */
  cancel(reason: string): void;
}

export function watchLifetime(engine: Engine, host: NodeJS.Process): Lifetime {
  const ending = new AbortController();
  // Every migration of the run listens to this signal; Node warns of a leak at the eleventh listener.
  setMaxListeners(0, ending.signal);
  let runningHandlers = 0;
  let isWatching = false;
  let isEnding = false;
  let unansweredPings = 0;

  const cancel = (reason: string) => {
    if (!ending.signal.aborted) ending.abort(new Error(reason));
  };
  const end = (reason: string, exitCode: number) => {
    if (isEnding) return;
    isEnding = true;
    cancel(reason);
    // No unref(): the timer must fire even when it is the last thing that keeps the process alive.
    setTimeout(() => host.exit(exitCode), runningHandlers === 0 ? 0 : GRACE_MS);
  };
  const ping = async () => {
    unansweredPings = (await engine.answers()) ? 0 : unansweredPings + 1;
    if (unansweredPings >= MAX_UNANSWERED_PINGS) end("the Pulumi engine is gone", 1);
    else schedulePing();
  };
  // Pings continue while no handler runs: after the CLI was killed, nothing else would end this process. The timer itself does not
  // keep the process alive.
  const schedulePing = () => setTimeout(ping, PING_INTERVAL_MS).unref();
  for (const name of ["SIGINT", "SIGTERM"] as const) host.once(name, () => end(`stopped by ${name}`, 0));
  const watch = () => {
    if (!isWatching) schedulePing();
    isWatching = true;
  };

  return {
    watch,
    cancel,
    async run(handler) {
      runningHandlers += 1;
      watch();
      try {
        return await handler(ending.signal);
      } finally {
        runningHandlers -= 1;
      }
    },
  };
}
