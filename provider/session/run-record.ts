import type { ExaminedBackup } from "../backup-files/examine-backup";
import type { NewDatabase } from "../model/new-database";

/** What the handlers of one run have declared, found and logged. */
export class RunRecord {
  /** Messages that are logged once a run, not once for each of five hundred resources. */
  readonly logged = new Set<string>();
  /** The resource under which an error was logged in full first. */
  readonly firstLoggedUnder = new Map<string, string>();
  /** Headers of increments that were read, by place, size and time: members of one instance share a folder. */
  readonly headers = new Map<string, Promise<ExaminedBackup>>();
  /** Resources that `check` has seen with old inputs: a second check without them is a replacement. */
  readonly existing = new Set<string>();
  /** The resource that declared a destination database first, by lower-case migration id. */
  readonly declared = new Map<string, { urn: string; backup: string }>();
  /** What this run adds to each instance, by resource, in the order of declaration. */
  readonly newDatabases = new Map<string, Map<string, NewDatabase>>();
  /** Instances whose migration tasks the service does not list. */
  readonly unlisted = new Set<string>();
  /** Tasks of migrations that this run has deleted. */
  readonly retiredTasks = new Set<string>();
  /** What check found about deferred migrations, by resource: the outcome reports it. */
  readonly findings = new Map<string, readonly string[]>();
  /** The time until which the source's writes are in the backup, by resource: the source server's local time. */
  readonly dataAsOf = new Map<string, string>();
  /** Buckets that may not be written to, so that no submission lock can be left there. */
  readonly bucketsWithoutLocks = new Set<string>();
}
