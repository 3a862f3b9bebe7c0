import { countedOf } from "../errors/message-text";
import { formatBytes, formatDuration } from "../model/quantities";
import { terminalLine } from "../model/terminal-text";
import type { MigrationReport } from "./migration-report";
import { utc } from "./times";

/** More lines would hide the digest. */
const MOST_FAILURES = 20;

/** Returns the summary that a terminal shows. */
export function reportText(report: MigrationReport, digest: string): string {
  const { totals, databases, verifications, unreadable, superseded } = report;
  const { total, online, waitingForIncrements, inProgress, failed, warnings, sizeBytes, startedAt, seconds } = totals;
  const failures = databases.filter(({ result }) => result === "failed");
  const passed = verifications.filter(({ result }) => result === "passed").length;
  const lines = [
    `${countedOf(online, total, "database")} online, ${failed} failed, ${waitingForIncrements} waiting for increments, ${inProgress} in progress`,
    `full backups: ${formatBytes(sizeBytes)}; warnings: ${warnings}`,
    startedAt !== undefined &&
      `first start ${utc(startedAt)} UTC${seconds === undefined ? "" : `, last end ${utc(totals.endedAt)} UTC (${formatDuration(seconds)})`}`,
    report.knownAt !== undefined && `latest record: ${utc(report.knownAt)} UTC`,
    verifications.length > 0 && `verifications: ${passed} of ${verifications.length} passed`,
    ...failures
      .slice(0, MOST_FAILURES)
      .map(({ database, failure }) => `failed: ${database}: ${failure?.code ?? "the state does not record why"}`),
    failures.length > MOST_FAILURES && `failed: ${failures.length - MOST_FAILURES} more`,
    superseded.length > 0 && `recorded more than once: ${superseded.length}; the latest record of each counts`,
    ...unreadable.map(({ resource }) => `not readable: ${resource}`),
    `SHA-256 of the report: ${digest}`,
  ];
  return lines
    .filter((line) => line !== false)
    .map(terminalLine)
    .join("\n");
}
