import { planChange } from "../decisions/change";
import { planResubmission } from "../decisions/resubmission";
import { describeSourceName } from "../decisions/source-name";
import { knownInputs } from "../model/inputs";
import { parseOutputs } from "../model/outputs";
import type { PlainObject } from "../model/plain";
import { containsUnknown } from "../model/unknown";
import type { DiffResult, HandlerContext } from "../session/handler-context";

/**
 * Compares the recorded outputs with the new inputs; reports a change only when an update would act now. A replacement always
 * deletes first: a create that runs first would find the old task as its own, and the delete would then stop it.
 * @throws STATE_NEWER, STATE_UNREADABLE
 */
export function diff({ session, log, urn }: HandlerContext, olds: PlainObject, news: PlainObject): DiffResult {
  const unknown = new Set(Object.keys(news).filter((name) => containsUnknown(news[name])));
  const recorded = parseOutputs(olds);
  // One that has not ended is recorded by the step that follows it, this migration's update or the outcome.
  if (recorded.timeline?.endedAt !== undefined)
    session.fleet.record(recorded.instanceId, recorded.databaseName, recorded);
  const wanted = knownInputs(news);
  const change = planChange(recorded, wanted, unknown, session.clock.now());
  if (recorded.status === "failed" && planResubmission(recorded, wanted).kind !== "send") session.run.failing.add(urn);
  const replaces = change.kind === "replace" ? [change.property] : [];
  const mismatch = describeSourceName(recorded, wanted);
  if (mismatch !== undefined) log.warning(mismatch);
  for (const warning of change.warnings ?? []) log.warning(warning);
  return { changes: change.kind !== "none", replaces, deleteBeforeReplace: true };
}
