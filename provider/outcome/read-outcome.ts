import { isMigrationError } from "../errors/migration-error";
import { parseOutcomeOutputs } from "../model/outcome";
import { type PlainObject, toPlain } from "../model/plain";
import type { HandlerContext } from "../session/handler-context";
import { SHARED_FACTS_MAX_AGE_MS } from "../session/lookups";
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
  if (!summary.some(isUnderWay)) return { id, props };
  try {
    const notBeforeMs = session.clock.now() - SHARED_FACTS_MAX_AGE_MS;
    const refreshed = await fetchAllTasks({ session, inputs: recorded }, summary, notBeforeMs);
    return { id, props: toPlain({ ...props, summary: refreshed }) };
  } catch (error) {
    if (!isMigrationError(error)) throw error;
    // Without the instance, its migrations leave the state too.
    if (error.code === "INSTANCE_NOT_FOUND") return { id: "", props: {} };
    log.warning(`not refreshed; the last known state is kept. ${error.message}`);
    return { id, props };
  }
}
