import { z } from "zod";
import { RETRY_ADVICE } from "../errors/catalogue-entry";
import { type MigrationInputs, migrationInputsShape } from "./inputs";
import type { PlainObject } from "./plain";
import { parseReadable, parseRecorded } from "./recorded";

/** The statuses of a migration, in order. A status never goes back, except from `failed`. */
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

/** Why a migration failed, from the error catalogue. */
export const failureSchema = z.object({
  /** A code of the error catalogue, for example `TASK_NO_SPACE`. */
  code: z.string(),
  /** What failed and why, with the service's own description. */
  cause: z.string(),
  remedy: z.string(),
  /** When a retry can succeed. `passes`: the cause ends by itself; `afterFix`: after the cause is removed; `never`: not with these inputs. */
  retry: z.enum(RETRY_ADVICE),
  /** Whether running `pulumi up` again can help without a change of the program. */
  retryable: z.boolean(),
  requestId: z.string().optional(),
  /** A refresh found the failure, and no update has reported it yet. */
  unreported: z.literal(true).optional(),
});
export type Failure = z.infer<typeof failureSchema>;

/** A failed task after which the migration was submitted again although nobody had changed an input. */
export const retriedFailureSchema = z.object({ migrateTaskId: z.string(), failure: failureSchema });
export type RetriedFailure = z.infer<typeof retriedFailureSchema>;

/** Selected facts of the backup's header, named as in RESTORE HEADERONLY. */
export const backupInfoSchema = z.object({
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
export const fileStateSchema = z.object({
  name: z.string(),
  /** Status from DescribeOssDownloads, for example `Restored`; absent where the edition does not report it. */
  status: z.string().optional(),
});
export type FileState = z.infer<typeof fileStateSchema>;

/** One file of the task. Files are in the order in which they were sent: the full backup first. */
const chainFileSchema = z.object({
  objectKey: z.string(),
  /** Name of the uploaded file, where it differs from the key's. */
  source: z.string().optional(),
  type: z.enum(["FULL", "DIFF", "LOG"]),
  /** `sent`: not known yet whether the service has applied it. */
  state: z.enum(["sent", "applied", "failed"]),
  setGuid: z.string().optional(),
  sizeBytes: z.number(),
  lastLsn: z.string(),
  /** CRC-64/XZ of the object, to detect whether a failed file was replaced. */
  crc64: z.string().optional(),
  /** UTC, ISO 8601. */
  sentAt: z.string(),
  /** Seconds from sending the file until it was applied. */
  seconds: z.number().optional(),
  /** Taken WITH NORECOVERY. */
  tail: z.literal(true).optional(),
  /** The recovery fork of its log. */
  forkId: z.string().optional(),
  /** Modification time of the file; UTC. */
  modifiedAt: z.string().optional(),
  /** The service's description of a failed file. */
  description: z.string().optional(),
});
export type ChainFile = z.infer<typeof chainFileSchema>;

/** The position of a database that waits for increments in its backup chain. */
export const chainStateSchema = z.object({
  files: z.array(chainFileSchema),
  /** The last LSN restored, and the recovery fork that the database is on. Absent while the full backup is being restored. */
  reachedLsn: z.string().optional(),
  forkId: z.string().nullable().optional(),
  /** The unfinished upload of an increment. */
  upload: z.object({ key: z.string(), uploadId: z.string() }).optional(),
  /** Number of failed calls to open the database: each further call needs its own token. */
  failedOpenings: z.number().optional(),
});
export type ChainState = z.infer<typeof chainStateSchema>;

/** When this program observed each stage of a migration; UTC, ISO 8601. Absent: not observed yet. */
export const timelineSchema = z.object({
  /** The first byte of the backup was compared or sent. */
  uploadStartedAt: z.string().optional(),
  /** The object was complete and equal to the file. Absent for a backup that was already in the bucket. */
  uploadFinishedAt: z.string().optional(),
  /** CreateMigrateTask was accepted. */
  submittedAt: z.string().optional(),
  /** The service's task was first seen running. */
  restoreStartedAt: z.string().optional(),
  /** The database was online, or the migration had failed. */
  endedAt: z.string().optional(),
  /** DBCC CHECKDB had a result. */
  checkedAt: z.string().optional(),
});
export type Timeline = z.infer<typeof timelineSchema>;

/** The progress of a migration, stored in the state with the inputs. Never contains a secret. */
export const migrationProgress = z.object({
  databaseName: z.string(),
  status: migrationStatus,
  /** The service's status and description of the task. */
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
  /** Id of the multipart upload; set while it is unfinished. */
  uploadId: z.string().optional(),
  /** Only for a migration with increments. */
  chain: chainStateSchema.optional(),
  /** The next log backup must begin at or before this LSN. */
  nextLsn: z.string().optional(),
  /** Age of the last applied log at the end of the last run: seconds since its file was written. */
  lag: z.number().optional(),
  /** Whether the cutover's guard would allow `phase: "online"` now. */
  readyForCutover: z.boolean().optional(),
  /** The guard's reasons against it. */
  cutoverObstacles: z.array(z.string()).optional(),
  /** Set by `cleanup`. true: the uploaded objects were deleted. false: they are kept, and a warning has the reason. */
  cleanedUp: z.boolean().optional(),
  warnings: z.array(z.string()),
  failure: failureSchema.optional(),
  /** The failure before the first retry, kept until the migration succeeds. Absent where `failure` is the same. */
  firstFailure: failureSchema.optional(),
  /** The failures after which the migration was submitted again by itself, once for each code; kept until it succeeds or an input changes. */
  retriedAfter: z.array(retriedFailureSchema).optional(),
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
 * Parses the recorded outputs of a migration. Members that this version does not know are kept.
 * @throws STATE_NEWER, STATE_UNREADABLE
 */
export function parseOutputs(props: PlainObject): MigrationOutputs {
  const rules = { resource: "DatabaseMigration", schema: recordedMigration };
  // The record of a refused migration may hold invalid inputs. Nothing exists in the cloud for it, so they are dropped.
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

/** Whether something exists in the cloud that the state must keep. */
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

/** Returns the readable outputs of any version, for `destroy`, which must always work. */
export const readableOutputs = (props: PlainObject): Partial<MigrationOutputs> =>
  parseReadable(recordedMigration, props);

/** Returns the id of a migration, known before anything is sent: one database of one instance. */
export const migrationId = (instanceId: string, databaseName: string): string => `${instanceId}/${databaseName}`;
