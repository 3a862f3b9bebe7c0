/** Where an entry is shown: `status` in the Info column while a step of the resource runs, the others under Diagnostics. */
export type Severity = "status" | "info" | "warning" | "error";

/** One message to the user. */
export interface LogEntry {
  /** URN of the resource that the entry is about; absent for the whole program. */
  urn?: string;
  severity: Severity;
  /** Complete in itself: Pulumi repeats only the first line in a resource's row. */
  firstLine: string;
  details?: string;
}

/** The only output of the provider to the user. */
export interface Log {
  /** Never throws: a lost log line must not end a migration. */
  write(entry: LogEntry): void;
}

/** Returns the full text of an entry. */
export const textOf = ({ firstLine, details }: LogEntry): string =>
  details === undefined ? firstLine : `${firstLine}\n${details}`;

/** Converts a text of one or more lines to an entry. */
export function entryOf(severity: Severity, urn: string | undefined, text: string): LogEntry {
  const end = text.indexOf("\n");
  const lines = end < 0 ? { firstLine: text } : { firstLine: text.slice(0, end), details: text.slice(end + 1) };
  return { ...(urn === undefined || urn === "" ? {} : { urn }), severity, ...lines };
}

/** The log of one resource. */
export class ResourceLog {
  constructor(
    private readonly log: Log,
    readonly urn: string,
  ) {}

  /** Replaces the text in the Info column. It is not kept after the run. */
  status(text: string): void {
    this.write("status", text);
  }

  info(text: string): void {
    this.write("info", text);
  }

  warning(text: string): void {
    this.write("warning", text);
  }

  error(text: string): void {
    this.write("error", text);
  }

  write(severity: Severity, text: string): void {
    this.log.write(entryOf(severity, this.urn, text));
  }
}
