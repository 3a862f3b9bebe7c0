import { isMigrationError } from "../errors/migration-error";
import { type PlainObject, toPlain } from "../model/plain";
import { type Session, SHARED_FACTS_MAX_AGE_MS } from "../session/session";
import { isUnderWay } from "./database-outcome";
import { fetchAllTasks } from "./follow-outcomes";
import type { OutcomeOutputs } from "./outcome-inputs";

/** Refresh: looks and never acts. Shares the list of tasks with the migrations' own refresh. */
export async function readOutcome(
  session: Session,
  id: string,
  props: PlainObject,
): Promise<{ id: string; props: PlainObject }> {
  const recorded = props as unknown as OutcomeOutputs;
  const { summary = [], resourceUrn } = recorded;
  if (!summary.some(isUnderWay)) return { id, props };
  try {
    const notBeforeMs = session.clock.now() - SHARED_FACTS_MAX_AGE_MS;
    const seen = await fetchAllTasks({ session, inputs: recorded }, summary, notBeforeMs);
    return { id, props: toPlain({ ...props, summary: seen }) };
  } catch (error) {
    if (!isMigrationError(error)) throw error;
    // With the instance its migrations leave the state too.
    if (error.code === "INSTANCE_NOT_FOUND") return { id: "", props: {} };
    session.engine.log("warning", resourceUrn, `not refreshed, the last known state is kept. ${error.message}`);
    return { id, props };
  }
}
