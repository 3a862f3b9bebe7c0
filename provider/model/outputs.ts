import { z } from "zod";
import { RETRY_ADVICE } from "../errors/catalogue-entry";
import { type MigrationInputs, migrationInputsShape } from "./inputs";
import type { PlainObject } from "./plain";
import { parseReadable, parseRecorded } from "./recorded";

/** Where a migration stands. One way, but for `failed`. */
export const MIGRATION_STATUSES = [
  "uploading",
  "uploaded",
  "submitted",
  "restoring",
  "waitingForIncrements",
  "online",
  "failed",
] as const;
export type MigrationStatus = (typeof MIGRATION_STATUSES)[number];
export const migrationStatus = z.enum(MIGRATION_STATUSES);

/** Why a migration failed, by the error catalogue. */
export const failureSchema = z.object({
  /** A code of the error catalogue, for example `TASK_NO_SPACE`. */
  code: z.string(),
  /** What failed and why, with the service's own words. */
  cause: z.string(),
  remedy: z.string(),
  /** `passes`: by itself; `afterFix`: once the cause is out of the way; `never`: not with these inputs. */
  retry: z.enum(RETRY_ADVICE),
  /** Whether running `pulumi up` again can help without a change of the program. */
  retryable: z.boolean(),
  requestId: z.string().optional(),
});
export type Failure = z.infer<typeof failureSchema>;

/** A few facts of the backup's header, as RESTORE HEADERONLY names them. */
const backupInfoSchema = z.object({
  DatabaseName: z.string().optional(),
  ServerName: z.string().optional(),
  /** For example `15.0.4312`. */
  SoftwareVersion: z.string().optional(),
  DatabaseVersion: z.number().optional(),
  BackupStartDate: z.string().optional(),
  BackupFinishDate: z.string().optional(),
  BackupSetGUID: z.string().optional(),
  CompressedBackup: z.boolean().optional(),
});
export type BackupInfo = z.infer<typeof backupInfoSchema>;

/** One file of the migration, as the service reports it. */
const fileStateSchema = z.object({
  name: z.string(),
  /** DescribeOssDownloads' word, for example `Restored`; absent where the edition does not report it. */
  status: z.string().optional(),
});
export type FileState = z.infer<typeof fileStateSchema>;

/** One file that the task was given, in the order in which they were sent: the full backup first. */
const chainFileSchema = z.object({
  objectKey: z.string(),
  /** The name of the file that it was uploaded from, where it is another one. */
  source: z.string().optional(),
  type: z.enum(["FULL", "DIFF", "LOG"]),
  /** `sent`: whether the service has applied it is not known yet. */
  state: z.enum(["sent", "applied", "failed"]),
  setGuid: z.string().optional(),
  sizeBytes: z.number(),
  lastLsn: z.string(),
  /** CRC-64/XZ of the object, to detect whether a file that failed was supplied anew. */
  crc64: z.string().optional(),
  /** UTC, ISO 8601. */
  sentAt: z.string(),
  /** From sending it until it was applied. */
  seconds: z.number().optional(),
  /** Taken WITH NORECOVERY. */
  tail: z.literal(true).optional(),
  /** The recovery fork of its log. */
  forkId: z.string().optional(),
  /** When the file was written last; UTC. */
  modifiedAt: z.string().optional(),
  /** The service's words on a file that failed. */
  description: z.string().optional(),
});
export type ChainFile = z.infer<typeof chainFileSchema>;

/** How far the database that waits for increments has come. */
const chainStateSchema = z.object({
  files: z.array(chainFileSchema),
  /** The last LSN restored, and the recovery fork that the database is on. Absent while the full backup is being restored. */
  reachedLsn: z.string().optional(),
  forkId: z.string().nullable().optional(),
  /** The unfinished upload of an increment. */
  upload: z.object({ key: z.string(), uploadId: z.string() }).optional(),
  /** Calls that opened the database and were answered by a failure: each further one needs a token of its own. */
  failedOpenings: z.number().optional(),
});
export type ChainState = z.infer<typeof chainStateSchema>;

