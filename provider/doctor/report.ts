import { withAddress } from "../errors/error-address";
import { terminalLine } from "../model/terminal-text";
import { LINE_STATUSES, type LineStatus, type ReportLine } from "./report-line";

const WORDS: Readonly<Record<LineStatus, string>> = {
  ok: "ok",
  warning: "warning",
  failed: "failed",
  notTried: "not tried",
};
const STATUS_WIDTH = Math.max(...Object.values(WORDS).map((word) => word.length)) + 2;
const INDENT = " ".repeat(STATUS_WIDTH);

/** The report as a person reads it: a line for each check, what to do indented below it, and the counts at the end. */
export function doctorReport(lines: readonly ReportLine[]): string {
  const counts = LINE_STATUSES.map(
    (status) => [lines.filter((each) => each.status === status).length, status] as const,
  );
  const total = counts.filter(([count]) => count > 0).map(([count, status]) => `${count} ${WORDS[status]}`);
  return [...lines.map(lineText), "", total.join(", ")].join("\n");
}

function lineText({ check, status, text, details, remedy }: ReportLine): string {
  const [, ...address] = status === "failed" ? withAddress(text).split("\n") : [];
  const below = [...details, ...(remedy === undefined ? [] : [`Do: ${remedy}`]), ...address];
  return [`${WORDS[status].padEnd(STATUS_WIDTH)}${check}: ${text}`, ...below.map((each) => `${INDENT}${each}`)]
    .map(terminalLine)
    .join("\n");
}
