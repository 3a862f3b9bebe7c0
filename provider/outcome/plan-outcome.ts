import { hasReached } from "../decisions/change";
import type { WaitPoint } from "../model/inputs";
import {
  type DatabaseOutcome,
  knownOutcomeInputs,
  type Member,
  type OutcomeInputs,
  parseOutcomeOutputs,
} from "../model/outcome";
import type { PlainObject } from "../model/plain";
import { isUnknown, knownOf } from "../model/unknown";

/** What an outcome has to know of its record and its inputs to tell whether an update would do anything. */
export interface OutcomeInput {
  recorded: readonly DatabaseOutcome[];
  members: readonly Member[];
  wait: WaitPoint;
  findings: OutcomeInputs["findings"];
  cleanup: OutcomeInputs["cleanup"];
}

/**
 * Pure decision behind `diff`: whether an update would act now. It would where a database came, went, got another task or
 * will be touched in this run, where one is not as far as wanted, and where something is to be told as a failure.
 */
export function wouldAct({ recorded, members, wait, findings = [], cleanup }: OutcomeInput): boolean {
  if (findings.length > 0 || recorded.length !== members.length) return true;
  const known = new Map(recorded.map((outcome) => [outcome.database, outcome]));
  return members.some((member) => {
    const outcome = known.get(member.database);
    if (outcome === undefined || isUnknown(member.status)) return true;
    // In a preview an output that state does not have reads as unknown, even of a migration that nothing changes.
    const { migrateTaskId, failure, dataAsOf, phase, uploadedCrc64 } = knownOf(member);
    if (outcome.migrateTaskId !== migrateTaskId || failure !== undefined) return true;
    const isUploaded = uploadedCrc64 !== undefined && outcome.status === "online";
    if (cleanup === "afterOnline" && isUploaded && outcome.cleanedUp === undefined) return true;
    // Increments were applied since, or the database was opened.
    if (phase !== undefined && (outcome.dataAsOf !== dataAsOf || outcome.status !== member.status)) return true;
    return !isAsWanted({ ...outcome, phase }, wait);
  });
}

/** Whether a database is where one `up` was asked to bring it. */
export const isAsWanted = ({ failure, status, phase }: DatabaseOutcome, wait: WaitPoint): boolean =>
  failure === undefined && hasReached(status, wait, phase);

/** The engine also asks it with exchanged roles at refresh. Never a replacement: the outcome is a record of its members. */
export function diffOutcome(olds: PlainObject, news: PlainObject): { changes: boolean; replaces: string[] } {
  const { summary } = parseOutcomeOutputs(olds);
  const { members = [], wait = "finished", findings, cleanup } = knownOutcomeInputs(news);
  return { changes: wouldAct({ recorded: summary, members, wait, findings, cleanup }), replaces: [] };
}
