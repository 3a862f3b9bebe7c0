import type { ObservedMigration } from "../forecast/learn-rates";
import type { DatabaseRow } from "./database-row";

/**
 * The migrations of a state that rates are learnt from. A state may be old: what still ran when it was written shows no duration.
 * @param restoredBytes the size of a database's restored files, where it is known
 */
export const observedMigrations = (
  rows: readonly DatabaseRow[],
  restoredBytes: (database: string) => number | undefined,
): ObservedMigration[] =>
  rows.flatMap(({ database, sizeBytes = 0, timeline, status }) =>
    timeline?.endedAt === undefined
      ? []
      : [
          {
            ...{ backupBytes: sizeBytes, restoredBytes: restoredBytes(database), timeline },
            hasFailed: status === "failed",
          },
        ],
  );
