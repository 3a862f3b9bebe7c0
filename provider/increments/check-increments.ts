import { isMigrationError, type MigrationError, migrationError } from "../errors/migration-error";
import type { ExaminedBackup } from "../examine-backup";
import { containsUnknown } from "../host/unknown";
import { listedIncrements, type MigrationInputs, phaseOf, takesIncrements } from "../inputs";
import { cutoverObstacles } from "../plan/cutover-guard";
import { describeCutover } from "../plan/cutover-notice";
import { type IncrementPlan, planIncrements } from "../plan/increment-plan";
import { LEGACY_VERSION } from "../rds/engine-versions";
import type { Session } from "../session";
import { type ChainEnd, type ChainStart, chainStartOf, type Increment, nameOfFile, pointOf } from "./increment";
import { type Listing, listIncrements } from "./list-increments";

export interface ChainCheck {
  session: Session;
  /** Known inputs only, with the database's name. */
  inputs: Partial<MigrationInputs>;
  olds: Partial<MigrationInputs>;
  /** As the host sent them, to tell what is unknown. */
  news: Record<string, unknown>;
  /** The full backup, where `check` has looked at it. */
  examined: ExaminedBackup | undefined;
  /** What the caller has derived, `backupId` among it. */
  derived: Partial<MigrationInputs>;
}

export interface ChainFindings {
  /** Inputs that `diff` and `update` go by: the list, what it starts from and how far it reaches. */
  derived: Partial<MigrationInputs>;
  failures: string[];
  warnings: string[];
}

/**
 * The part of `check` that is about increments: lists them anew, plans the chain from the headers, and judges what the
 * earlier *inputs* allow to judge. What the task has really taken only `diff` and `update` know.
 */
export async function checkIncrements(check: ChainCheck): Promise<ChainFindings> {
  const { inputs, olds, news } = check;
  const findings: ChainFindings = { derived: {}, failures: [], warnings: [] };
  const { databaseName = "?" } = inputs;
  const exists = typeof olds.backup === "string";
  const isSame = exists && inputs.instanceId === olds.instanceId && databaseName === olds.databaseName;
  if (isSame && news.phase !== undefined && phaseOf(olds) === "online" && phaseOf(inputs) === "restoring") {
    findings.failures.push(migrationError("PHASE_ONE_WAY", { database: databaseName }).message);
    return findings;
  }
  if (!takesIncrements(inputs) && olds.chainStart === undefined) return findings;
  const start = startOf(check);
  // Without the full backup's header nothing can be planned here: the backup is not there, or it cannot be looked at.
  if (start === undefined) return findings;
  findings.derived.chainStart = start;
  if (!exists) findings.failures.push(...(await legacyFault(check)));
  const listing = await listOrSay(check, start, findings);
  if (listing === undefined) {
    findings.derived.chainEnd = olds.chainEnd;
    return findings;
  }
  findings.failures.push(...listing.failures);
  findings.warnings.push(...listing.warnings);
  if (inputs.increments !== undefined) findings.derived.increments = listing.increments;
  const before = isSame && olds.backupId === check.derived.backupId ? olds.chainEnd : undefined;
  const plan = planIncrements(pointOf(start, before), listing.increments);
  const end = endOf(plan, before);
  findings.derived.chainEnd = end;
  // What was declared online before is open or about to be: only `update` knows which.
  if (exists && phaseOf(olds) === "online") return findings;
  findings.failures.push(...chainFaults(plan, databaseName).map(({ message }) => message));
  if (containsUnknown(news.phase) || phaseOf(inputs) !== "online" || findings.failures.length > 0) return findings;
  const { cutover } = inputs;
  const guard = { reachedLsn: plan.reached.lsn, end, listed: listing.increments, gaps: [], pending: [] };
  const reasons = cutoverObstacles(cutover === undefined ? guard : { ...guard, cutover });
  if (reasons.length > 0)
    findings.failures.push(migrationError("CUTOVER_NOT_READY", { database: databaseName, reasons }).message);
  else if (!exists)
    findings.warnings.push(
      ...describeCutover({ databaseName, pending: plan.steps, listed: listing.increments, end, start, rounds: [] }),
    );
  return findings;
}

