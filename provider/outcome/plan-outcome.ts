import { hasReached } from "../decisions/change";
import { isMissingDatabase } from "../decisions/missing-database";
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

/** The recorded outcomes and the inputs that decide whether an update would act. */
export interface OutcomeInput {
  recorded: readonly DatabaseOutcome[];
  members: readonly Member[];
  wait: WaitPoint;
  findings: OutcomeInputs["findings"];
  cleanup: OutcomeInputs["cleanup"];
}

/**
 * Pure decision behind `diff`: whether an update would act now. It acts when a database was added, removed, got another task or
 * changes in this run, when one has not reached its target, and when there are findings or failures to report.
 */
export function wouldAct({ recorded, members, wait, findings = [], cleanup }: OutcomeInput): boolean {
  if (findings.length > 0 || recorded.length !== members.length) return true;
  const known = new Map(recorded.map((outcome) => [outcome.database, outcome]));
  return members.some((member) => {
    const outcome = known.get(member.database);
    if (outcome === undefined || isUnknown(member.status)) return true;
    // In a preview, outputs that are missing from the state are unknown, even for a migration without changes.
    const { migrateTaskId, failure, dataAsOf, phase, uploadedCrc64 } = knownOf(member);
    if (outcome.migrateTaskId !== migrateTaskId || failure !== undefined) return true;
    const isUploaded = uploadedCrc64 !== undefined && outcome.status === "online";
    if (cleanup === "afterOnline" && isUploaded && outcome.cleanedUp === undefined) return true;
    if (outcome.status === "planned" && member.status !== "planned") return true;
    // Increments were applied since then, or the database was opened.
    if (phase !== undefined && (outcome.dataAsOf !== dataAsOf || outcome.status !== member.status)) return true;
    return !isAsWanted({ ...outcome, phase }, wait);
  });
}

/** Whether a database has reached the target of one `up`. One whose wave has not begun has nothing to reach yet. */
export const isAsWanted = ({ failure, status, phase }: DatabaseOutcome, wait: WaitPoint): boolean =>
  failure === undefined && (status === "planned" || hasReached(status, wait, phase));

/** At refresh the engine calls this with olds and news swapped. Never a replacement: the outcome only records its members. */
export function diffOutcome(
  olds: PlainObject,
  news: PlainObject,
): { changes: boolean; replaces: string[]; warnings: string[] } {
  const { summary, instanceId } = parseOutcomeOutputs(olds);
  const { members = [], wait = "finished", findings, cleanup } = knownOutcomeInputs(news);
  const warnings = summary
    .filter((outcome) => isRemoved(outcome, members))
    .map(({ database }) => keptDatabase(database, instanceId));
  return { changes: wouldAct({ recorded: summary, members, wait, findings, cleanup }), replaces: [], warnings };
}

/** Whether the program no longer has a database. A database that was renamed on RDS keeps its task. */
const isRemoved = (
  { database, status, migrateTaskId, warnings }: DatabaseOutcome,
  members: readonly Member[],
): boolean =>
  status === "online" &&
  !warnings.some(isMissingDatabase) &&
  members.every(
    (member) => member.database !== database && (migrateTaskId === undefined || member.migrateTaskId !== migrateTaskId),
  );

/** The engine calls no handler of a removed migration before `up`, so the outcome's row has the notice. */
const keptDatabase = (database: string, instanceId: string): string =>
  `${database} is no longer in the program: pulumi up deletes its record; the database stays on ${instanceId}.`;
