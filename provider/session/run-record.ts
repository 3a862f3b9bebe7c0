import type { MigrationError } from "../errors/migration-error";
import type { Finding } from "../model/finding";
import type { NewDatabase } from "../model/new-database";

/** The declarations, findings and logged messages of one run. */
export class RunRecord {
  /** Messages that are logged once a run instead of once for each resource. */
  readonly logged = new Set<string>();
  /** URN of the resource under which an error was first logged in full, by message. */
  readonly firstLoggedUnder = new Map<string, string>();
  /** URNs that `check` got with old inputs: a second check without old inputs is a replacement. */
  readonly existing = new Set<string>();
  /** The resource that declared a destination database first, by lower-case migration id. */
  readonly declared = new Map<string, { urn: string; backup: string }>();
  /** Databases that this run adds to each instance, by URN, in the order of declaration. */
  readonly newDatabases = new Map<string, Map<string, NewDatabase>>();
  /** Instances whose migration tasks the service does not list. */
  readonly unlisted = new Set<string>();
  /** Tasks of migrations that this run has deleted. */
  readonly retiredTasks = new Set<string>();
  /** Findings of check about deferred migrations, by URN. The outcome reports them. */
  readonly findings = new Map<string, readonly string[]>();
  /** Findings of check that deferred migrations leave to their outcome, because they are about all databases, by URN. */
  readonly sharedFindings = new Map<string, readonly Finding[]>();
  /** Time up to which the backup contains the source's writes, by URN; the source server's local time. */
  readonly dataAsOf = new Map<string, string>();
  /** URNs of failed migrations that this run does not certainly submit again. */
  readonly failing = new Set<string>();
  /** The refusal of each instance whose quota of the day is used up. */
  readonly usedUpQuotas = new Map<string, MigrationError>();
  /** Why databases wait for their wave, by URN of the migration. */
  readonly waiting = new Map<string, string>();
  /** Buckets without write permission, where no submission lock can be created. */
  readonly bucketsWithoutLocks = new Set<string>();
}
