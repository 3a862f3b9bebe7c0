import { rm, stat, writeFile } from "node:fs/promises";
import { setTimeout as pause } from "node:timers/promises";
import { systemCode } from "./source-fault";

const RETRY_AFTER_MS = 100;
/** A renewal ends within 40 s, so an older lock is that of a process that was killed. */
const STALE_AFTER_MS = 60_000;

/**
 * Runs `work` while no other process does the same for `file`. The lock is the file `<file>.lock`. Where none can be created,
 * for example in a read-only folder, `work` runs without one.
 */
export async function withFileLock<T>(file: string, work: () => Promise<T>): Promise<T> {
  const lock = `${file}.lock`;
  const isLocked = await acquire(lock);
  try {
    return await work();
  } finally {
    if (isLocked) await rm(lock, { force: true });
  }
}

async function acquire(lock: string): Promise<boolean> {
  for (;;) {
    try {
      await writeFile(lock, `${process.pid}\n`, { flag: "wx", mode: 0o600 });
      return true;
    } catch (error) {
      if (systemCode(error) !== "EEXIST") return false;
    }
    const found = await stat(lock).catch(() => undefined);
    if (found !== undefined && Date.now() - found.mtimeMs > STALE_AFTER_MS) await rm(lock, { force: true });
    else await pause(RETRY_AFTER_MS);
  }
}
