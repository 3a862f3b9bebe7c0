import { countedOf } from "../../errors/message-text";
import { shorten } from "../../errors/shorten";
import { statusSummary } from "../../model/database-counts";
import { formatBytes } from "../../model/quantities";
import { terminalLine } from "../../model/terminal-text";
import { plainTable } from "../../outcome/plain-table";
import type { DatabaseRow } from "../../stack-state/database-row";

const HEAD = ["database", "status", "size", "started", "ended", "data as of", "task", "warnings", "known at", "cause"];
/** The longest status of the service that a row shows; characters. The JSON report has all of it. */
const STATUS_TEXT_LENGTH = 40;

/** One table for each instance under a line that says when RDS was asked. Times are UTC; "data as of" is the source's local time. */
export function statusReport(rows: readonly DatabaseRow[]): string {
  const instances = [...new Set(rows.map(({ instanceId }) => instanceId))].sort();
  const tables = instances.map((instanceId) => {
    const own = rows.filter((row) => row.instanceId === instanceId).sort(byDatabase);
    return `${terminalLine(instanceId)}: ${askedText(own)}\n${plainTable(HEAD, own.map(cellsOf))}`;
  });
  return [statusSummary(rows), ...tables].join("\n\n");
}

/** One object for each database, with the members of the outcome's summary. */
export const statusItems = (rows: readonly DatabaseRow[]): object[] =>
  [...rows].sort(byPlace).map(({ scope, isAdopted: _isAdopted, record: _record, instanceId, database, ...others }) => ({
    ...{ database, instanceId, region: scope.region },
    ...others,
  }));

function askedText(rows: readonly DatabaseRow[]): string {
  const newest = (those: readonly DatabaseRow[]) =>
    seconds(
      those
        .flatMap(({ asOf }) => asOf ?? [])
        .sort()
        .at(-1),
    );
  const asked = rows.filter((row) => row.asked);
  if (asked.length === 0) return `not asked since ${newest(rows) || "an unknown time"}`;
  const others = rows.length - asked.length;
  return `asked at ${newest(asked)}${others === 0 ? "" : `; ${countedOf(others, rows.length, "row", ["is", "are"])} from the state`}`;
}

function cellsOf(row: DatabaseRow): string[] {
  const { database, failure, warnings, pendingOperation, sizeBytes, startedAt, finishedAt, timeline } = row;
  const [cause = ""] = failure?.cause.split("\n") ?? [];
  const pending =
    pendingOperation === undefined ? "" : `A run is ${pendingOperation} it, or an earlier run was killed.`;
  return [
    database,
    statusText(row),
    sizeBytes === undefined ? "" : formatBytes(sizeBytes),
    seconds(startedAt),
    seconds(finishedAt ?? timeline?.endedAt),
    row.dataAsOf?.replace("T", " ") ?? "",
    row.migrateTaskId ?? "",
    warnings.length === 0 ? "" : String(warnings.length),
    row.asked ? "now" : seconds(row.asOf),
    [failure && `${failure.code}: ${cause}`, pending].filter(Boolean).join(" "),
  ].map(terminalLine);
}

/** The status, with the service's own words while the database is on its way. */
function statusText({ status, statusText: words, failure }: DatabaseRow): string {
  if (failure !== undefined) return "failed";
  if (status === undefined) return "unknown";
  return status === "online" || words === undefined ? status : `${status} (${shorten(words, STATUS_TEXT_LENGTH)})`;
}

/** A time without its fraction of a second. */
const seconds = (time: string | undefined): string => time?.replace(/\.\d+(?=Z$)/, "") ?? "";

const byPlace = (one: DatabaseRow, other: DatabaseRow): number =>
  one.instanceId.localeCompare(other.instanceId, "en") || byDatabase(one, other);

const byDatabase = (one: DatabaseRow, other: DatabaseRow): number => one.database.localeCompare(other.database, "en");
