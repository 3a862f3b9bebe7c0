import type { ExaminedBackup } from "../backup-files/examine-backup";
import { cutoverObstacles } from "../decisions/cutover-guard";
import { describeCutover } from "../decisions/cutover-notice";
import { chainStartOf, pointOf } from "../decisions/increment-facts";
import { type IncrementPlan, planIncrements } from "../decisions/increment-plan";
import type { ErrorCode } from "../errors/catalogue";
import { isMigrationError, type MigrationError, migrationError } from "../errors/migration-error";
import { overwritesOnRestore } from "../model/engine-version";
import { type ChainEnd, type ChainStart, type Increment, nameOfFile } from "../model/increment";
import { listedIncrements, type MigrationInputs, phaseOf, takesIncrements } from "../model/inputs";
import { containsUnknown } from "../model/unknown";
import { isDatabaseOpen } from "../session/databases";
import type { Session } from "../session/session";
import { type IncrementListing, listIncrements } from "./list-increments";

export interface ChainCheck {
  session: Session;
  /** Known inputs only, with the database's name. */
  inputs: Partial<MigrationInputs>;
  olds: Partial<MigrationInputs>;
  /** As the host sent them; they show which values are unknown. */
  news: Record<string, unknown>;
  /** The full backup, where `check` has read it. */
  examined: ExaminedBackup | undefined;
  /** Inputs that the caller has derived, for example `backupId`. */
  derived: Partial<MigrationInputs>;
}

export interface ChainFindings {
  /** Inputs that `diff` and `update` use: the list of increments, its start and its end. */
  derived: Partial<MigrationInputs>;
  failures: string[];
  warnings: string[];
}

/** The findings with their faults as errors; the caller decides which of them count. */
interface Found extends Omit<ChainFindings, "failures"> {
  faults: MigrationError[];
}

/** Faults about files that cannot be applied, or not yet. An open database takes no files, so they do not count for it. */
const OF_CLOSED_DATABASES: readonly ErrorCode[] = [
  "CHAIN_GAP",
  "CHAIN_FORK",
  "CUTOVER_NOT_READY",
  "INCREMENT_MISSING",
  "INCREMENTS_UNREADABLE",
];

/**
 * The part of `check` about increments: lists them again, plans the chain from the headers and compares it with the earlier
 * *inputs*. Only `diff` and `update` know what the task has really restored. A cutover group or a person in the console may
 * have opened a database that the inputs describe as waiting. The instance is asked only when a fault would not count then.
 */
export async function checkIncrements(check: ChainCheck): Promise<ChainFindings> {
  const { faults, derived, warnings } = await findInChain(check);
  const isOfClosed = ({ code }: MigrationError): boolean => OF_CLOSED_DATABASES.includes(code);
  const isRecord = isRecorded(check.olds) && faults.some(isOfClosed) && (await isOpen(check));
  const counted = isRecord ? faults.filter((fault) => !isOfClosed(fault)) : faults;
  return { derived, warnings, failures: counted.map(({ message }) => message) };
}

async function isOpen({ session, inputs }: ChainCheck): Promise<boolean> {
  const { instanceId, databaseName } = inputs;
  if (instanceId === undefined || databaseName === undefined) return false;
  try {
    return await isDatabaseOpen(session, inputs, instanceId, databaseName);
  } catch (error) {
    if (!isMigrationError(error)) throw error;
    return false;
  }
}

/** Whether earlier inputs exist. With `adopt` they may name no backup. */
const isRecorded = ({ instanceId }: Partial<MigrationInputs>): boolean => instanceId !== undefined;

