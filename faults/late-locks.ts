import type { JournalEntry } from "../emulator/world";

/**
 * Keys of lock objects that were written after the locks of their migration were removed. A second run writes such a lock when it
 * checked the state before the first run completed. It removes the lock itself unless it is killed at that moment; after that
 * only `destroy` searches for lock objects of a migration that is online.
 */
export function lateLocks(journal: readonly JournalEntry[]): string[] {
  const removed = new Set<string>();
  const late = new Set<string>();
  for (const { action, status, detail } of journal) {
    const key = String(detail.key ?? "");
    if (!key.endsWith(".claim") || (status !== 200 && status !== 204)) continue;
    if (action === "DeleteObject") {
      removed.add(key);
      late.delete(key);
    }
    if (action === "PutObject" && removed.has(key)) late.add(key);
  }
  return [...late];
}
