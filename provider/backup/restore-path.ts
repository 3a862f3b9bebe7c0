import type { BackupSet } from "./backup-file";
import type { LeftOut, LeftOutReason } from "./left-out";

/** The columns that decide whether a backup set can be applied at a restore point. */
export type RestoreFacts = Pick<
  BackupSet,
  | "BackupType"
  | "FirstLSN"
  | "LastLSN"
  | "CheckpointLSN"
  | "DatabaseBackupLSN"
  | "BackupSetGUID"
  | "RecoveryForkID"
  | "DifferentialBaseGUID"
  | "forks"
>;

/** A backup set, or the columns that decide on it, and its file. */
export interface ChainMember<Facts extends RestoreFacts = BackupSet> {
  file: string;
  set: Facts;
}

/** How far a database is restored, and from which full backup. */
export interface RestorePoint {
  /** The last LSN restored. */
  lsn: bigint;
  /** The database's current recovery fork; null where its backups do not contain it. */
  forkId: string | null;
  /** The full backup that was restored: differentials must be based on it. */
  full: { setGuid: string | null; checkpointLsn: bigint | null };
}

/** A range of the log that no file covers. */
export interface ChainGap {
  /** The first LSN that is missing. */
  missingFrom: bigint;
  /** The log backup after the gap, and its first LSN. */
  nextFile: string;
  nextFirstLsn: bigint;
}

/** The files that apply at a restore point, in order. */
export interface RestorePath<Member extends ChainMember<RestoreFacts> = ChainMember> {
  steps: Member[];
  reached: RestorePoint;
  gaps: ChainGap[];
  leftOut: LeftOut[];
}

const FULL = 1;
const LOG = 2;
const DIFFERENTIAL = 5;

type AnyMember = ChainMember<RestoreFacts>;

export const isFull = ({ set }: AnyMember): boolean => set.BackupType === FULL;
const isLog = ({ set }: AnyMember): boolean => set.BackupType === LOG;
export const isDifferential = ({ set }: AnyMember): boolean => set.BackupType === DIFFERENTIAL;

/** The restore point after this full backup; undefined when the header has no LSNs. */
export function pointAfterFull({ set }: AnyMember): RestorePoint | undefined {
  if (set.LastLSN === null) return undefined;
  const full = { setGuid: set.BackupSetGUID, checkpointLsn: set.CheckpointLSN };
  return { lsn: set.LastLSN, forkId: set.RecoveryForkID, full };
}

/**
 * Extends a restored database by the fewest files that reach the newest LSN: the newest differential that applies, then
 * logs. Let p be the last LSN restored. A log applies if and only if FirstLSN ≤ p < LastLSN and its fork
 * matches, so logs may overlap. A differential applies if and only if its base is the restored full backup, also after
 * logs: it can bridge a lost log.
 * [RESTORE (Transact-SQL); msdb.dbo.backupset; differentials and bases compared on 21 real pairs]
 */
export function extendRestore<Member extends AnyMember>(
  from: RestorePoint,
  candidates: readonly Member[],
): RestorePath<Member> {
  const differential = newest(candidates.filter((member) => isDifferential(member) && applies(member, from)));
  const steps = differential ? [differential] : [];
  let reached = differential ? pointAfter(from, differential) : from;
  const logs = candidates.filter(isLog);
  for (let next = nextLog(logs, reached); next; next = nextLog(logs, reached)) {
    steps.push(next);
    reached = pointAfter(reached, next);
  }
  const leftOut = candidates
    .filter((member) => !isFull(member) && !steps.includes(member))
    .map((member) => ({ file: member.file, reason: leftOutReason(member, { from, reached, candidates }) }));
  return { steps, reached, gaps: findGaps(logs, reached), leftOut };
}

/** The restore point after `member` is applied. */
export const pointAfter = (point: RestorePoint, { set }: AnyMember): RestorePoint => ({
  ...point,
  lsn: set.LastLSN ?? point.lsn,
  forkId: set.RecoveryForkID ?? point.forkId,
});

