import { isMigrationError, type MigrationError } from "../errors/migration-error";
import { type Finding, findingOf, notChecked, shared } from "./finding";

/** Faults that mean that a fact could not be fetched, not that the migration would fail. */
const NOT_CHECKED = new Set([
  ...["NO_CREDENTIALS", "NO_REGION", "NOT_AUTHORIZED", "NETWORK_FAILED", "NO_ANSWER", "ANSWER_UNREADABLE", "THROTTLED"],
  ...["PROXY_INVALID", "PROXY_USER_REFUSED"],
  ...["SERVICE_FAULT", "OSS_ACCESS_DENIED", "OSS_UNAVAILABLE", "OSS_REPLY_UNREADABLE"],
]);

/** A fetched fact; `failed`: it could not be fetched, and a finding reports it. */
export type Fetched<T> = { kind: "fetched"; value: T } | { kind: "failed" };

/**
 * Runs one fetch of a fact that all databases of the instance share. Its failure becomes a finding: an error, or "not checked"
 * where the fact could not be fetched.
 */
export async function fetchOrNote<T>(findings: Finding[], what: string, run: () => Promise<T>): Promise<Fetched<T>> {
  try {
    return { kind: "fetched", value: await run() };
  } catch (error) {
    if (!isMigrationError(error)) throw error;
    findings.push(shared(isNotChecked(error) ? notChecked(what, error.message, "warning") : findingOf(error, "error")));
    return { kind: "failed" };
  }
}

const isNotChecked = (error: MigrationError): boolean => NOT_CHECKED.has(error.code) || error.retry === "passes";
