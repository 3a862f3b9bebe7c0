import type { DatabaseOutcome } from "../model/outcome";
import { formatBytes, formatDuration } from "../model/quantities";
import { plainTable } from "./plain-table";

/** Returns a table with one row for each database, in the given order. */
export function outcomeTable(outcomes: readonly DatabaseOutcome[]): string {
  const rows = outcomes.map((each) => [
    each.database,
    each.failure === undefined ? each.status : "failed",
    each.sizeBytes === undefined ? "" : formatBytes(each.sizeBytes),
    each.durationSeconds === undefined ? "" : formatDuration(each.durationSeconds),
    each.dataAsOf?.replace("T", " ") ?? "",
    each.migrateTaskId ?? "",
    [each.failure?.code, ...each.warnings.map(codeOf)].filter(Boolean).join(", "),
  ]);
  return plainTable(["database", "status", "size", "took", "data as of", "task", ""], rows);
}

/** Returns the error code at the start of a warning; a warning without a code is shown as "warning". */
const codeOf = (warning: string): string => /^([A-Z][A-Z0-9_]+):/.exec(warning)?.[1] ?? "warning";
