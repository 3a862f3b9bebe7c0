import type { DatabaseOutcome } from "../model/outcome";
import type { MigrationOutputs, MigrationStatus } from "../model/outputs";
import type { Scope } from "../model/scope";

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
  /** What the state records about the migration itself; absent where only the outcome has the database. */
  record?: MigrationRecord;
}

/** The record of a DatabaseMigration. */
export interface MigrationRecord {
  urn: string;
  /** The readable members of its inputs and outputs. */
  members: Partial<MigrationOutputs>;
  /** Why other members cannot be read. */
  fault?: string;
  /** The errors of the last update, where it failed. */
  runErrors: readonly string[];
}
