import { summaryOf } from "../decisions/failure-notice";
import { isMissingDatabase, missingDatabase } from "../decisions/missing-database";
import { withAddress } from "../errors/error-address";
import { isMigrationError } from "../errors/migration-error";
import type { ResourceLog } from "../model/log";
import { nameKey } from "../model/names";
import { type DatabaseOutcome, type OutcomeOutputs, parseOutcomeOutputs } from "../model/outcome";
import { type PlainObject, toPlain } from "../model/plain";
import type { HandlerContext } from "../session/handler-context";
import { oldestDatabaseListMs, SHARED_FACTS_MAX_AGE_MS } from "../session/lookups";
import type { Session } from "../session/session";
import { isUnderWay } from "./database-outcome";
import { fetchAllTasks } from "./follow-outcomes";

/** Refreshes the summary of an outcome; read-only. Shares the cached task list with the refresh of the migrations. */
export async function readOutcome(
  { session, log }: HandlerContext,
  id: string,
  props: PlainObject,
): Promise<{ id: string; props: PlainObject }> {
  const recorded = parseOutcomeOutputs(props);
  const { summary } = recorded;
  try {
    const notBeforeMs = session.clock.now() - SHARED_FACTS_MAX_AGE_MS;
    const refreshed = summary.some(isUnderWay)
      ? await fetchAllTasks({ session, inputs: recorded }, summary, notBeforeMs)
      : summary;
    markFailures(log, summary, refreshed);
    return { id, props: toPlain({ ...props, summary: await withMissing(session, recorded, refreshed) }) };
  } catch (error) {
    if (!isMigrationError(error)) throw error;
    // Without the instance, its migrations leave the state too.
    if (error.code === "INSTANCE_NOT_FOUND") return { id: "", props: {} };
    log.warning(`not refreshed; the last known state is kept. ${error.message}`);
    return { id, props };
  }
}

/** Logs the failures that this refresh found, and marks them for the next update, which fails for them even if it retries. */
function markFailures(log: ResourceLog, before: readonly DatabaseOutcome[], refreshed: DatabaseOutcome[]): void {
  refreshed.forEach((outcome, index) => {
    const { database, failure } = outcome;
    if (failure === undefined || before[index]?.failure !== undefined) return;
    refreshed[index] = { ...outcome, failure: { ...failure, unreported: true } };
    log.error(`${database}: ${withAddress(summaryOf(failure))}`);
  });
}

/** Adds the warning to each online database that was dropped or renamed on RDS, and removes it from those that exist again. */
async function withMissing(
  session: Session,
  recorded: OutcomeOutputs,
  summary: DatabaseOutcome[],
): Promise<DatabaseOutcome[]> {
  const online = summary.filter(({ status }) => status === "online");
  if (online.length === 0) return summary;
  const { instanceId } = recorded;
  const endedMs = Math.max(...online.map(({ finishedAt }) => Date.parse(finishedAt ?? "") || 0));
  const notBeforeMs = oldestDatabaseListMs(endedMs, session.clock.now());
  const present = new Set(
    (await session.lookups.databases(recorded, instanceId, notBeforeMs)).map(({ name }) => nameKey(name)),
  );
  return summary.map((outcome) => {
    if (outcome.status !== "online") return outcome;
    const warnings = outcome.warnings.filter((warning) => !isMissingDatabase(warning));
    const { database } = outcome;
    return {
      ...outcome,
      warnings: present.has(nameKey(database)) ? warnings : [...warnings, missingDatabase(database, instanceId)],
    };
  });
}
