import type { LeftOutReason } from "../../provider/backup/left-out";
import type { LeftOutCause } from "../../provider/backup-files/select-files";
import type { ManifestFacts } from "../../provider/model/manifest-facts";

/** A file that no migration uses, and why. */
export interface SkippedFile {
  file: string;
  /** The rest of a sentence that begins with the file's name. */
  reason: string;
}

/**
 * Why no migration uses a file: its fault, its place in the chain of its database, or the program's own choice. `increment`: only full
 * backups are taken; `notChosen`: the filter, or another runner; `notPlanned`: the plan has no room; `noName`: its header names no database;
 * `noFull`: its database has no full backup here.
 */
export type SkipCause =
  | LeftOutCause
  | LeftOutReason["kind"]
  | "increment"
  | "notChosen"
  | "notPlanned"
  | "noName"
  | "noFull";

/** A skipped file with what decides how it is reported. */
export interface SkippedBackup extends SkippedFile {
  cause: SkipCause;
  /** The finding of a database names the file, so that it needs no other message. */
  isInFinding?: true;
}

/** One database that has a backup. */
export interface DiscoveredDatabase {
  /** Its name on the source. */
  database: string;
  /** A list or a manifest gives the name; otherwise it comes from the backup's header. */
  isDeclared?: true;
  /** The full backup: a path, or `oss://bucket/key`. */
  backup: string;
  /** The backup's entry, when a manifest names it. */
  manifest?: ManifestFacts;
  /** Differential and log backups, for a database that takes them: files, `oss://bucket/key`, folders or prefixes. */
  increments?: string[];
  /** Why the database cannot be migrated. The check of its migration reports it. */
  fault?: string;
}

/** The databases to migrate, in the order of their names and independent of the order of the files. */
export interface Discovery {
  databases: DiscoveredDatabase[];
  skipped: SkippedBackup[];
}
