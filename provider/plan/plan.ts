import type { MigrateTask } from "../model/migrate-task";

/** A database to plan, with its likely durations. */
export interface PlanDatabase {
  database: string;
  /** What has to be sent; 0: the backup is in the bucket. */
  uploadBytes: number;
  /** Size of the backup file: RDS keeps it beside the database while it restores. */
  backupBytes: number;
  /** Size of the restored files. */
  restoredBytes: number;
  restoreSeconds: number;
  checkSeconds: number;
  /** Lower ones come first. @default 0 */
  priority?: number;
  /** Databases of one group are in one wave and on one machine. */
  group?: string;
}

/** A period in which waves may run. */
export interface PlanWindow {
  startMs: number;
  /** Infinity: it does not end. */
  endMs: number;
}

/** What the planner must not exceed, and what it works with. */
export interface PlanInput {
  databases: readonly PlanDatabase[];
  nowMs: number;
  /** Free bytes of the instance; undefined: not limited. */
  freeBytes?: number;
  /** Disk that is added later. */
  growth?: readonly { atMs: number; bytes: number }[];
  /** Databases that the instance takes beside those that it has; undefined: not limited. */
  databasesAllowed?: number;
  /** When tasks of the last 24 hours were created, on the instance and by database; milliseconds. */
  tasks?: readonly Pick<MigrateTask, "databaseName" | "createdAtMs">[];
  /** @default one from now on, without an end */
  windows?: readonly PlanWindow[];
  /** Bytes per second of each machine; at least one. */
  runners: readonly number[];
  restoresAtOnce: number;
  uploadsAtOnce: number;
  queueSeconds: number;
  /** Waves of an earlier plan that have begun: they stay as they are. */
  begun?: readonly Wave[];
}

/** A database's place in the plan; milliseconds since the epoch. */
export interface PlannedDatabase {
  database: string;
  /** The machine that uploads and submits it, from 1. */
  runner: number;
  submitMs: number;
  restoreMs: number;
  /** Its check has ended. */
  endMs: number;
}

/** Databases that start together. A wave starts only after the end of the one before it. */
export interface Wave {
  /** From 1. */
  number: number;
  startMs: number;
  endMs: number;
  /** When it may begin: its window, from the last disk growth before its start. */
  window: PlanWindow;
  databases: PlannedDatabase[];
}

/** Why a database is in no wave: what it exceeds. */
export const LIMITS = ["space", "count", "window", "windowLength", "groupSize"] as const;
export type Limit = (typeof LIMITS)[number];

export interface UnplannedDatabase {
  database: string;
  limit: Limit;
}

export interface Plan {
  waves: Wave[];
  unplanned: UnplannedDatabase[];
}
