import { createRequire } from "node:module";
import type * as alicloud from "@pulumi/alicloud";
import * as pulumi from "@pulumi/pulumi";
import type { CheckDbMode, CleanupMode, DestroyMode, migrationArguments, Phase, WaitPoint } from "../model/inputs";
import { type ManifestFacts, usedManifestFacts } from "../model/manifest-facts";
import type {
  BackupInfo,
  ChainState,
  Failure,
  FileState,
  MigrationProgress,
  MigrationStatus,
  Timeline,
} from "../model/outputs";
import { MIGRATION_TYPE, PROVIDER_TEXT } from "../model/provider-text";
import type { Assert, SameKeys } from "../model/same-keys";
import { markNames } from "../model/state-format";
import type { AccessComponent } from "./access-argument";
import { type BucketArgument, bucketNameOf, mayBeCreatedByProgram } from "./bucket-argument";
import { resourceUrn } from "./resource-urn";

/** One database's way from a SQL Server backup into an ApsaraDB RDS for SQL Server instance. */
export interface DatabaseMigrationArgs {
  /** The destination instance, or its id (`rm-…`). Changing it replaces the resource; the old database is not touched. */
  instanceId: pulumi.Input<string> | alicloud.rds.Instance;
  /**
   * The OSS bucket, a MigrationBucket, or the bucket's name: Standard, without server-side encryption, in the region and
   * account of the instance. Only with `adopt` it may be absent.
   */
  bucket?: BucketArgument;
  /**
   * The full backup: a local path (relative to the folder of Pulumi.yaml), which is uploaded, or `oss://bucket/key`, which
   * is located. Compared by content, so renaming or moving the file changes nothing. After a task ran for it, another
   * backup is not migrated; a warning says so. Only with `adopt` it may be absent.
   */
  backup?: pulumi.Input<string>;
  /**
   * Differential and log backups that follow the full one, in any order: files, `oss://bucket/key`, a local folder or an
   * `oss://bucket/prefix/`. Read at every preview; one `up` applies the fewest that reach the newest LSN, waiting for each.
   * In a folder or prefix, full backups and those of other databases are left aside. Applied files may go.
   * @see docs/cutover.md
   */
  increments?: pulumi.Input<string | pulumi.Input<string>[]>;
  /**
   * `restoring`: the database stays closed and takes increments. `online`: it is opened, which cannot be undone. Going from
   * the one to the other is the cutover; there is no way back. @default "online"
   */
  phase?: pulumi.Input<Phase>;
  /** What shows that nothing was written on the source after the last increment. */
  cutover?: pulumi.Input<CutoverArgs>;
  /**
   * Pause between two `up` that apply increments while the phase is `restoring`; the cutover does not wait for it. A number
   * and a unit. @default none
   */
  minInterval?: pulumi.Input<string>;
  /**
   * Name of the database on the instance. Changing it replaces the resource; the old database is not touched.
   * @default the name in the backup's header, then the one in the file's name
   */
  databaseName?: pulumi.Input<string>;
  /** Key prefix for uploads; `""` or `/` is the bucket's root. @default "" */
  folder?: pulumi.Input<string>;
  /** DBCC CHECKDB after the database was opened (`async`) or before (`sync`). @default "async" */
  checkDb?: pulumi.Input<CheckDbMode>;
  /** How far one `up` goes: until the database is online, or until the task is created. @default "finished" */
  wait?: pulumi.Input<WaitPoint>;
  /** The longest that one `up` waits; then the state is kept and the next `up` goes on. A number and a unit. @default "5h" */
  timeout?: pulumi.Input<string>;
  /** First pause between two looks at the task; stretches to five minutes while nothing changes. @default "30s" */
  pollInterval?: pulumi.Input<string>;
  /**
   * `true`: a database that is already on the instance becomes a record, nothing is migrated. A MigrateTaskId (of the console,
   * the vendor's script, or a lost state): that task is taken, none is ever created. `<id>/<file>` also says which increment
   * the task has applied last, where neither the service nor the state tells.
   */
  adopt?: pulumi.Input<boolean | string>;
  /**
   * What destroy does with a running task: leave it (`keep`) or end it (`stop`). An unfinished upload is aborted in both
   * cases; a database is never touched. @default "keep"
   */
  onDestroy?: pulumi.Input<DestroyMode>;
  /**
   * `afterOnline`: the objects that this migration uploaded are deleted once the database is online and DBCC CHECKDB has
   * found it sound; what was named in a bucket stays. `keep`: nothing is deleted. @default "keep"
   */
  cleanup?: pulumi.Input<CleanupMode>;
  /** Required on SQL Server 2008 R2 with local disks, where a migration overwrites the database of that name. @default false */
  allowOverwrite?: pulumi.Input<boolean>;
  /** Region of the instance and the bucket. @default `alicloud:region`, then ALICLOUD_REGION, ALIBABA_CLOUD_REGION */
  region?: pulumi.Input<string>;
  /** How uploads reach OSS: `public`, `internal` (from inside the region), `accelerate`, or a URL (a custom domain). @default "public" */
  endpoint?: pulumi.Input<string>;
  /** How the file is cut and how fast it is sent. A change is used by the next upload and changes nothing else. */
  upload?: pulumi.Input<UploadArgs>;
  /** A profile of the aliyun CLI, where a program uses several accounts. */
  profile?: pulumi.Input<string>;
  /**
   * The backup's entry in a committed manifest (`npx --no sqlserver-migration bakinfo FOLDER --manifest FILE`). With it a
   * machine without the file previews the same, and continues when the object is in the bucket. A file that differs from the
   * entry is an error.
   */
  manifest?: pulumi.Input<ManifestFacts>;
  /**
   * The JSON that `sql/baseline.sql` printed on the source. The preview of a new migration tells what it says about the
   * database; nothing else uses it. @default `baseline.json` beside a local backup, if it is there
   */
  baseline?: pulumi.Input<string>;
  /** A role that the credentials assume first. */
  assumeRoleArn?: pulumi.Input<string>;
  /**
   * A MigrationAccess of the same program: the migration waits for the role that it creates, and a preview does not miss it.
   * Not needed where the role exists.
   */
  access?: AccessComponent;
}

