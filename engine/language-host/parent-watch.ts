const INTERVAL_MS = 500;

/** Calls `onDeath` once when the parent process has ended: the system then gives this process another parent. */
export function watchParent(onDeath: () => void): void {
  const parent = process.ppid;
  const timer = setInterval(() => {
    if (process.ppid === parent) return;
    clearInterval(timer);
    onDeath();
  }, INTERVAL_MS);
  timer.unref();
}
