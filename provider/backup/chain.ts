import { isSameName, nameKey } from "../model/names";
import type { BackupFile, BackupProblem, BackupSet } from "./backup-file";
import { parseBackupName } from "./backup-name";
import { comesFrom, describeOrigin, separateOrigins } from "./backup-origin";
import { problem } from "./backup-problem";
import { describeReason, type LeftOut, type LeftOutReason } from "./left-out";
import { reasonOf } from "./problem-reason";
import {
  type ChainGap,
  type ChainMember,
  compareLsn,
  extendRestore,
  isFull,
  pointAfterFull,
  type RestorePath,
} from "./restore-path";

const FULL = 1;

/** A backup that was read, and its file name. */
export interface CandidateFile {
  file: string;
  backup: BackupFile;
}

/** A backup that can be restored, with everything that was read of its file. */
export interface BackupMember extends ChainMember {
  backup: BackupFile;
}

/** The files to restore for one database, in order. */
export interface Chain {
  full: BackupMember;
  /** Differentials and logs in restore order. */
  increments: BackupMember[];
  /** The LSN at which the chain ends. */
  reachedLsn: bigint;
  /** The chain contains no later writes. Local time of the source server. */
  dataAsOf: string | null;
  /** Empty log backups prove that nothing was written between `dataAsOf` and this time. */
  quietUntil: string | null;
  gaps: ChainGap[];
}

/** A problem of a database's files as a whole. */
export interface ChainProblem extends BackupProblem {
  /** The files that its message names. */
  files: readonly string[];
}

/** The plan for one database. */
export interface DatabasePlan {
  database: string;
  /** Undefined when nothing can be restored; `problems` has the reasons. */
  chain: Chain | undefined;
  problems: ChainProblem[];
  leftOut: LeftOut[];
}

export interface ChainPlan {
  databases: DatabasePlan[];
  /** Files that contain no database name. */
  unusable: LeftOut[];
}

export interface ChainOptions {
  /**
   * ServerName, FamilyGUID or RecoveryForkID of the database to restore, by its name; needed where several databases
   * share a name.
   */
  origins?: Readonly<Record<string, string>>;
}

/**
 * Sorts backup files into chains: for each database the full backup that reaches the newest LSN, the newest
 * differential that applies, and the logs after it. Files of one database name that come from different databases
 * (another server's ERP, or a copy that changed since) are never merged or ranked; the result is a problem that lists
 * them.
 */
export function planChains(files: readonly CandidateFile[], options: ChainOptions = {}): ChainPlan {
  const unusable: LeftOut[] = [];
  const databases = new Map<string, { name: string; files: CandidateFile[] }>();
  for (const candidate of files) {
    const names = databaseNamesOf(candidate);
    if (names.length === 0)
      unusable.push({ file: candidate.file, reason: faultOf(candidate) ?? { kind: "unknownLsn" } });
    for (const name of names) {
      // Nearly every server treats names that differ only in case as one database.
      const known = databases.get(nameKey(name)) ?? { name, files: [] };
      known.files.push(candidate);
      databases.set(nameKey(name), known);
    }
  }
  const plans = [...databases.values()].map((database) => planDatabase(database.name, database.files, options));
  return { databases: plans.sort((one, other) => (one.database < other.database ? -1 : 1)), unusable };
}

/**
 * The databases that a file holds backups of, from all of its sets. A file without a readable header belongs to the
 * database in a file name of the vendor's form for full backups.
 */
export function databaseNamesOf({ file, backup }: CandidateFile): string[] {
  const names = new Map<string, string>();
  for (const { DatabaseName } of backup.sets)
    if (DatabaseName && !names.has(nameKey(DatabaseName))) names.set(nameKey(DatabaseName), DatabaseName);
  if (names.size > 0) return [...names.values()];
  const name = parseBackupName(file);
  return name.convention === "vendor" && name.type === FULL ? [name.subject] : [];
}

