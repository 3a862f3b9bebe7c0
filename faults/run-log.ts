import type { JournalEntry } from "../emulator/world";

/** A database of the soak, as keys and parameters name it. */
const DATABASE = /\bdb\d{3,}/;

/**
 * What was asked about the database that a broken promise names, a line each: when, what, how it ended, and the fault that it
 * met. A failure that hangs on the machine's timing may not come again, so it tells all of this at once.
 */
export function logOf(broken: string, journal: readonly JournalEntry[]): string[] {
  const name = DATABASE.exec(broken)?.[0];
  if (name === undefined) return [];
  const beganMs = journal[0]?.atMs ?? 0;
  return journal
    .filter(({ detail }) => JSON.stringify(detail).includes(name))
    .map(({ request, atMs, action, status, detail }) => {
      const { key = "", fault = "", status: became = "" } = detail;
      return [`+${atMs - beganMs} ms`, request, action, key, status ?? became, fault]
        .filter((each) => each !== "")
        .join(" ");
    });
}
