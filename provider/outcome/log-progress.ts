import { ProgressLines } from "../decisions/progress-lines";
import { countedOf } from "../errors/message-text";
import { ResourceLog } from "../model/log";
import type { DatabaseOutcome, Member } from "../model/outcome";
import { formatDuration } from "../model/quantities";
import type { HandlerContext } from "../session/handler-context";
import { isUnderWay } from "./database-outcome";
import { memberUrn } from "./findings";

/** Databases that the summary names. */
const NAMED = 3;

/**
 * Returns a function that logs the progress of all databases after each fetch: a summary in the outcome's row, and the status of
 * each database in the row of its migration, whose own step has ended.
 */
export function progressLog(
  { session, urn, log }: Pick<HandlerContext, "session" | "urn" | "log">,
  members: readonly Pick<Member, "name" | "database">[],
  first: readonly DatabaseOutcome[],
  describeEnd: () => string | undefined = () => undefined,
): (outcomes: readonly DatabaseOutcome[]) => void {
  const { clock } = session;
  const lines = new ProgressLines(clock.now());
  const rows = new Map(
    members.map(({ name, database }) => [database, new ResourceLog(session.log, memberUrn(urn, name))]),
  );
  const isDue = ({ database, status, statusText = "" }: DatabaseOutcome): boolean =>
    lines.isRowDue(database, status, statusText, clock.now());
  for (const outcome of first) isDue(outcome);
  return (outcomes) => {
    for (const outcome of outcomes) if (isDue(outcome)) rows.get(outcome.database)?.status(describeTask(outcome));
    if (lines.isSummaryDue(clock.now(), !outcomes.some(isUnderWay)))
      log.status(describeProgress(outcomes, clock.now(), describeEnd()));
  };
}

const describeTask = ({ migrateTaskId, status, statusText = status }: DatabaseOutcome): string =>
  `task ${migrateTaskId} ${statusText}`;

/**
 * `96 of 100 databases online, 1 failed, 3 running: erp 2h 10m, crm 1h 3m, web 12m 5s`, the longest first. The end, if it is known,
 * comes second, because a narrow terminal cuts the line; then only the longest is named.
 */
export function describeProgress(outcomes: readonly DatabaseOutcome[], nowMs: number, end?: string): string {
  const online = outcomes.filter(({ status }) => status === "online").length;
  const failed = outcomes.filter(({ failure }) => failure !== undefined).length;
  const underWay = outcomes.filter(isUnderWay);
  const running = underWay
    .filter(({ status }) => status === "restoring")
    .map((outcome) => ({ database: outcome.database, ms: nowMs - startOf(outcome, nowMs) }))
    .sort((one, other) => other.ms - one.ms);
  const waiting = underWay.length - running.length;
  const longest = running
    .slice(0, end === undefined ? NAMED : 1)
    .map(({ database, ms }) => `${database} ${formatDuration(ms / 1000)}`);
  const total = `${countedOf(online, outcomes.length, "database")} online`;
  const counts = [
    ...(failed === 0 ? [] : [`${failed} failed`]),
    ...(waiting === 0 ? [] : [`${waiting} not started`]),
    ...(running.length === 0 ? [] : [`${running.length} running: ${longest.join(", ")}`]),
  ].join(", ");
  if (counts === "") return total;
  return end === undefined ? `${total}, ${counts}` : `${total}; ${end}; ${counts}`;
}

/** The time at which the restore was first seen running; milliseconds. */
const startOf = ({ timeline, startedAt }: DatabaseOutcome, nowMs: number): number =>
  Date.parse(timeline?.restoreStartedAt ?? timeline?.submittedAt ?? startedAt ?? "") || nowMs;