/** The cutover's guard; only what the chain itself does not show has to be said. */
export interface CutoverArgs {
  /** The database is only opened when the last log was taken WITH NORECOVERY, or `final` names it. @default true */
  requireTailLog?: pulumi.Input<boolean>;
  /** Name of the file that is declared the last one: nothing was written on the source after it. An empty log will do. */
  final?: pulumi.Input<string>;
}

/** How a backup is uploaded; each member is optional. */
export interface UploadArgs {
  /** Bytes; raised when the file would need more than 10,000 parts. Range 102,400 to 5,368,709,120. @default by the file's size */
  partSize?: pulumi.Input<number>;
  /** Parts under way at once. Range 1 to 100. @default by the part size */
  parallel?: pulumi.Input<number>;
  /** Bytes per second for this upload. @default no limit */
  rateLimit?: pulumi.Input<number>;
}

/** Named to the SDK beforehand, so that a program can use them before they are known. */
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
  ...["files", "startedAt", "finishedAt", "timeline", "uploadId", "warnings", "failure", "cleanedUp"],
] as const satisfies readonly (keyof MigrationProgress)[];

/** Those that only a migration with increments has. */
const CHAIN_OUTPUTS = [
  "chain",
  "nextLsn",
  "lag",
  "readyForCutover",
  "cutoverObstacles",
] as const satisfies readonly (keyof MigrationProgress)[];

/** An argument or output that is public but not in its schema, or the reverse, does not compile. */
export type ArgumentsAgree = Assert<
  SameKeys<Exclude<keyof DatabaseMigrationArgs, "access">, keyof typeof migrationArguments.shape>
