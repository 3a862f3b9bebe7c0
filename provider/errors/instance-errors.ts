import { entry } from "./catalogue-entry";
import { codeOfMessage, counted, countedOf, leftOutLines, listed, plural } from "./message-text";
import { type MissingPath, missingRemedy, missingSummary } from "./missing-path";
import { PAGES } from "./vendor-pages";

/** A database with findings before anything was sent; without a name: the instance as a whole. */
export interface Refused {
  database?: string;
  reasons: string[];
}

/** `erp: INSTANCE_NOT_FOUND`, one line for each database. */
const refusedLines = (refused: readonly Refused[]): string[] =>
  listed(
    "Findings:",
    refused.map(({ database = "the instance", reasons }) => {
      const codes = reasons.map((reason) => codeOfMessage(reason) ?? reason);
      return `${database}: ${[...new Set(codes)].join(", ")}`;
    }),
  );

/** Faults of an instance's migration as a whole: its set of databases, and how they ended. */
export const instanceErrors = {
  INSTANCE_FINDINGS: entry<{ refused: Refused[]; of: number }>({
    summary: (e) => `${countedOf(e.refused.length, e.of, "database")} cannot be migrated; nothing was sent.`,
    details: (e) => [
      ...refusedLines(e.refused),
      "Each database's findings are explained under its own row.",
      ...e.refused.flatMap(({ database, reasons }) => (database === undefined ? reasons : [])),
    ],
    remedy:
      'Correct the databases or exclude them. With onFinding: "isolate" an update migrates the others and then fails.',
    retry: "afterFix",
    source: "this project",
  }),
  INSTANCE_ISOLATED: entry<{ refused: Refused[]; of: number }>({
    summary: (e) => `${countedOf(e.refused.length, e.of, "database")} cannot be migrated; the others are.`,
    details: (e) => [...refusedLines(e.refused), "The update migrates the others and then fails."],
    remedy: "Correct the databases: each one's findings are explained under its own row.",
    retry: "afterFix",
    source: "this project",
  }),
  /** The failed databases and the table of the others are printed between the counts and the remedy. */
  INSTANCE_INCOMPLETE: entry<{
    instance: string;
    reached: number;
    of: number;
    failed: number;
    unfinished: number;
    online: boolean;
    failedSince: boolean;
  }>({
    summary: (e) =>
      `${countedOf(e.reached, e.of, "database", ["is", "are"])} ${e.online ? "online on" : "submitted to"} ${e.instance}.`,
    details: (e) => (e.failed + e.unfinished === 0 ? [] : [`${e.failed} failed, ${e.unfinished} not finished.`]),
    remedy: (e) =>
      e.failedSince
        ? "Correct the cause given for each database, then run `pulumi up --refresh`."
        : "Correct the cause given for each database, then run `pulumi up` again: it continues from here.",
    retry: "afterFix",
    source: "this project",
  }),
  /** The table of all databases is printed between the first line and the remedy. */
  INSTANCE_RETRIED: entry<{ instance: string; failed: number; of: number }>({
    summary: (e) =>
      `${countedOf(e.failed, e.of, "database")} failed on ${e.instance} and ${plural(e.failed, "was", "were")} sent again.`,
    remedy: "Check the cause given for each database. `pulumi up --refresh` follows the new tasks.",
    retry: "passes",
    quota: "none",
    source: "this project",
  }),
  BACKUPS_FOLDER_MISSING: entry<{ folder: string } & Pick<MissingPath, "place">>({
    summary: (e) => missingSummary(`[backups] ${e.place === undefined ? "the folder " : ""}${e.folder}`, e),
    details: () => ["A missing folder is refused, because it would remove every migration from the stack."],
    remedy: (e) =>
      missingRemedy(
        e,
        "For machines without the files, commit a manifest (npx --no sqlserver-migration bakinfo FOLDER --manifest FILE).",
      ),
    retry: "never",
    source: "this project",
  }),
  BACKUPS_NOT_A_FOLDER: entry<{ folder: string }>({
    summary: (e) => `[backups] ${e.folder} is a file, not a folder.`,
    remedy: "Give a folder, oss://bucket/folder, a manifest (*.json), or a list of files: [path, …].",
    retry: "never",
    source: "this project",
  }),
  /**
   * `skipped`: the files of the folder, each with the reason why it is left out. `names`: which names are looked for, where no file is
   * a backup; undefined where the backups are none of a whole database. `isOfProgram`: the folder decides about a stack's migrations.
   */
  BACKUPS_FOLDER_EMPTY: entry<{
    folder: string;
    skipped: { file: string; reason: string }[];
    names?: string;
    isOfProgram?: boolean;
  }>({
    script: "There is no backup file on OSS Bucket [xxxxxx] under [xxxxxxxxx] folder",
    summary: (e) =>
      `[backups] ${e.folder} holds no ${e.names === undefined ? "full backup of a database" : "backup files"}.`,
    details: (e) => [
      ...leftOutLines(e.skipped),
      ...(e.names === undefined ? [] : [`Names that are looked for: ${e.names}.`]),
      ...(e.isOfProgram === true
        ? ["An empty folder is refused, because it would remove every migration from the stack."]
        : []),
    ],
    remedy: (e) =>
      e.skipped.length === 0
        ? "Correct the folder, or copy the backups into it."
        : "Supply the backups that these files should be, or correct the folder.",
    retry: "never",
    source: "this project",
    link: PAGES.instanceMigration,
  }),
  BACKUPS_LIST_EMPTY: entry({
    summary: () => "[backups] the list of backups is empty.",
    remedy: "Name the backups, or give a folder or a manifest.",
    retry: "never",
    source: "this project",
  }),
  DATABASE_LISTED_TWICE: entry<{ database: string; files: string[] }>({
    summary: (e) => `[backups] ${e.database} is listed ${e.files.length === 2 ? "twice" : `${e.files.length} times`}.`,
    details: (e) => listed("Its backups:", e.files),
    remedy:
      "Keep one of them. For databases of one name from two servers, declare an InstanceMigration for each server, one of them with another databaseName in overrides.",
    retry: "never",
    source: "this project",
  }),
  /** `remedy`: where the fault does not contain it. */
  BACKUPS_UNREADABLE: entry<{ files: { file: string; fault: string; remedy?: string }[] }>({
    summary: ({ files: [first, ...others] }) =>
      first !== undefined && others.length === 0
        ? `[backups] ${first.file} cannot be read.`
        : `[backups] ${others.length + 1} backups cannot be read.`,
    details: (e) => [
      ...listed(
        "Reasons:",
        e.files.map(({ file, fault }) => `${file}: ${fault}`),
      ),
      "An unreadable backup is refused, because its absence would remove its migration from the stack.",
    ],
    remedy: ({ files }) =>
      files.length === 1 && files[0]?.remedy !== undefined
        ? files[0].remedy
        : "Correct this, or name the backups one by one with their databases.",
    retry: "afterFix",
    source: "this project",
  }),
  MANIFEST_MISSING: entry<MissingPath>({
    summary: (e) => missingSummary(`[backups] ${e.place === undefined ? "the manifest " : ""}${e.file}`, e),
    remedy: (e) =>
      missingRemedy(e, "Or write a manifest: npx --no sqlserver-migration bakinfo FOLDER --manifest FILE."),
    retry: "never",
    source: "this project",
  }),
  MANIFEST_EMPTY: entry<{ file: string }>({
    summary: (e) => `[backups] the manifest ${e.file} names no database.`,
    remedy: "Write it again: npx --no sqlserver-migration bakinfo FOLDER --manifest FILE.",
    retry: "never",
    source: "this project",
  }),
  DATABASES_NOT_FOUND: entry<{ asked: string[]; found: string[] }>({
    summary: ({ asked: [first, ...others] }) =>
      first !== undefined && others.length === 0
        ? `[databases] no full backup of ${first} was found.`
        : `[databases] no full backup of ${others.length + 1} databases was found.`,
    details: (e) => [
      ...listed("Named in the program:", e.asked),
      ...(e.found.length === 0 ? ["No database has a backup."] : listed("Databases with a backup:", e.found)),
    ],
    remedy: "Correct the names in databases and overrides, or add the backups.",
    retry: "never",
    source: "this project",
  }),
  /** `skipped`: the files that were no backup of a database, each with a reason. */
  DATABASES_NONE_LEFT: entry<{ found: string[]; skipped: { file: string; reason: string }[] }>({
    summary: (e) =>
      e.found.length > 0
        ? `[databases] the filter excludes ${e.found.length === 1 ? `the only database, ${e.found[0]}` : `all ${e.found.length} databases`}.`
        : `[backups] ${counted(e.skipped.length, "file yields", "files yield")} no database to migrate.`,
    details: (e) => (e.found.length > 0 ? listed("Excluded:", e.found) : leftOutLines(e.skipped)),
    remedy: (e) =>
      e.found.length > 0
        ? "Include more databases or exclude fewer, or add the missing backups."
        : "Supply the backups that these files should be.",
    retry: "never",
    source: "this project",
  }),
};