/** The sets of one database in a file. */
export const setsOf = ({ backup }: CandidateFile, database: string): BackupSet[] =>
  backup.sets.filter(({ DatabaseName }) => DatabaseName && isSameName(DatabaseName, database));

/** A file that no task restores for a database, whatever the other files are. */
interface UnfitFile {
  candidate: CandidateFile;
  reason: LeftOutReason;
}

function planDatabase(
  database: string,
  files: readonly CandidateFile[],
  { origins: wantedOrigins }: ChainOptions,
): DatabasePlan {
  const leftOut: LeftOut[] = [];
  const unfit: UnfitFile[] = [];
  const members: BackupMember[] = [];
  for (const candidate of files) {
    const fault = faultOf(candidate, database);
    if (fault !== undefined) unfit.push({ candidate, reason: fault });
    const reason = fault ?? duplicateOf(candidate, members);
    const [set] = candidate.backup.sets;
    if (reason || !set) leftOut.push({ file: candidate.file, reason: reason ?? { kind: "unknownLsn" } });
    else members.push({ ...candidate, set });
  }
  const origins = separateOrigins(members);
  const wanted = wantedOrigins?.[database];
  const chosenOrigins = wanted === undefined ? origins : origins.filter((origin) => origin.some(comesFrom(wanted)));
  if (chosenOrigins.length > 1) {
    const sources = chosenOrigins.map(describeOrigin);
    const families = { ...problem("CHAIN_FAMILIES", { database, sources }), files: members.map(({ file }) => file) };
    return { database, chain: undefined, problems: [families], leftOut };
  }
  const chosen = chosenOrigins[0] ?? [];
  leftOut.push(...filesOfOtherOrigins(chosen, members));
  const best = bestPath(chosen);
  if (!best) {
    const reasons = new Map(leftOut.map(({ file, reason }) => [file, reason]));
    const described = files.map(({ file }) => {
      const reason = reasons.get(file);
      return reason === undefined ? file : `${file} ${describeReason(reason)}`;
    });
    const named = files.map(({ file }) => file);
    const noFull = { ...problem("CHAIN_NO_FULL", { database, files: described }), files: named };
    return { database, chain: undefined, problems: [noFull], leftOut };
  }
  const { full, path } = best;
  const otherFulls = chosen.filter((member) => isFull(member) && member !== full);
  leftOut.push(
    ...otherFulls.map(({ file }) => ({ file, reason: { kind: "otherFull", chosen: full.file } as const })),
    ...path.leftOut,
  );
  const problems = path.gaps.map((gap) => ({
    ...problem("CHAIN_GAP", {
      database,
      lsn: gap.missingFrom.toString(),
      file: gap.nextFile,
      fileLsn: gap.nextFirstLsn.toString(),
    }),
    files: [gap.nextFile],
  }));
  const chain = describeChain(full, path, chosen);
  const newer = newerUnfit(database, unfit, chain);
  return { database, chain, problems: newer === undefined ? problems : [newer, ...problems], leftOut };
}

/**
 * A full backup that is newer than the data of the chain, but cannot be restored. Without it, the chain would put older
 * data online than the files promise.
 */
function newerUnfit(database: string, unfit: readonly UnfitFile[], chain: Chain): ChainProblem | undefined {
  const { full, increments, dataAsOf } = chain;
  const olderTime = full.set.BackupStartDate ?? "";
  const limit = increments.length > 0 ? (dataAsOf ?? olderTime) : olderTime;
  const newer = unfit
    .map(({ candidate, reason }) => ({ file: candidate.file, time: startOfFull(candidate, database), reason }))
    .filter(({ time }) => time > limit);
  const newest = newer.reduce<(typeof newer)[number] | undefined>(
    (best, next) => (best === undefined || next.time > best.time ? next : best),
    undefined,
  );
  if (newest === undefined) return undefined;
  const { file, time, reason } = newest;
  const older = full.file;
  const values = { database, file, time, fault: describeReason(reason), older, olderTime };
  return { ...problem("BACKUP_NEWER_UNFIT", values), files: [file, older] };
}

