/**
 * Whether trying again can help:
 * - `never`: this input cannot work; something has to be changed by a person;
 * - `afterFix`: the same request passes once the named cause is out of the way;
 * - `passes`: the condition ends by itself, so waiting and trying again is right.
 */
export const RETRY_ADVICE = ["never", "afterFix", "passes"] as const;
export type RetryAdvice = (typeof RETRY_ADVICE)[number];

/** What to look at before a failed migration is submitted again: only when it passes now is another task worth its quota. */
export const RECHECKS = ["databaseName", "databaseCount", "space", "instance", "object", "role"] as const;
export type Recheck = (typeof RECHECKS)[number];

/**
 * What trying again takes from the day's 20 migrations of a database (and 500 of an instance):
 * - `none`: nothing was accepted, or nothing is sent. That a refused call counts towards no quota is assumed, not documented;
 * - `one`: the task that failed has been counted, and the next one is;
 * - `perhaps`: nobody knows whether the service accepted the call.
 */
export const QUOTA_COSTS = ["none", "one", "perhaps"] as const;
export type QuotaCost = (typeof QUOTA_COSTS)[number];

/** How a fault is recognised in what the cloud says. */
export interface MatchRule {
  /** Codes of RDS, RAM and STS, without case; an entry is meant by the codes that begin with one of these, the longest first. */
  openApi?: readonly string[];
  /** Codes of OSS, as they are. */
  oss?: readonly string[];
  /** The service's words about a task. */
  description?: RegExp;
}

/** One fault in the words a user reads. `message` says what failed and why with the user's own values; `remedy` what to do. */
export interface CatalogueEntry<V extends object> {
  message: (values: V) => string;
  remedy: string | ((values: V) => string);
  retry: RetryAdvice;
  /** For `afterFix`: what an update looks at before it submits again. */
  recheck?: Recheck;
  /** @default "none" */
  quota?: QuotaCost;
  /** For faults that the cloud tells; the others are found by this project itself. */
  match?: MatchRule;
  /** What the vendor's own migration script prints in the same situation, for those who come from it. */
  script?: string;
  /** Where the fact comes from: a document, an SDK's source, or "this project". */
  source: string;
  /** The page of that document. */
  link?: string;
}

/** Keeps the type of an entry's values while the entries stand together in one table. */
export const entry = <V extends object = Record<string, never>>(value: CatalogueEntry<V>): CatalogueEntry<V> => value;