>;
export type OutputsAgree = Assert<
  SameKeys<(typeof OUTPUTS)[number] | (typeof CHAIN_OUTPUTS)[number], keyof MigrationProgress>
>;

/** In their place without increments: each Output that the SDK makes takes some 60 µs, and five hundred migrations have many. */
const NO_CHAIN = Object.fromEntries(CHAIN_OUTPUTS.map((output) => [output, pulumi.output(undefined)]));

/**
 * Migrates one SQL Server backup into an ApsaraDB RDS for SQL Server instance: uploads it (verified and resumable), creates
 * exactly one migration task, waits until the database is online, and records the outcome.
 *
 * It never drops, replaces or overwrites a database (but for 2008 R2, where `allowOverwrite` says so), and `destroy` only
 * forgets. A second `pulumi up` changes nothing; one that was killed is continued by the next.
 *
 * @example
 * const erp = new DatabaseMigration("erp", { instanceId: instance, bucket, backup: "./backups/erp.bak" });
 * export const status = erp.status; // "online"
 */
export class DatabaseMigration extends pulumi.CustomResource {
  /** For policy packs and aliases. */
  static readonly __pulumiType = MIGRATION_TYPE;

  /** Id of the destination instance. */
  declare readonly instanceId: pulumi.Output<string>;
  /** Name of the bucket. */
  declare readonly bucket: pulumi.Output<string | undefined>;
  /** Name of the database on the instance. */
  declare readonly databaseName: pulumi.Output<string>;
  /** Where the migration stands. */
  declare readonly status: pulumi.Output<MigrationStatus>;
  /** The service's own words on the task. */
  declare readonly statusText: pulumi.Output<string | undefined>;
  /** Id of the migration task, as the console and the API know it. */
  declare readonly migrateTaskId: pulumi.Output<string | undefined>;
  /** Key of the full backup in the bucket. */
  declare readonly objectKey: pulumi.Output<string | undefined>;
  /** CRC-64/XZ of the object as unsigned decimal. */
  declare readonly objectCrc64: pulumi.Output<string | undefined>;
  /** Size of the full backup's file, bytes. */
  declare readonly sizeBytes: pulumi.Output<number | undefined>;
  /** When the backup was finished, in the source server's local time: later writes are not in it. */
  declare readonly dataAsOf: pulumi.Output<string | undefined>;
  /** A few facts of the full backup's header. */
  declare readonly backupInfo: pulumi.Output<BackupInfo | undefined>;
  /** The files of the task, as the service reports them. */
  declare readonly files: pulumi.Output<FileState[] | undefined>;
  /** When the work on this migration began. UTC, ISO 8601. */
  declare readonly startedAt: pulumi.Output<string | undefined>;
  /** When it was online, or had failed. UTC, ISO 8601. */
  declare readonly finishedAt: pulumi.Output<string | undefined>;
  /** When each stage began and ended, from which a report can be made when the service has forgotten. UTC, ISO 8601. */
  declare readonly timeline: pulumi.Output<Timeline | undefined>;
  /** Id of the multipart upload, while it is unfinished: its parts are billed until it is completed or aborted. */
  declare readonly uploadId: pulumi.Output<string | undefined>;
  /** The files that the task was given, each with its state; of a migration with increments only. */
  declare readonly chain: pulumi.Output<ChainState | undefined>;
  /** The LSN at or before which the next log has to begin. */
  declare readonly nextLsn: pulumi.Output<string | undefined>;
  /** Age of the last applied log at the end of the last run, seconds since its file was written. */
  declare readonly lag: pulumi.Output<number | undefined>;
  /** Whether `phase: "online"` would pass the guard now; if not, `cutoverObstacles` says why. */
  declare readonly readyForCutover: pulumi.Output<boolean | undefined>;
  declare readonly cutoverObstacles: pulumi.Output<string[] | undefined>;
  /** By `cleanup`: `true`: the uploaded objects were deleted; `false`: they stay for good, and a warning says why. */
  declare readonly cleanedUp: pulumi.Output<boolean | undefined>;
  /** What a person should know although nothing failed, such as damage that DBCC found. */
  declare readonly warnings: pulumi.Output<string[]>;
  /** Why it failed, while `status` is `failed`. */
  declare readonly failure: pulumi.Output<Failure | undefined>;