function applies(member: AnyMember, point: RestorePoint): boolean {
  const { FirstLSN, LastLSN } = member.set;
  if (FirstLSN === null || LastLSN === null || LastLSN <= point.lsn || !forkMatches(member, point)) return false;
  return isDifferential(member) ? baseMatches(member, point) : FirstLSN <= point.lsn;
}

const nextLog = <Member extends AnyMember>(logs: readonly Member[], point: RestorePoint): Member | undefined =>
  newest(logs.filter((log) => applies(log, point)));

const newest = <Member extends AnyMember>(members: readonly Member[]): Member | undefined =>
  members.reduce<Member | undefined>(
    (best, member) => ((member.set.LastLSN ?? 0n) > (best?.set.LastLSN ?? -1n) ? member : best),
    undefined,
  );

/** Compares the base's GUID; where it is unknown, the base's checkpoint LSN. */
function baseMatches({ set }: AnyMember, { full }: RestorePoint): boolean {
  if (set.DifferentialBaseGUID !== null && full.setGuid !== null) return set.DifferentialBaseGUID === full.setGuid;
  return set.DatabaseBackupLSN !== null && set.DatabaseBackupLSN === full.checkpointLsn;
}

/**
 * Whether the fork is the same, or branched off from it after the restored point. A header contains its own fork and
 * the parent fork; an older ancestor cannot be recognised and does not match. An unknown fork on either side matches.
 */
function forkMatches({ set }: AnyMember, point: RestorePoint): boolean {
  if (set.RecoveryForkID === null || point.forkId === null || set.RecoveryForkID === point.forkId) return true;
  return set.forks.slice(1).some((fork) => fork.RecoveryForkID === point.forkId && point.lsn <= fork.EndLSN);
}

interface LeftOutContext {
  from: RestorePoint;
  reached: RestorePoint;
  candidates: readonly AnyMember[];
}

function leftOutReason(member: AnyMember, { from, reached, candidates }: LeftOutContext): LeftOutReason {
  const { set } = member;
  if (set.FirstLSN === null || set.LastLSN === null) return { kind: "unknownLsn" };
  if (isDifferential(member) && !baseMatches(member, from)) {
    const base = candidates.find((other) => isFull(other) && isBaseOf(other, set));
    return {
      kind: "otherBase",
      baseGuid: set.DifferentialBaseGUID,
      baseLsn: set.DatabaseBackupLSN,
      baseFile: base?.file,
    };
  }
  if (isLog(member) && set.FirstLSN === set.LastLSN) return { kind: "empty" };
  if (!forkMatches(member, reached) && !forkMatches(member, from)) {
    return { kind: "otherFork", forkId: set.RecoveryForkID, wantedForkId: reached.forkId };
  }
  return set.LastLSN <= reached.lsn
    ? { kind: "contained", reached: reached.lsn }
    : { kind: "gap", missingFrom: reached.lsn };
}

const isBaseOf = ({ set: full }: AnyMember, set: RestoreFacts): boolean =>
  set.DifferentialBaseGUID !== null
    ? set.DifferentialBaseGUID === full.BackupSetGUID
    : set.DatabaseBackupLSN !== null && set.DatabaseBackupLSN === full.CheckpointLSN;

/** The ranges between the reached LSN and the later logs, in order. */
function findGaps(logs: readonly AnyMember[], reached: RestorePoint): ChainGap[] {
  const gaps: ChainGap[] = [];
  let point = reached;
  const later = logs
    .filter(({ set }) => set.FirstLSN !== null && set.LastLSN !== null && set.FirstLSN < set.LastLSN)
    .sort((one, other) => compareLsn(one.set.FirstLSN, other.set.FirstLSN));
  for (const log of later) {
    const { FirstLSN, LastLSN } = log.set;
    if (FirstLSN === null || LastLSN === null || LastLSN <= point.lsn || !forkMatches(log, point)) continue;
    if (FirstLSN > point.lsn) gaps.push({ missingFrom: point.lsn, nextFile: log.file, nextFirstLsn: FirstLSN });
    point = pointAfter(point, log);
  }
  return gaps;
}

export const compareLsn = (one: bigint | null, other: bigint | null): number => {
  const difference = (one ?? 0n) - (other ?? 0n);
  return difference < 0n ? -1 : difference > 0n ? 1 : 0;
};
