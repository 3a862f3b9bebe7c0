import { AsyncLocalStorage } from "node:async_hooks";
import { type RetryListener, retryLine } from "../aliyun/call-retry";
import { type Log, ResourceLog } from "../model/log";
import type { Clock } from "./clock";

/** Pause between two lines about a service that are kept after the run: an outage that concerns many databases is logged once. */
const LOG_EVERY_MS = 15 * 60_000;

/** The row of the resource whose handler runs. The clients are shared by all resources, so a call does not know it. */
const rows = new AsyncLocalStorage<ResourceLog>();

/** Runs a handler; the retries of its calls appear in the row of its resource. */
export const withRetryRow = <T>(log: ResourceLog, handler: () => T): T => rows.run(log, handler);

/** Returns the listener of one service's clients. */
export type RetryLog = (service: string) => RetryListener;

/** Logs retries: the first of a service as a line that is kept, the others and the end as the status of the row. */
export function openRetryLog(log: Log, clock: Clock): RetryLog {
  const loggedMs = new Map<string, number>();
  const currentRow = (): ResourceLog => rows.getStore() ?? new ResourceLog(log, "");
  return (service) => ({
    onRetry(retry) {
      const line = retryLine(service, retry);
      const now = clock.now();
      if (now - (loggedMs.get(service) ?? Number.NEGATIVE_INFINITY) < LOG_EVERY_MS) {
        currentRow().status(line);
        return;
      }
      loggedMs.set(service, now);
      currentRow().info(line);
    },
    onRecovery: (operation) => currentRow().status(`${service}: ${operation} succeeded after retries`),
  });
}
