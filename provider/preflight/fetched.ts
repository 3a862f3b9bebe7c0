import { isMigrationError, type MigrationError } from "../errors/migration-error";
import { type Finding, findingOf, notChecked } from "./finding";

/** Faults that say nothing about the migration, only that a look was not possible from here. */
const NOT_CHECKED = new Set([
  ...["NO_CREDENTIALS", "NO_REGION", "NOT_AUTHORIZED", "NETWORK_FAILED", "NO_ANSWER", "ANSWER_UNREADABLE", "THROTTLED"],
  ...["SERVICE_FAULT", "OSS_ACCESS_DENIED", "OSS_UNAVAILABLE", "OSS_REPLY_UNREADABLE"],
]);

/** What a look saw; `failed`: it was not possible, and a finding says so. */
export type Fetched<T> = { kind: "seen"; value: T } | { kind: "failed" };

/** Runs one look; what it throws becomes a finding: an error, or "not checked" where the look itself was not possible. */
export async function fetchOrNote<T>(findings: Finding[], what: string, run: () => Promise<T>): Promise<Fetched<T>> {
  try {
    return { kind: "seen", value: await run() };
  } catch (error) {
    if (!isMigrationError(error)) throw error;
    findings.push(isNotChecked(error) ? notChecked(what, error.message, "warning") : findingOf(error, "error"));
    return { kind: "failed" };
  }
}

const isNotChecked = (error: MigrationError): boolean => NOT_CHECKED.has(error.code) || error.retry === "passes";
