import { withAddress } from "../errors/error-address";
import { FIRST_LINE_LENGTH, shorten } from "../errors/shorten";
import { terminalText } from "./terminal-text";

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

/** Drops every entry. */
export const noLog: Log = { write: () => {} };

/** Returns the full text of an entry as a terminal may show it. */
export const textOf = ({ firstLine, details }: LogEntry): string =>
  terminalText(details === undefined ? firstLine : `${firstLine}\n${details}`);

/**
 * A text as an entry, as a terminal may show it: escapes count in the length. Its first line has at most {@link FIRST_LINE_LENGTH} characters: a longer one ends after a sentence or
 * clause, and where it has none it is shortened in its middle and given whole in the details.
 */
export function entryOf(severity: Severity, urn: string | undefined, text: string): LogEntry {
  const [line = "", ...others] = terminalText(text).split("\n");
  const [firstLine, ...rest] = splitLine(line);
  const details = [...rest, ...others].join("\n");
  return {
    ...(urn === undefined || urn === "" ? {} : { urn }),
    severity,
    firstLine,
    ...(details === "" ? {} : { details }),
  };
}

function splitLine(line: string): [string, ...string[]] {
  if (line.length <= FIRST_LINE_LENGTH) return [line];
  const end = Math.max(...[". ", "; "].map((boundary) => line.lastIndexOf(boundary, FIRST_LINE_LENGTH - 1)));
  if (end > 0) return [line.slice(0, end + 1), line.slice(end + 2)];
  return [shorten(line, FIRST_LINE_LENGTH), line];
}

/** The log of one resource. */
export class ResourceLog {
  /** The text in the Info column, as far as this log wrote it. */
  private shownStatus: string | undefined;

  constructor(
    private readonly log: Log,
    readonly urn: string,
  ) {}

  /**
   * Replaces the text in the Info column: one line, which is not kept after the run. Without a terminal every call prints a
   * line, so a repeated text is dropped.
   */
  status(text: string): void {
    const [line = ""] = terminalText(text).split("\n");
    const status = shorten(line, FIRST_LINE_LENGTH);
    if (status === this.shownStatus) return;
    this.write("status", status);
    this.shownStatus = status;
  }

  info(text: string): void {
    this.write("info", text);
  }

  warning(text: string): void {
    this.write("warning", text);
  }

  /** The last line becomes the address of the error's code in the documentation. */
  error(text: string): void {
    this.write("error", withAddress(text));
  }

  /** Refers to the row that shows the error in full, so it has no address of its own. */
  errorReference(text: string): void {
    this.write("error", text);
  }

  write(severity: Severity, text: string): void {
    this.log.write(entryOf(severity, this.urn, text));
    this.shownStatus = undefined;
  }
}
