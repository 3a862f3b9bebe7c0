import type * as pulumi from "@pulumi/pulumi";
import type { CleanupMode, Phase } from "../provider/model/inputs";
import type { NameList } from "../provider/model/name-pattern";
import type { FindingMode } from "../provider/model/outcome";
import type { BucketArgument } from "../provider/resources/bucket-argument";
import type { DatabaseMigrationArgs } from "../provider/resources/database-migration";
import type { BackupEntry } from "./discovery/backups-argument";
import type { DatabaseFilter } from "./discovery/database-filter";
import type { PlanArgs } from "./plan-waves";
import type { WaveArgs } from "./waves";

/** Arguments for one database. They take precedence over those of the instance. */
export interface DatabaseOverrides
  extends Pick<
    DatabaseMigrationArgs,
    "checkDb" | "adopt" | "allowOverwrite" | "retryTrigger" | "onDestroy" | "cutover" | "minInterval"
  > {
  /**
   * Name of the database on the instance. Changing it replaces the migration: the backup is uploaded and restored again, and the
   * disk holds both databases.
   * @default the name on the source
   */
  databaseName?: string;
  /** The phase of this database: `restoring` or `online`. @default the `phase` of the instance */
  phase?: Phase;
  /**
   * Differential and log backups of this database: files, `oss://bucket/key`, folders or prefixes.
   * @default with a `phase`: those that the manifest or the list names, or the folder of the backups; otherwise none
   */
  increments?: string[];
}

/** The cutover of several databases together. */
export interface InstanceCutoverArgs {
  /** `restoring`: the databases stay closed. `online`: they are opened when all of them are ready, which cannot be undone. @default "online" */
  phase?: pulumi.Input<Phase>;
  /** Names of the databases on the source, in the order in which they are opened. @default all whose phase is `restoring`, in the order of their names */
  databases?: string[];
}

