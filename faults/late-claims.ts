import type { JournalEntry } from "../emulator/world";

/**
 * Keys of claims that were written behind the removal of their migration's claims: by a second run that had looked before the
 * first one settled. It takes its claim back, unless it is killed just then; after that nothing but `destroy` looks for claims of
 * a migration that is online.
 */
export function lateClaims(journal: readonly JournalEntry[]): string[] {
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
