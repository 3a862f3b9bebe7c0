import { parseMessage } from "../errors/message-text";
import type { MigrationError } from "../errors/migration-error";
import { plainErrorOf } from "../errors/plain-error";
import type { Finding } from "../model/finding";

export const LINE_STATUSES = ["ok", "warning", "failed", "notTried"] as const;
export type LineStatus = (typeof LINE_STATUSES)[number];

/** One line of the doctor's report. */
export interface ReportLine {
  /** What was checked: `node`, `clock RDS`, `rds:DescribeDatabases`. */
  check: string;
  status: LineStatus;
  /** What was found, on one line; begins with the code of the catalogue where there is one. */
  text: string;
  /** Further lines: causes, other values, the service's own words. */
  details: readonly string[];
  /** What to do; undefined where nothing is to be done. */
  remedy?: string;
}

export const line = (
  check: string,
  status: LineStatus,
  text: string,
  more: { details?: readonly string[]; remedy?: string } = {},
): ReportLine => ({ check, status, text, details: [], ...more });

/** The line of a message of the catalogue, or of any text whose last line is the remedy. */
export function messageLine(check: string, status: LineStatus, message: string): ReportLine {
  const parts = parseMessage(message);
  const prefix = parts === undefined ? "" : `${parts.code}: `;
  const { what, remedy } = parts ?? splitLastLine(message);
  const [first = "", ...details] = what.split("\n");
  return line(check, status, `${prefix}${first}`, { details, ...(remedy === "" ? {} : { remedy }) });
}

/** The line of whatever a check threw. */
export const errorLine = (check: string, error: unknown, status: LineStatus = "failed"): ReportLine =>
  messageLine(check, status, plainErrorOf(error).message);

/**
 * The lines of the findings; without any, that the check passed.
 * @param facts the values behind the findings, which the first of them shows
 */
export function findingLines(
  check: string,
  findings: readonly Finding[],
  { passed, facts }: { passed: string; facts?: string },
): ReportLine[] {
  const [first, ...others] = findings.map((finding) => findingLine(check, finding));
  if (first === undefined) return [line(check, "ok", passed)];
  return [{ ...first, details: [...(facts === undefined ? [] : [facts]), ...first.details] }, ...others];
}

function findingLine(check: string, { severity, message, unchecked }: Finding): ReportLine {
  if (unchecked !== undefined) return line(check, "notTried", `${unchecked.what}: ${unchecked.why}`);
  return messageLine(check, severity === "error" ? "failed" : "warning", message);
}

/** Why a call of a service was refused: the credentials lack its RAM action. */
export const isRefused = ({ code }: MigrationError): boolean =>
  code === "NOT_AUTHORIZED" || code === "OSS_ACCESS_DENIED";

function splitLastLine(message: string): { what: string; remedy: string } {
  const end = message.lastIndexOf("\n");
  return end === -1 ? { what: message, remedy: "" } : { what: message.slice(0, end), remedy: message.slice(end + 1) };
}
