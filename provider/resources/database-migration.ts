import type * as alicloud from "@pulumi/alicloud";
import * as pulumi from "@pulumi/pulumi";
import { CHAIN_OUTPUTS } from "../model/chain-outputs";
import type { CheckDbMode, CleanupMode, DestroyMode, migrationArguments, Phase, WaitPoint } from "../model/inputs";
import { type ManifestFacts, usedManifestFacts } from "../model/manifest-facts";
import type {
  BackupInfo,
  ChainState,
  Failure,
  FileState,
  MigrationProgress,
  MigrationStatus,
  RetriedFailure,
  Timeline,
} from "../model/outputs";
import { MIGRATION_TYPE } from "../model/provider-text";
import type { Assert, SameKeys } from "../model/same-keys";
import { markNames } from "../model/state-format";
import type { AccessComponent } from "./access-argument";
import { type BucketArgument, bucketNameOf, mayBeCreatedByProgram } from "./bucket-argument";
import { registrationOf } from "./registration";

/** The arguments of a DatabaseMigration: one database, from a SQL Server backup into an ApsaraDB RDS for SQL Server instance. */
export interface DatabaseMigrationArgs {
  /** The destination instance, or its id (`rm-…`). Changing it replaces the resource; the old database stays as it is. */
  instanceId: pulumi.Input<string> | alicloud.rds.Instance;
  /**
   * The OSS bucket for the backup: a bucket resource, a MigrationBucket or a name. The bucket must have storage class Standard and
   * no server-side encryption, and must be in the region and account of the instance. Required unless `adopt` is set.
   */
  bucket?: BucketArgument;
  /**
   * The full backup: a local path to upload, relative to the folder of Pulumi.yaml (wherever `main` is; in an inline program relative to
   * the working directory); or `oss://bucket/key`, an existing object.
   * Backups are compared by content, so renaming or moving the file changes nothing. After a task has run, another backup is not
   * migrated, and a warning says so. Required unless `adopt` is set.
   */
  backup?: pulumi.Input<string>;
  /**
   * Differential and log backups to apply after the full backup, in any order: files, `oss://bucket/key`, a local folder or an
   * `oss://bucket/prefix/`. Read at every preview and `up`. One `up` applies the fewest files that reach the newest LSN, one after
   * the other. In a folder or prefix, full backups and backups of other databases are skipped. Applied files may be deleted.
   * @see docs/how-to/cutover.md
   */
  increments?: pulumi.Input<string | pulumi.Input<string>[]>;
  /**
   * `restoring`: the database stays closed, so that increments can be applied. `online`: the database is opened, which cannot be
   * undone. Changing `restoring` to `online` is the cutover; changing it back fails with `PHASE_ONE_WAY`. @default "online"
   */
  phase?: pulumi.Input<Phase>;
  /** How the cutover verifies that nothing was written on the source after the last increment. */
  cutover?: pulumi.Input<CutoverArgs>;
  /**
   * Minimum pause between two runs that apply increments while the phase is `restoring`: a number and a unit, such as `"1h"`. The
   * cutover ignores it. @default no pause
   */
  minInterval?: pulumi.Input<string>;
  /**
   * Name of the database on the instance, at most 128 characters. Changing it replaces the resource; the old database stays as it is.
   * @default the name in the backup's header, then the one in the file's name
   */
  databaseName?: pulumi.Input<string>;
  /** Key prefix of uploaded objects; `""` or `/` is the bucket's root. Used by the next upload. @default "" */
  folder?: pulumi.Input<string>;
  /** When DBCC CHECKDB runs: after the database is opened (`async`) or before (`sync`). Used when the task is created or opened. @default "async" */
  checkDb?: pulumi.Input<CheckDbMode>;
  /** How far one `up` goes: until the database is online (`finished`) or until the task is created (`submitted`). @default "finished" */
  wait?: pulumi.Input<WaitPoint>;
  /**
   * Maximum time that one `up` waits: a number and a unit, such as `"90m"`. After it the update fails, the progress is recorded, and
   * the next `up` continues. @default `customTimeouts.create`, then "5h"
   */
  timeout?: pulumi.Input<string>;
  /** First pause between two polls of the task: a number and a unit. Grows to five minutes while nothing changes. @default "30s" */
  pollInterval?: pulumi.Input<string>;
  /**
   * Records existing work instead of migrating. `true`: records a database that is already online on the instance. A MigrateTaskId
   * (from the console, another script or a lost state): follows that task and never creates one. `<id>/<file>` also names the
   * last increment that the task has applied, for when neither the service nor the state has it.
   * @throws `ADOPT_NO_DATABASE`, `ADOPT_NO_TASK`, `ADOPT_OTHER_DATABASE`
   */
  adopt?: pulumi.Input<boolean | string>;
  /**
   * How `destroy` treats a running task: lets it run (`keep`) or terminates it (`stop`). In both cases an unfinished upload is
   * aborted and the database stays. @default "keep"
   */
  onDestroy?: pulumi.Input<DestroyMode>;
  /**
   * `afterOnline`: deletes the objects that this migration uploaded, once the database is online and DBCC CHECKDB has found no
   * damage. Objects given as `oss://` are never deleted. `keep`: deletes nothing. @default "keep"
   */
  cleanup?: pulumi.Input<CleanupMode>;
  /** Allows a migration to overwrite the database of that name. Required on SQL Server 2008 R2 with local disks, where RDS always overwrites. @default false */
  allowOverwrite?: pulumi.Input<boolean>;
  /**
   * A text that a person changes after removing the cause of a failure, for example to the date: a failed migration with another
   * value than before is submitted again. Without it, a migration is submitted again once for a cause. Ignored by migrations
   * that have not failed.
   */
  retryTrigger?: pulumi.Input<string>;
  /** Region of the instance and the bucket. @default `alicloud:region`, then ALICLOUD_REGION, ALIBABA_CLOUD_REGION */
  region?: pulumi.Input<string>;
  /** The OSS endpoint: `public`, `internal` (inside the region), `accelerate`, or a URL (a custom domain). @default "public" */
  endpoint?: pulumi.Input<string>;
  /** Part size, parallelism and rate limit of the upload. Used by the next upload; never replaces the resource. */
  upload?: pulumi.Input<UploadArgs>;
  /** Profile of the aliyun CLI that supplies the credentials, for programs with several accounts. */
  profile?: pulumi.Input<string>;
  /**
   * The backup's entry in a committed manifest (`npx --no sqlserver-migration bakinfo FOLDER --manifest FILE`). With it, a
   * machine without the file gets the same preview and can continue when the object is in the bucket. A file that differs
   * from the entry is an error.
   */
  manifest?: pulumi.Input<ManifestFacts>;
  /**
   * Path of the JSON that `sql/baseline.sql` prints on the source. Read at the preview of a new migration, which reports its
   * findings about the database. @default `baseline.json` beside a local backup, if that file exists
   * @throws `BASELINE_INVALID`
   */
  baseline?: pulumi.Input<string>;
  /** ARN of a role that the credentials assume first: `acs:ram::<account>:role/<name>`. */
  assumeRoleArn?: pulumi.Input<string>;
  /**
   * A MigrationAccess of the same program. The migration waits for its role, and a preview accepts that the role does not exist
   * yet. Not needed where the role already exists.
   */
  access?: AccessComponent;
}

