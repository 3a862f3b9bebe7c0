import type { Member } from "./outcome";
import type { MigrationProgress } from "./outputs";

/** What the outcome's input for a database takes over of its migration's outputs. The resource classes load no schemas. */
export const MEMBER_PROGRESS = [
  ...["status", "statusText", "migrateTaskId", "sizeBytes", "dataAsOf"],
  ...["startedAt", "finishedAt", "timeline", "warnings", "failure", "retriedAfter"],
] as const satisfies readonly (keyof MigrationProgress & keyof Member)[];
