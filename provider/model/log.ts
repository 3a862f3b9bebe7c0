/** How an entry is shown: `status` in the Info column while a resource is at work, the others under Diagnostics. */
export type Severity = "status" | "info" | "warning" | "error";

/** One message to a person. */
export interface LogEntry {
  /** The resource it is about; absent for the program as a whole. */
  urn?: string;
  severity: Severity;
  /** Complete in itself: Pulumi repeats only the first line in a resource's row. */
  firstLine: string;
  details?: string;
}

/** The one port through which every word leaves the provider. */
export interface Log {
  /** Never throws: a lost log line must not end a migration. */
  write(entry: LogEntry): void;
}

/** The whole text of an entry. */
export const textOf = ({ firstLine, details }: LogEntry): string =>
  details === undefined ? firstLine : `${firstLine}\n${details}`;

/** A text of one or more lines as an entry. */
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

  /** Replaces what the Info column shows; not kept. */
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
