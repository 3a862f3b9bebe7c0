import Table from "cli-table3";
import type { DatabaseOutcome } from "../model/outcome";
import { formatBytes, formatDuration } from "../model/quantities";

const NO_LINES = Object.fromEntries(
  [
    ...["top", "top-mid", "top-left", "top-right", "bottom", "bottom-mid", "bottom-left", "bottom-right"],
    ...["left", "left-mid", "mid", "mid-mid", "right", "right-mid"],
  ].map((place) => [place, ""]),
);

/** Returns a table with one row for each database, in the given order. */
export function outcomeTable(outcomes: readonly DatabaseOutcome[]): string {
  const table = new Table({
    head: ["database", "status", "size", "took", "data as of", "task", ""],
    style: { head: [], border: [], "padding-left": 0, "padding-right": 0 },
    chars: { ...NO_LINES, middle: "  " },
  });
  for (const each of outcomes) {
    table.push([
      each.database,
      each.failure === undefined ? each.status : "failed",
      each.sizeBytes === undefined ? "" : formatBytes(each.sizeBytes),
      each.durationSeconds === undefined ? "" : formatDuration(each.durationSeconds),
      each.dataAsOf?.replace("T", " ") ?? "",
      each.migrateTaskId ?? "",
      [each.failure?.code, ...each.warnings.map(codeOf)].filter(Boolean).join(", "),
    ]);
  }
  return table
    .toString()
    .split("\n")
    .map((line) => line.trimEnd())
    .join("\n");
}

/** Returns the error code at the start of a warning; a warning without a code is shown as "warning". */
const codeOf = (warning: string): string => /^([A-Z][A-Z0-9_]+):/.exec(warning)?.[1] ?? "warning";
