import type * as pulumi from "@pulumi/pulumi";
import type { CleanupMode, Phase } from "../provider/model/inputs";
import type { FindingMode } from "../provider/outcome/outcome-inputs";
import type { DatabaseMigrationArgs } from "../provider/resources/database-migration";
import type { BackupEntry } from "./discovery/backups-argument";
import type { DatabaseFilter } from "./discovery/database-filter";
import type { NameList } from "./discovery/name-pattern";

/** What is said about one database, beside what is said about all. */
export interface DatabaseOverrides
  extends Pick<
    DatabaseMigrationArgs,
    "checkDb" | "adopt" | "allowOverwrite" | "onDestroy" | "cutover" | "minInterval"
  > {
  /** Name of the database on the instance. Changing it replaces the migration; the old database is not touched. @default the source's name */
  databaseName?: string;
  /** As for all; `phase` of one database wins. */
  phase?: Phase;
  /**
   * Differential and log backups of this database: files, `oss://bucket/key`, folders or prefixes.
   * @default where a `phase` is set: those that the manifest or the list names, or the place that the backups are in
   */
  increments?: string[];
}

/** The cutover of an instance's databases, all or none. */
export interface InstanceCutoverArgs {
  /** `restoring`: the databases stay closed. `online`: when all are ready they are opened. One way. @default "online" */
  phase?: pulumi.Input<Phase>;
  /** Names on the source, in the order in which they are opened. @default all that are restoring, in the order of their names */
  databases?: string[];
}

/** Several databases of a source into one ApsaraDB RDS for SQL Server instance. */
export interface InstanceMigrationArgs
  extends Pick<
    DatabaseMigrationArgs,
    | "bucket"
    | "folder"
    | "checkDb"
    | "wait"
    | "timeout"
    | "pollInterval"
    | "onDestroy"
    | "allowOverwrite"
    | "upload"
    | "cutover"
    | "minInterval"
    | "access"
  > {
  /** The destination instance, or its id (`rm-…`). Changing it replaces every migration; the old databases are not touched. */
  instance: DatabaseMigrationArgs["instanceId"];
  /**
   * Where the backups are, read when the program runs:
   * - a manifest (a path that ends in `.json`, made by `npx bakinfo FOLDER --manifest FILE` and committed): the set of databases
   *   lives in git, and a machine without the files previews the same;
   * - a list: files (their headers tell the databases) or `{ database, backup }`;
   * - a local folder, with its subfolders; or `oss://bucket/folder`. For one-off runs: a file that is gone takes its migration
   *   out of the stack.
   *
   * Of several full backups of a database the newest is taken. Files that are no part of a migration are told with the reason.
   * @throws `BACKUPS_FOLDER_MISSING`, `BACKUPS_FOLDER_EMPTY`, `BACKUPS_UNREADABLE`, `MANIFEST_MISSING`, `MANIFEST_INVALID`
   */
  backups: string | (string | BackupEntry)[];
  /**
   * Which databases, by their names on the source: names with `;` or `,` between them and `*` for any characters, or an
   * include and an exclude list.
   * @default all of which there is a backup, but system databases
   * @throws `DATABASES_NOT_FOUND` for one that no backup is of
   */
  databases?: NameList | DatabaseFilter;
  /** By the database's name on the source, without case. @throws `DATABASES_NOT_FOUND` for one that no backup is of */
  overrides?: Record<string, DatabaseOverrides>;
  /**
   * `afterOnline`: the objects that this program uploaded are deleted once their database is online and DBCC CHECKDB has found
   * it sound; `keep`: nothing is deleted. @default "keep"
   */
  cleanup?: CleanupMode;
  /**
   * Set, each database takes the differential and log backups that follow its full one: `restoring`: it stays closed for more;
   * `online`: it is opened behind the last one, which cannot be undone. Not set: only full backups are taken.
   * @see docs/cutover.md
   */
  phase?: Phase;
  /**
   * The databases that are restoring are opened together, by one resource that comes after all of them; `phase` is then
   * `restoring` unless it is set.
   */
  cutoverGroup?: InstanceCutoverArgs;
  /**
   * What findings at preview do: `stop`: the preview fails and nothing is sent; `isolate`: they are logged as errors, the
   * preview passes, and the update migrates the others and then fails with the table of all.
   * @default "stop"
   */
  onFinding?: pulumi.Input<FindingMode>;
  /**
   * The JSON that `sql/baseline.sql` printed on the source; the previews of new migrations tell what it says.
   * @default `baseline.json` beside the manifest, at the top of the folder of the backups, or beside each backup
   */
  baseline?: DatabaseMigrationArgs["baseline"];
  /** Plain, as the three below: backups in a bucket are looked for before anything is declared. @default `alicloud:region`, then ALICLOUD_REGION */
  region?: string;
  /** How OSS is reached: `public`, `internal` (from inside the region), `accelerate`, or a URL (a custom domain). @default "public" */
  endpoint?: string;
  /** A profile of the aliyun CLI, where a program uses several accounts. */
  profile?: string;
  /** A role that the credentials assume first. */
  assumeRoleArn?: string;
}
