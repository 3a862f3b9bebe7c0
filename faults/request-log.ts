import type { JournalEntry } from "../emulator/world";

/** A database name of the soak or of a case, as it appears in keys and parameters. */
const DATABASE = /\b(?:db\d{3,}|erp)(?![a-z0-9])/;

/**
 * Lists the journal entries of the database that `broken` names, one a line: time, action, result and injected fault. A failure
 * that depends on timing may not occur again, so its first report contains the full request log.
 */
export function requestLogOf(broken: string, journal: readonly JournalEntry[]): string[] {
  const name = DATABASE.exec(broken)?.[0];
  if (name === undefined) return [];
  const beganMs = journal[0]?.atMs ?? 0;
  return journal
    .filter(({ detail }) => JSON.stringify(detail).includes(name))
    .map(({ request, atMs, action, status, detail }) => {
      const { key = "", fault = "", status: effect = "" } = detail;
      return [`+${atMs - beganMs} ms`, request, action, key, status ?? effect, fault]
        .filter((each) => each !== "")
        .join(" ");
    });
}
