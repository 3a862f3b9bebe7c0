import { planChange } from "../decisions/change";
import type { MigrationInputs } from "../model/inputs";
import type { MigrationOutputs } from "../model/outputs";
import type { PlainObject } from "../model/plain";
import { containsUnknown } from "../model/unknown";
import type { Session } from "../session/session";

export interface DiffResult {
  changes: boolean;
  replaces: string[];
  /** Always: a create that came first would take up the very task that the delete then ends. */
  deleteBeforeReplace: true;
}

/** Compares the recorded outputs with the wanted inputs; "changes" only when an update would act now. */
export function diff(session: Session, olds: PlainObject, news: PlainObject): DiffResult {
  const unknown = new Set(Object.keys(news).filter((name) => containsUnknown(news[name])));
  const known: Partial<MigrationInputs> = Object.fromEntries(
    Object.entries(news).filter(([name]) => !unknown.has(name)),
  );
  const change = planChange(olds as unknown as MigrationOutputs, known, unknown, session.clock.now());
  const replaces = change.kind === "replace" ? [change.property] : [];
  const warnings = change.kind === "replace" ? [] : (change.warnings ?? []);
  for (const warning of warnings) session.engine.log("warning", known.resourceUrn, warning);
  return { changes: change.kind !== "none", replaces, deleteBeforeReplace: true };
}
