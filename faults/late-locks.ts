import type { JournalEntry } from "../emulator/world";
import type { Fixture, Recorded } from "../testing/fixture";

/**
 * Keys of lock objects that were written after the locks of their migration were removed. A second run writes such a lock when it
 * checked the state before the first run completed. It removes the lock itself, unless it is killed at that moment, or its lock
 * is older than half of the time after which another run may follow it. After that only `destroy` searches for lock objects of a
 * migration that is online.
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

/** Destroys the recorded migrations with late locks, which must remove them. @returns the number of late locks */
export async function destroyLateLocked(fixture: Fixture, records: Iterable<Recorded>): Promise<number> {
  const late = lateLocks(fixture.emulator.journal.entries);
  for (const recorded of records)
    if (late.some((key) => key.startsWith(`${recorded.outputs.objectKey}.`))) await fixture.destroy(recorded);
  return late.length;
}