/** When the newest full backup of the database in a file started; empty for none, or where neither header nor name has it. */
function startOfFull(candidate: CandidateFile, database: string): string {
  const sets = setsOf(candidate, database);
  const starts = sets
    .filter(({ BackupType }) => BackupType === FULL)
    .map(({ BackupStartDate }) => BackupStartDate ?? "");
  return (sets.length === 0 ? parseBackupName(candidate.file).time : starts.sort().at(-1)) ?? "";
}

/** Why a file is unusable for a database, whatever the other files are. */
function faultOf(candidate: CandidateFile, database?: string): LeftOutReason | undefined {
  const { backup } = candidate;
  const [fault] = backup.problems;
  if (fault) return { kind: "unsound", code: fault.code, why: reasonOf(fault, candidate.file) };
  const { media, sets } = backup;
  if (media?.FamilyCount && media.FamilyCount > 1) {
    return { kind: "stripe", sequence: media.FamilySequenceNumber, count: media.FamilyCount };
  }
  if (sets.length > 1) {
    const own = database === undefined ? [] : setsOf(candidate, database).map((set) => sets.indexOf(set) + 1);
    return { kind: "severalSets", count: sets.length, own };
  }
  const type = sets[0]?.BackupType;
  if (type !== 1 && type !== 2 && type !== 5) return { kind: "otherType", type };
  return undefined;
}

function duplicateOf({ backup }: CandidateFile, members: readonly BackupMember[]): LeftOutReason | undefined {
  const guid = backup.sets[0]?.BackupSetGUID;
  const same = guid ? members.find((member) => member.set.BackupSetGUID === guid) : undefined;
  return same && { kind: "duplicate", of: same.file };
}

function filesOfOtherOrigins(chosen: readonly BackupMember[], members: readonly BackupMember[]): LeftOut[] {
  const others = members.filter((member) => !chosen.includes(member));
  return others.map(({ file, set }) => ({ file, reason: { kind: "otherSource", server: set.ServerName } }));
}

function bestPath(
  members: readonly BackupMember[],
): { full: BackupMember; path: RestorePath<BackupMember> } | undefined {
  const paths = members.filter(isFull).flatMap((full) => {
    const start = pointAfterFull(full);
    return start ? [{ full, path: extendRestore(start, members) }] : [];
  });
  return paths.reduce<(typeof paths)[number] | undefined>(
    (best, next) => (best === undefined || reachesFurther(next, best) ? next : best),
    undefined,
  );
}

/**
 * Compares LSNs within one fork, and finish times between forks. For an equal end the later full backup wins: fewer
 * files follow it.
 */
function reachesFurther(
  one: { full: BackupMember; path: RestorePath<BackupMember> },
  other: { full: BackupMember; path: RestorePath<BackupMember> },
): boolean {
  const sameFork = one.path.reached.forkId === other.path.reached.forkId;
  const order = sameFork
    ? compareLsn(one.path.reached.lsn, other.path.reached.lsn)
    : endOf(one.full, one.path).localeCompare(endOf(other.full, other.path));
  return order > 0 || (order === 0 && compareLsn(one.full.set.LastLSN, other.full.set.LastLSN) > 0);
}

const endOf = (full: BackupMember, path: RestorePath): string => (path.steps.at(-1) ?? full).set.BackupFinishDate ?? "";

function describeChain(full: BackupMember, path: RestorePath<BackupMember>, members: readonly BackupMember[]): Chain {
  const quiet = members
    .filter(({ set }) => set.BackupType === 2 && set.FirstLSN === set.LastLSN && set.LastLSN === path.reached.lsn)
    .map(({ set }) => set.BackupFinishDate ?? "")
    .sort();
  const dataAsOf = endOf(full, path) || null;
  const quietUntil = quiet.at(-1) || null;
  return {
    full,
    increments: path.steps,
    reachedLsn: path.reached.lsn,
    dataAsOf,
    quietUntil: quietUntil !== null && (dataAsOf === null || quietUntil > dataAsOf) ? quietUntil : null,
    gaps: path.gaps,
  };
}