/** Settings of the guard that decides whether the cutover may open the database. */
export interface CutoverArgs {
  /** Whether the cutover requires a tail log: a last log taken WITH NORECOVERY, or the file in `final`. @default true */
  requireTailLog?: pulumi.Input<boolean>;
  /** Name of the last file: declares that nothing was written on the source after it. An empty log is enough. */
  final?: pulumi.Input<string>;
}

/** Settings of an upload; each is optional. */
export interface UploadArgs {
  /** Size of a part, bytes; raised when the file would need more than 10,000 parts. Range 102,400 to 5,368,709,120. @default depends on the file's size */
  partSize?: pulumi.Input<number>;
  /** Number of parts sent in parallel. Range 1 to 100. @default depends on the part size */
  parallel?: pulumi.Input<number>;
  /** Maximum rate of this upload, bytes per second; at least 1. @default no limit */
  rateLimit?: pulumi.Input<number>;
}

/** Outputs that are declared to the SDK, so that a program can use them before they are known. */
const OUTPUTS = [
  ...[
    "databaseName",
    "status",
    "statusText",
    "migrateTaskId",
    "objectKey",
    "objectCrc64",
    "sizeBytes",
    "dataAsOf",
    "backupInfo",
  ],
  ...[
    "files",
    "startedAt",
    "finishedAt",
    "timeline",
    "uploadId",
    "warnings",
    "failure",
    "firstFailure",
    "retriedAfter",
    "cleanedUp",
  ],
] as const satisfies readonly (keyof MigrationProgress)[];