/** When each stage of a migration began and ended, as this program saw it; UTC, ISO 8601. Absent: not seen yet. */
export const timelineSchema = z.object({
  /** The first byte of the backup was compared or sent. */
  uploadStartedAt: z.string().optional(),
  /** The object was complete and equal to the file. Absent for a backup that was in the bucket already. */
  uploadFinishedAt: z.string().optional(),
  /** CreateMigrateTask was accepted. */
  submittedAt: z.string().optional(),
  /** The service's task was first seen at work. */
  restoreStartedAt: z.string().optional(),
  /** The database was online, or the migration had failed. */
  endedAt: z.string().optional(),
  /** DBCC CHECKDB had answered. */
  checkedAt: z.string().optional(),
});
export type Timeline = z.infer<typeof timelineSchema>;

/** What this program learnt and did; stored in state together with the inputs. Never contains a secret. */
export const migrationProgress = z.object({
  databaseName: z.string(),
  status: migrationStatus,
  /** The service's own words on the task. */
  statusText: z.string().optional(),
  migrateTaskId: z.string().optional(),
  objectKey: z.string().optional(),
  /** CRC-64/XZ as unsigned decimal. */
  objectCrc64: z.string().optional(),
  sizeBytes: z.number().optional(),
  /** BackupFinishDate, the source server's local time: later writes are not in the backup. */
  dataAsOf: z.string().optional(),
  backupInfo: backupInfoSchema.optional(),
  files: z.array(fileStateSchema).optional(),
  /** UTC, ISO 8601. */
  startedAt: z.string().optional(),
  finishedAt: z.string().optional(),
  timeline: timelineSchema.optional(),
  /** While an upload is unfinished. */
  uploadId: z.string().optional(),
  /** Only of a migration with increments. */
  chain: chainStateSchema.optional(),
  /** The first LSN of the next log has to be at or before this one. */
  nextLsn: z.string().optional(),
  /** Age of the last applied log at the end of the last run, seconds: since its file was written. */
  lag: z.number().optional(),
  /** Whether `phase: "online"` would pass the guard now. */
  readyForCutover: z.boolean().optional(),
  /** Why it would not. */
  cutoverObstacles: z.array(z.string()).optional(),
  /** By `cleanup`: true: the uploaded objects were deleted; false: they stay for good, and a warning says why. */
  cleanedUp: z.boolean().optional(),
  warnings: z.array(z.string()),
  failure: failureSchema.optional(),
});
export type MigrationProgress = z.infer<typeof migrationProgress>;

export type MigrationOutputs = MigrationInputs & MigrationProgress;

const recordedMigration = z.object({
  ...migrationInputsShape,
  instanceId: z.string(),
  ...migrationProgress.shape,
  warnings: migrationProgress.shape.warnings.default([]),
});

/**
 * The outputs of a migration as state has them. Members that this version does not know are kept.
 * @throws STATE_NEWER, STATE_UNREADABLE
 */
export function parseOutputs(props: PlainObject): MigrationOutputs {
  const rules = { resource: "DatabaseMigration", schema: recordedMigration };
  // A migration that was refused for its inputs is recorded with them. Nothing of it exists, so they count for nothing.
  return parseRecorded(rules, isRefusedRecord(props) ? { ...props, ...withoutInvalidInputs(props) } : props);
}

const isRefusedRecord = ({ status, uploadId, objectCrc64, migrateTaskId }: PlainObject): boolean =>
  status === "failed" && !existsInCloud({ uploadId, objectCrc64, migrateTaskId, status });

function withoutInvalidInputs(props: PlainObject): PlainObject {
  const invalid = Object.entries(migrationInputsShape).filter(
    ([name, schema]) => !schema.safeParse(props[name]).success,
  );
  return Object.fromEntries(invalid.flatMap(([name]) => (name === "instanceId" ? [] : [[name, undefined]])));
}

/** Whether anything exists in the cloud that state has to remember. */
export const existsInCloud = (recorded: {
  uploadId?: unknown;
  objectCrc64?: unknown;
  migrateTaskId?: unknown;
  status?: unknown;
}): boolean =>
  recorded.uploadId !== undefined ||
  recorded.objectCrc64 !== undefined ||
  recorded.migrateTaskId !== undefined ||
  recorded.status === "online";

/** What of the outputs can be read, whoever wrote them: for `destroy`, which must always work. */
export const readableOutputs = (props: PlainObject): Partial<MigrationOutputs> =>
  parseReadable(recordedMigration, props);

/** The identity of a migration, known before anything is sent: one database of one instance. */
export const migrationId = (instanceId: string, databaseName: string): string => `${instanceId}/${databaseName}`;
