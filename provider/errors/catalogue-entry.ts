/**
 * Whether trying again can help:
 * - `never`: this input cannot work; a person has to change something;
 * - `afterFix`: the same request passes once the named cause is removed;
 * - `passes`: the condition ends by itself, so waiting and trying again is right.
 */
export const RETRY_ADVICE = ["never", "afterFix", "passes"] as const;
export type RetryAdvice = (typeof RETRY_ADVICE)[number];

/** What to check before a failed migration is submitted again: only if it passes now, another task is worth its quota. */
export const RECHECKS = ["databaseName", "databaseCount", "space", "instance", "object", "role"] as const;
export type Recheck = (typeof RECHECKS)[number];

/**
 * What trying again takes from the day's 20 migrations of a database (and 500 of an instance):
 * - `none`: nothing was accepted, or nothing is sent. That a refused call counts towards no quota is assumed, not documented;
 * - `one`: the failed task has been counted, and the next one will be;
 * - `perhaps`: it is unknown whether the service accepted the call.
 */
export const QUOTA_COSTS = ["none", "one", "perhaps"] as const;
export type QuotaCost = (typeof QUOTA_COSTS)[number];

/** How a fault is recognised in the cloud's answer. */
export interface MatchRule {
  /** Codes of RDS, RAM and STS, without case; a code that begins with one of these matches, the longest first. */
  openApi?: readonly string[];
  /** Codes of OSS, exactly. */
  oss?: readonly string[];
  /** Matches the service's description of a task. */
  description?: RegExp;
}

/** One fault in the words a user reads. */
export interface CatalogueEntry<V extends object> {
  /**
   * The first line: what failed, and for which database, file or instance. It gets long values shortened, so that the line
   * stays within its limit; the message gives a shortened value whole on a later line.
   */
  summary: (values: V) => string;
  /** Further lines: causes, other values, lists, the service's own words. */
  details?: (values: V) => readonly string[];
  /** What to do: the last line. */
  remedy: string | ((values: V) => string);
  retry: RetryAdvice;
  /** For `afterFix`: what an update checks before it submits again. */
  recheck?: Recheck;
  /** @default "none" */
  quota?: QuotaCost;
  /** For faults that the cloud reports; this project finds the others itself. */
  match?: MatchRule;
  /** What the vendor's own migration script prints in the same situation, for users who come from it. */
  script?: string;
  /** Where the fact comes from: a document, an SDK's source, or "this project". */
  source: string;
  /** The page of that document. */
  link?: string;
}

/** Keeps the type of an entry's values while all entries share one table. */
export const entry = <V extends object = Record<string, never>>(value: CatalogueEntry<V>): CatalogueEntry<V> => value;