async function findInChain(check: ChainCheck): Promise<Found> {
  const { inputs, olds, news } = check;
  const found: Found = { derived: {}, faults: [], warnings: [] };
  const { databaseName = "?" } = inputs;
  const exists = isRecorded(olds);
  const isSame = exists && inputs.instanceId === olds.instanceId && databaseName === olds.databaseName;
  if (isSame && news.phase !== undefined && phaseOf(olds) === "online" && phaseOf(inputs) === "restoring") {
    found.faults.push(migrationError("PHASE_ONE_WAY", { database: databaseName }));
    return found;
  }
  if (!takesIncrements(inputs) && olds.chainStart === undefined) return found;
  const start = startOf(check);
  // Without the full backup's header nothing can be planned: the backup does not exist, or it cannot be read.
  if (start === undefined) return found;
  found.derived.chainStart = start;
  if (!exists) found.faults.push(...(await legacyFault(check)));
  const listing = await listOrWarn(check, start, found);
  if (listing === undefined) {
    found.derived.chainEnd = olds.chainEnd;
    return found;
  }
  found.faults.push(...listing.failures);
  found.warnings.push(...listing.warnings);
  if (inputs.increments !== undefined) found.derived.increments = listing.increments;
  const before = isSame && olds.backupId === check.derived.backupId ? olds.chainEnd : undefined;
  const plan = planIncrements(pointOf(start, before), listing.increments);
  const end = endOf(plan, before);
  found.derived.chainEnd = end;
  // A database that was declared online is open or about to be: only `update` knows which.
  if (exists && phaseOf(olds) === "online") return found;
  found.faults.push(...chainFaults(plan, databaseName));
  if (containsUnknown(news.phase) || phaseOf(inputs) !== "online" || found.faults.length > 0) return found;
  const { cutover } = inputs;
  const guard = { reachedLsn: plan.reached.lsn, end, listed: listing.increments, gaps: [], pending: [] };
  const reasons = cutoverObstacles(cutover === undefined ? guard : { ...guard, cutover });
  if (reasons.length > 0) found.faults.push(migrationError("CUTOVER_NOT_READY", { database: databaseName, reasons }));
  else if (!exists)
    found.warnings.push(
      ...describeCutover({ databaseName, pending: plan.steps, listed: listing.increments, end, start, rounds: [] }),
    );
  return found;
}

/** The start of the chain: read now, or as it was read before while the full backup is the same. */
function startOf({ examined, olds, derived }: ChainCheck): ChainStart | undefined {
  const read = examined === undefined ? undefined : chainStartOf(examined.content.sets[0]);
  if (read !== undefined) return read;
  const isSame = derived.backupId === undefined || derived.backupId === olds.backupId;
  return isSame ? olds.chainStart : undefined;
}

async function listOrWarn(check: ChainCheck, start: ChainStart, found: Found): Promise<IncrementListing | undefined> {
  const { session, inputs, olds, news } = check;
  if (news.increments !== undefined && inputs.increments === undefined) return undefined;
  if (inputs.increments === undefined) return { increments: [], failures: [], warnings: [] };
  const { bucket, databaseName = "?" } = inputs;
  if (bucket === undefined) return undefined;
  // An earlier check has already listed these: a program never writes increments in this form.
  const spelled = spelledIncrements(inputs.increments);
  if (spelled === undefined) return { increments: listedIncrements(inputs), failures: [], warnings: [] };
  try {
    const known = listedIncrements(olds);
    return await listIncrements({ session, inputs: { ...inputs, bucket }, spelled, start, databaseName, known });
  } catch (error) {
    if (!isMigrationError(error)) throw error;
    if (error.code === "INCREMENTS_UNREADABLE") found.faults.push(error);
    else found.warnings.push(`not checked: the increments of ${databaseName}. ${error.message}`);
    return undefined;
  }
}

/** The program's own spelling; undefined for a list that `check` has made. */
export function spelledIncrements(increments: MigrationInputs["increments"]): string[] | undefined {
  if (typeof increments === "string") return [increments];
  const texts = increments?.filter((each) => typeof each === "string") ?? [];
  return texts.length > 0 ? texts : undefined;
}

async function legacyFault({ session, inputs }: ChainCheck): Promise<MigrationError[]> {
  const { instanceId } = inputs;
  if (instanceId === undefined) return [];
  // The preflight reports why the instance cannot be read.
  const instance = await session.lookups.instance(inputs, instanceId).catch(() => undefined);
  if (instance === undefined || !overwritesOnRestore(instance.engineVersion)) return [];
  return [migrationError("CHAIN_NOT_ON_2008R2", { instance: instanceId })];
}

/** The end of the listed files; an end that deleted files had reached is kept. */
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

/** Gaps and forks, which block all files after them. */
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
