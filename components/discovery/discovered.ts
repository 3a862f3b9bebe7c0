import type { ManifestFacts } from "../../provider/model/manifest-facts";

/** A file that is no part of any migration, and why: the rest of a sentence that begins with its name. */
export interface SkippedFile {
  file: string;
  reason: string;
}

/** One database of which there is a backup. */
export interface DiscoveredDatabase {
  /** Its name on the source. */
  database: string;
  /** The full backup: a path, or `oss://bucket/key`. */
  backup: string;
  /** The backup's entry, where a manifest told of it. */
  manifest?: ManifestFacts;
  /** Differential and log backups, for a database that takes them: files, keys, folders or prefixes. */
  increments?: string[];
  /** What makes its migration impossible; told by the migration's own check. */
  fault?: string;
}

/** What there is to migrate, in the order of the databases' names, whatever the order of the files. */
export interface Discovery {
  databases: DiscoveredDatabase[];
  skipped: SkippedFile[];
}
