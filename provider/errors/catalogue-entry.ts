/**
 * Whether trying again can help:
 * - `never`: this input cannot work; something has to be changed by a person;
 * - `afterFix`: the same request passes once the named cause is out of the way;
 * - `passes`: the condition ends by itself, so waiting and trying again is right.
 */
export const RETRY_ADVICE = ["never", "afterFix", "passes"] as const;
export type RetryAdvice = (typeof RETRY_ADVICE)[number];

/** What to look at before a failed migration is submitted again: only when it passes now is another task worth its quota. */
export const RECHECKS = ["databaseName", "databaseCount", "space", "instance", "object"] as const;
export type Recheck = (typeof RECHECKS)[number];

/** One fault in the words a user reads. `message` says what failed and why with the user's own values; `remedy` what to do. */
export interface CatalogueEntry<V extends object> {
  message: (values: V) => string;
  remedy: string | ((values: V) => string);
  retry: RetryAdvice;
  /** For `afterFix`: what an update looks at before it submits again. */
  recheck?: Recheck;
  /** Where the fact comes from: a document, an SDK's source, or "this project". */
  source: string;
}

/** Keeps the type of an entry's values while the entries stand together in one table. */
export const entry = <V extends object = Record<string, never>>(value: CatalogueEntry<V>): CatalogueEntry<V> => value;