/** The start of the chain: read now, or as it was read before, as long as the full backup is the same. */
function startOf({ examined, olds, derived }: ChainCheck): ChainStart | undefined {
  const read = examined === undefined ? undefined : chainStartOf(examined.content.sets[0]);
  if (read !== undefined) return read;
  const isSame = derived.backupId === undefined || derived.backupId === olds.backupId;
  return isSame ? olds.chainStart : undefined;
}

async function listOrSay(check: ChainCheck, start: ChainStart, findings: ChainFindings): Promise<Listing | undefined> {
  const { session, inputs, olds, news } = check;
  if (news.increments !== undefined && inputs.increments === undefined) return undefined;
  if (inputs.increments === undefined) return { increments: [], failures: [], warnings: [] };
  const { bucket, databaseName = "?" } = inputs;
  if (bucket === undefined) return undefined;
  // A check of what an earlier check has listed already: nobody spells increments so.
  const spelled = spelledIncrements(inputs.increments);
  if (spelled === undefined) return { increments: listedIncrements(inputs), failures: [], warnings: [] };
  try {
    const known = listedIncrements(olds);
    return await listIncrements({ session, inputs: { ...inputs, bucket }, spelled, start, databaseName, known });
  } catch (error) {
    if (!isMigrationError(error)) throw error;
    if (error.code === "INCREMENTS_UNREADABLE") findings.failures.push(error.message);
    else findings.warnings.push(`not checked: the increments of ${databaseName}. ${error.message}`);
    return undefined;
  }
}

/** The program's own spelling; undefined for a list that `check` has made. */
export function spelledIncrements(increments: MigrationInputs["increments"]): string[] | undefined {
  if (typeof increments === "string") return [increments];
  const texts = increments?.filter((each) => typeof each === "string") ?? [];
  return texts.length > 0 ? texts : undefined;
}

async function legacyFault({ session, inputs }: ChainCheck): Promise<string[]> {
  const { instanceId } = inputs;
  if (instanceId === undefined) return [];
  // What keeps the instance from being looked at is told by the preflight.
  const instance = await session.instance(inputs, instanceId).catch(() => undefined);
  if (instance?.engineVersion !== LEGACY_VERSION) return [];
  return [migrationError("CHAIN_NOT_ON_2008R2", { instance: instanceId }).message];
}

/** How far the listed files lead, and what ends there; what was reached by files that are gone now is kept. */
function endOf(plan: IncrementPlan, before: ChainEnd | undefined): ChainEnd | undefined {
  const last = plan.steps.at(-1);
  if (last === undefined) return before;
  return {
    lsn: plan.reached.lsn.toString(),
    forkId: plan.reached.forkId,
    file: nameOfFile(last.file),
    ...(last.tail === true ? { tail: true } : {}),
  };
}

/** Gaps and forks: what keeps the files behind them from ever being applied. */
export function chainFaults(plan: IncrementPlan, database: string): MigrationError[] {
  const lsn = plan.reached.lsn.toString();
  const forks = plan.otherForks.map((increment: Increment) =>
    migrationError("CHAIN_FORK", {
      database,
      file: increment.file,
      fork: increment.forks?.[0]?.id ?? "unknown",
      wanted: plan.reached.forkId ?? "unknown",
      lsn,
    }),
  );
  const gaps = plan.gaps.map(({ missingFrom, nextFile, nextFirstLsn }) =>
    migrationError("CHAIN_GAP", {
      database,
      lsn: missingFrom.toString(),
      file: nextFile,
      fileLsn: nextFirstLsn.toString(),
    }),
  );
  return [...gaps, ...forks];
}