/** The arguments of a migration of several databases into one ApsaraDB RDS for SQL Server instance. */
export interface InstanceMigrationArgs
  extends Pick<
    DatabaseMigrationArgs,
    | "folder"
    | "checkDb"
    | "wait"
    | "timeout"
    | "pollInterval"
    | "onDestroy"
    | "allowOverwrite"
    | "retryTrigger"
    | "upload"
    | "cutover"
    | "minInterval"
    | "access"
  > {
  /** The destination instance, or its id (`rm-…`). Changing it replaces every migration; the old databases stay as they are. */
  instance: DatabaseMigrationArgs["instanceId"];
  /**
   * The OSS bucket, a MigrationBucket, or the bucket's name: Standard, without server-side encryption, in the region and
   * account of the instance.
   */
  bucket: BucketArgument;
  /**
   * The backups, read each time the program runs. Relative paths start at the folder of Pulumi.yaml, also when `main` is in a
   * subfolder; in an inline program of the Automation API at the working directory:
   * - a manifest (a path that ends in `.json`, written by `npx --no sqlserver-migration bakinfo FOLDER --manifest FILE` and
   *   committed): the list of databases is in git, and a machine without the files previews the same when they are in the bucket;
   * - a list: files, whose headers tell the databases, or `{ database, backup }`;
   * - a local folder with its subfolders and links to folders, in which a file that begins as a SQL Server backup is one, whatever its name, or
   *   `oss://bucket/folder`, whose objects are known by their extensions. Use these for one-off runs: when a file disappears, its
   *   migration is removed from the stack.
   *
   * The newest of several full backups of a database is used. A newer one that cannot be restored is an error
   * (`BACKUP_NEWER_UNFIT`). The log and the output `skipped` list unused files with the
   * reason.
   * @throws `BACKUPS_FOLDER_MISSING`, `BACKUPS_FOLDER_EMPTY`, `BACKUPS_UNREADABLE`, `DATABASE_LISTED_TWICE`, `MANIFEST_MISSING`,
   * `MANIFEST_INVALID`
   */
  backups: string | (string | BackupEntry)[];
  /**
   * Files to leave out of a folder or a bucket's folder: names or paths in it, in which `*` matches any characters, separated by
   * `;` or `,` or as an array, for example `"*_copy.bak; old/*"`. Compared without case. Use it to migrate an older full backup
   * in place of a newer one that cannot be restored.
   * @default none
   */
  excludeFiles?: NameList;
  /**
   * The databases to migrate, by their names on the source: names separated by `;` or `,`, in which `*` matches any
   * characters, or an include and an exclude list.
   * @default every database that has a backup, except system databases
   * @throws `DATABASES_NOT_FOUND` for a name without a backup
   */
  databases?: NameList | DatabaseFilter;
  /** Arguments for single databases, by the name on the source, compared without case. @throws `DATABASES_NOT_FOUND` for a name without a backup */
  overrides?: Record<string, DatabaseOverrides>;
  /**
   * Whether uploaded objects are deleted. `afterOnline`: the objects that this program uploaded are deleted when their
   * database is online and DBCC CHECKDB has found no damage. `keep`: no object is deleted. @default "keep"
   */
  cleanup?: CleanupMode;
  /**
   * Whether each database takes the differential and log backups that follow its full backup. `restoring`: it stays closed
   * and waits for more. `online`: it is opened after the last one, which cannot be undone.
   * @default only full backups are used; with `cutoverGroup`, `restoring`
   * @see docs/how-to/increments.md
   */
  phase?: Phase;
  /**
   * Parts of the databases that begin one after the other. A wave begins when every database of the wave before is online, or waits
   * for increments, and inside its window. `pulumi up` never waits for a window: what has not begun is recorded as `planned`, and a
   * later `up` begins it. Each wave has an outcome of its own. `{ plan: "plan.json", runner: 2 }` takes the waves of a plan, and of its
   * machines the databases of one.
   * @default all databases begin at once
   * @see docs/how-to/planning.md
   */
  waves?: WaveArgs[] | PlanArgs;
  /**
   * Restores every database under its name with this ending, as resources of their own, waits for DBCC CHECKDB, and records the times
   * for later forecasts; `true` means `_rehearsal`. Nothing is dropped afterwards: the update lists what is left to drop. Use a stack of
   * its own, or switch it off afterwards: the records of the rehearsal leave the stack then, and nothing is replaced.
   * @default the databases keep their names
   */
  rehearse?: boolean | string;
  /**
   * Opens all databases whose phase is `restoring` together, by one resource that depends on all of them. `phase` is then
   * `restoring` unless it is set.
   * @default each database is opened by its own `phase`
   */
  cutoverGroup?: InstanceCutoverArgs;
  /**
   * The effect of errors that the preview finds. `stop`: the preview fails and nothing is migrated. `isolate`: they are
   * logged, the preview passes, and the update migrates the other databases and then fails with a table of all.
   * @default "stop"
   */
  onFinding?: pulumi.Input<FindingMode>;
  /**
   * Path of the JSON that `sql/baseline.sql` printed on the source. The previews of new migrations report its findings.
   * @default `baseline.json` beside the manifest, at the top of the folder of the backups, or beside each backup
   */
  baseline?: DatabaseMigrationArgs["baseline"];
  /** Region of the instance and the bucket. A plain value, like the three below, because backups in a bucket are listed before any resource is declared. @default `alicloud:region`, then ALICLOUD_REGION, ALIBABA_CLOUD_REGION */
  region?: string;
  /** Endpoint of OSS: `public`, `internal` (from inside the region), `accelerate`, or a URL (a custom domain). @default "public" */
  endpoint?: string;
  /** The profile of the aliyun CLI to use, for programs with several accounts. @default `alicloud:profile`, then the credentials of the environment */
  profile?: string;
  /** The ARN of a role to assume before each call. @default none */
  assumeRoleArn?: string;
}
