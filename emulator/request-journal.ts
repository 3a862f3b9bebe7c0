import type { Clock } from "./clock";
import { JsonLinesLog } from "./json-lines-log";
import type { Journal, JournalEntry } from "./world";

/** The journal. Entries are kept in memory and appended to a file. */
export class RequestJournal implements Journal {
  private readonly list: JournalEntry[] = [];
  private readonly log: JsonLinesLog<JournalEntry>;

  constructor(
    file: string,
    private readonly clock: Clock,
  ) {
    this.log = JsonLinesLog.open<JournalEntry>(file, (entry) => this.list.push(entry));
  }

  get entries(): readonly JournalEntry[] {
    return this.list;
  }

  /** The highest request number so far; numbering continues from it after a restart. */
  lastRequest(): number {
    return this.list.reduce((highest, entry) => Math.max(highest, entry.request), 0);
  }

  record(entry: Omit<JournalEntry, "atMs">): void {
    const stamped = { ...entry, atMs: this.clock.now() };
    this.list.push(stamped);
    this.log.append(stamped);
  }

  close(): void {
    this.log.close();
  }
}
