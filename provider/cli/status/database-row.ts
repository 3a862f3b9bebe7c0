import type { DatabaseOutcome } from "../../model/outcome";
import type { MigrationStatus } from "../../model/outputs";
import type { Scope } from "../../model/scope";

/** The last known status of one database. */
export interface DatabaseRow extends Omit<DatabaseOutcome, "status"> {
  instanceId: string;
  /** Absent where the state does not have it: a run has begun to create the migration and not recorded it yet. */
  status?: MigrationStatus;
  /** Since when the status is known: when RDS answered, or when the state was written; UTC, ISO 8601. */
  asOf?: string;
  /** Whether RDS answered now. */
  asked: boolean;
  /** The step that a run has begun and not ended, for example `creating`. */
  pendingOperation?: string;
  /** How to reach the instance. */
  scope: Scope;
  /** The task was not created by this program, so it may be older than `startedAt`. */
  isAdopted: boolean;
}

/** Whether the last run failed for the database. */
export const hasFailed = ({ status, failure }: DatabaseRow): boolean => status === "failed" || failure !== undefined;
