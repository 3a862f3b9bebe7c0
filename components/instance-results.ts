import type { OpenedMember } from "../provider/model/cutover-group";
import { isSameName } from "../provider/model/names";
import type { DatabaseOutcome } from "../provider/model/outcome";
import type { DeclaredMember } from "./instance-members";

/**
 * Returns the result of each database, by its name on the source: the outcome's, and what the cutover group did after it.
 * A database that the outcome has not recorded yet is missing.
 */
export function resultsByName(
  members: readonly Pick<DeclaredMember, "source" | "database">[],
  summary: readonly DatabaseOutcome[],
  opened: readonly OpenedMember[] = [],
): Record<string, DatabaseOutcome> {
  const found = members.flatMap(({ source, database }) => {
    const outcome = summary.find((each) => each.database === database);
    return outcome === undefined ? [] : [[source, afterCutover(outcome, opened)] as const];
  });
  return Object.fromEntries(found);
}

/** The outcome ends before the cutover group opens a database, so the group's record is newer. */
function afterCutover(outcome: DatabaseOutcome, opened: readonly OpenedMember[]): DatabaseOutcome {
  const record = opened.find(
    ({ database, migrateTaskId }) =>
      isSameName(database, outcome.database) &&
      (migrateTaskId === undefined || migrateTaskId === outcome.migrateTaskId),
  );
  if (record === undefined || record.status === "waiting") return outcome;
  const warnings = [...new Set([...outcome.warnings, ...record.warnings])];
  if (record.status === "failed") return { ...outcome, warnings, failure: record.failure ?? outcome.failure };
  return { ...outcome, status: "online", finishedAt: outcome.finishedAt ?? record.openedAt, warnings };
}