/** These do not compile when the public arguments or outputs differ from the schema. */
export type ArgumentsAgree = Assert<
  SameKeys<Exclude<keyof DatabaseMigrationArgs, "access">, keyof typeof migrationArguments.shape>
>;
export type OutputsAgree = Assert<
  SameKeys<(typeof OUTPUTS)[number] | (typeof CHAIN_OUTPUTS)[number], keyof MigrationProgress>
>;

/** Shared values of those outputs for migrations without increments: the SDK needs about 60 µs for each Output that it creates. */
const NO_CHAIN = Object.fromEntries(CHAIN_OUTPUTS.map((output) => [output, pulumi.output(undefined)]));

/**
 * Migrates one SQL Server backup into an ApsaraDB RDS for SQL Server instance: uploads it (verified and resumable), creates
 * exactly one migration task, waits until the database is online, and records the result.
 *
 * It never drops, replaces or overwrites a database, except on 2008 R2 with `allowOverwrite`. `destroy` only removes the record.
 * A second `pulumi up` changes nothing, and the next `pulumi up` continues a run that was killed.
 *
 * @example
 * const erp = new DatabaseMigration("erp", { instanceId: instance, bucket, backup: "./backups/erp.bak" });
 * export const status = erp.status; // "online"
 */
export class DatabaseMigration extends pulumi.CustomResource {
  /** The resource's type token, for policy packs and aliases. */
  static readonly __pulumiType = MIGRATION_TYPE;

  /** Id of the destination instance. */
  declare readonly instanceId: pulumi.Output<string>;
  /** Name of the bucket. */
  declare readonly bucket: pulumi.Output<string | undefined>;
  /** Name of the database on the instance. */
  declare readonly databaseName: pulumi.Output<string>;
  /** Current status of the migration: `online` at the end, `waitingForIncrements` while the phase is `restoring`. */
  declare readonly status: pulumi.Output<MigrationStatus>;
  /** The service's status and description of the task. */
  declare readonly statusText: pulumi.Output<string | undefined>;
  /** Id of the migration task, as the console and the API know it. */
  declare readonly migrateTaskId: pulumi.Output<string | undefined>;
  /** Key of the full backup in the bucket. */
  declare readonly objectKey: pulumi.Output<string | undefined>;
  /** CRC-64/XZ of the object as unsigned decimal. */
  declare readonly objectCrc64: pulumi.Output<string | undefined>;
  /** Size of the full backup's file, bytes. */
  declare readonly sizeBytes: pulumi.Output<number | undefined>;
  /** Time up to which the backup contains the source's data, in the source server's local time. */
  declare readonly dataAsOf: pulumi.Output<string | undefined>;
  /** Selected facts of the full backup's header. */
  declare readonly backupInfo: pulumi.Output<BackupInfo | undefined>;
  /** The files of the task, as the service reports them. */
  declare readonly files: pulumi.Output<FileState[] | undefined>;
  /** Time when the migration started. UTC, ISO 8601. */
  declare readonly startedAt: pulumi.Output<string | undefined>;
  /** Time when the database was online, or the migration had failed. UTC, ISO 8601. */
  declare readonly finishedAt: pulumi.Output<string | undefined>;
  /** Times of each stage, for reports after the service has forgotten the task. UTC, ISO 8601. */
  declare readonly timeline: pulumi.Output<Timeline | undefined>;
  /** Id of the multipart upload while it is unfinished. Its parts are billed until it is completed or aborted. */
  declare readonly uploadId: pulumi.Output<string | undefined>;
  /** The files of the task with their states. Only for a migration with increments. */
  declare readonly chain: pulumi.Output<ChainState | undefined>;
  /** LSN at or before which the next log backup must begin. */
  declare readonly nextLsn: pulumi.Output<string | undefined>;
  /** Age of the last applied log at the end of the last run: seconds since its file was written. */
  declare readonly lag: pulumi.Output<number | undefined>;
  /** Whether the cutover's guard would allow `phase: "online"` now; if not, `cutoverObstacles` has the reasons. */
  declare readonly readyForCutover: pulumi.Output<boolean | undefined>;
  /** The reasons why the cutover is not allowed yet. */
  declare readonly cutoverObstacles: pulumi.Output<string[] | undefined>;
  /** Set by `cleanup`. `true`: the uploaded objects were deleted. `false`: they are kept, and a warning has the reason. */
  declare readonly cleanedUp: pulumi.Output<boolean | undefined>;
  /** Warnings of a migration that did not fail, such as damage that DBCC CHECKDB found. */
  declare readonly warnings: pulumi.Output<string[]>;
  /** Why the migration failed; set while `status` is `failed`. */
  declare readonly failure: pulumi.Output<Failure | undefined>;
  /** Why the migration failed first, while a retry runs or after it failed for another reason. */
  declare readonly firstFailure: pulumi.Output<Failure | undefined>;
  /** The failed tasks after which the migration was submitted again by itself, once for each code. */
  declare readonly retriedAfter: pulumi.Output<RetriedFailure[] | undefined>;

