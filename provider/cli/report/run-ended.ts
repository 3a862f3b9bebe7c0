import { open } from "node:fs/promises";

/** The summary is among the last events. */
const TAIL_BYTES = 256 * 1024;

/**
 * Whether an event log that was written since `sinceMs` has the summary of an update. An older one is of an earlier run; a preview's
 * summary comes before the update's events. A file that is not there yet is of a run that has not begun.
 */
export async function hasRunEnded(eventLog: string, sinceMs: number): Promise<boolean> {
  const file = await open(eventLog, "r").catch(() => undefined);
  if (file === undefined) return false;
  try {
    const { size, mtimeMs } = await file.stat();
    if (mtimeMs < sinceMs) return false;
    const tail = Buffer.alloc(Math.min(size, TAIL_BYTES));
    await file.read(tail, 0, tail.length, size - tail.length);
    return tail.toString("utf8").split("\n").some(isSummaryOfUpdate);
  } finally {
    await file.close();
  }
}

/** The first and the last line may be cut. */
function isSummaryOfUpdate(line: string): boolean {
  if (!line.includes('"summaryEvent"')) return false;
  try {
    const { summaryEvent }: { summaryEvent?: { isPreview?: boolean } } = JSON.parse(line);
    return summaryEvent !== undefined && summaryEvent.isPreview !== true;
  } catch {
    return false;
  }
}