  constructor(name: string, args: DatabaseMigrationArgs, opts: pulumi.CustomResourceOptions = {}) {
    requireResolvableProvider();
    const { instanceId, bucket, access, manifest, ...rest } = args;
    const hasChain = rest.increments !== undefined || rest.phase !== undefined;
    const outputs = hasChain ? [...OUTPUTS, ...CHAIN_OUTPUTS] : OUTPUTS;
    // The SDK writes four stack traces for each property, to name promises that leak, and under ts-node each is mapped to its
    // source: with 30 properties that is most of what a large program takes. The resource's own source position is not lost.
    const { stackTraceLimit } = Error;
    Error.stackTraceLimit = 0;
    try {
      super(
        MIGRATION_TYPE,
        name,
        {
          ...Object.fromEntries(outputs.map((output) => [output, undefined])),
          ...markNames(
            given({
              ...rest,
              timeout: rest.timeout ?? opts.customTimeouts?.create,
              manifest: usedFactsOf(manifest),
              mayNotExistYet:
                pulumi.runtime.isDryRun() && bucket !== undefined && mayBeCreatedByProgram(bucket) ? true : undefined,
              roleMayNotExistYet: pulumi.runtime.isDryRun() && access?.createsRole ? true : undefined,
              preview: pulumi.runtime.isDryRun() ? true : undefined,
              resourceUrn: resourceUrn(MIGRATION_TYPE, name, opts.parent),
            }),
          ),
          instanceId: pulumi.Resource.isInstance(instanceId) ? instanceId.id : instanceId,
          ...(bucket === undefined ? {} : { bucket: bucketNameOf(bucket) }),
          __provider: PROVIDER_TEXT,
        },
        // A replacement that was created first would take up the very task that the deletion then ends.
        pulumi.mergeOptions({ deleteBeforeReplace: true, dependsOn: access ?? [] }, opts),
      );
    } finally {
      Error.stackTraceLimit = stackTraceLimit;
    }
    if (!hasChain) Object.assign(this, NO_CHAIN);
  }
}

/** Each property costs the SDK an Output, one that is undefined as much as any other. */
const given = (properties: pulumi.Inputs): pulumi.Inputs =>
  Object.fromEntries(Object.entries(properties).filter(([, value]) => value !== undefined));

/** As it is where that is possible: of an object the SDK makes an Output for each member. */
const usedFactsOf = (entry: DatabaseMigrationArgs["manifest"]): pulumi.Input<ManifestFacts | undefined> =>
  entry instanceof Promise || pulumi.Output.isInstance(entry)
    ? pulumi.output(entry).apply((known) => known && usedManifestFacts(known))
    : entry && usedManifestFacts(entry);

/** From where the provider was found already: the answer is the same for five hundred resources. */
let foundFrom: string | undefined;

/** The host looks the provider up from the project's folder; said here, because the host could only say "Cannot find module". */
function requireResolvableProvider(): void {
  const folder = process.cwd();
  if (folder === foundFrom) return;
  try {
    createRequire(`${folder}/_`).resolve("pulumi-alicloud-sqlserver-migration/provider");
    foundFrom = folder;
  } catch (_cause) {
    throw new pulumi.RunError(
      "pulumi-alicloud-sqlserver-migration/provider cannot be found from the folder of this Pulumi project. " +
        "Make the package a direct dependency of the project (its own package.json: npm install pulumi-alicloud-sqlserver-migration); " +
        "in a monorepo or with pnpm a dependency of another package is not enough.",
    );
  }
}