  constructor(name: string, args: DatabaseMigrationArgs, opts: pulumi.CustomResourceOptions = {}) {
    const { instanceId, bucket, access, manifest, ...rest } = args;
    const hasChain = rest.increments !== undefined || rest.phase !== undefined;
    const outputs = hasChain ? [...OUTPUTS, ...CHAIN_OUTPUTS] : OUTPUTS;
    // The SDK records four stack traces for each property to report leaked promises, and ts-node maps each to its source. With 30
    // properties that is most of the time of a large program. The resource's own source position is kept.
    const { stackTraceLimit } = Error;
    Error.stackTraceLimit = 0;
    try {
      const inputs = {
        ...Object.fromEntries(outputs.map((output) => [output, undefined])),
        ...markNames(
          withoutUndefined({
            ...rest,
            timeout: rest.timeout ?? opts.customTimeouts?.create,
            manifest: usedFactsOf(manifest),
            mayNotExistYet:
              pulumi.runtime.isDryRun() && bucket !== undefined && mayBeCreatedByProgram(bucket) ? true : undefined,
            roleMayNotExistYet: pulumi.runtime.isDryRun() && access?.createsRole ? true : undefined,
          }),
        ),
        instanceId: pulumi.Resource.isInstance(instanceId) ? instanceId.id : instanceId,
        ...(bucket === undefined ? {} : { bucket: bucketNameOf(bucket) }),
      };
      // A replacement that is created first would find the old task as its own, and the deletion would then stop it.
      const options = pulumi.mergeOptions({ deleteBeforeReplace: true, dependsOn: access ?? [] }, opts);
      super(...registrationOf("DatabaseMigration", name, inputs, options));
    } finally {
      Error.stackTraceLimit = stackTraceLimit;
    }
    if (!hasChain) Object.assign(this, NO_CHAIN);
  }
}

/** Removes undefined properties: the SDK would create an Output for each. */
const withoutUndefined = (properties: pulumi.Inputs): pulumi.Inputs =>
  Object.fromEntries(Object.entries(properties).filter(([, value]) => value !== undefined));

/** Returns the used facts, as a plain value where possible: the SDK creates an Output for each member of an object. */
const usedFactsOf = (entry: DatabaseMigrationArgs["manifest"]): pulumi.Input<ManifestFacts | undefined> =>
  entry instanceof Promise || pulumi.Output.isInstance(entry)
    ? pulumi.output(entry).apply((known) => known && usedManifestFacts(known))
    : entry && usedManifestFacts(entry);
