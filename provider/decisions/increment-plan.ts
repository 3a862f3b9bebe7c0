import type { ChainGap } from "../backup/restore-path";
import { extendRestore, isDifferential, type RestorePath, type RestorePoint } from "../backup/restore-path";
import type { Increment } from "../model/increment";
import { type IncrementMember, memberOf } from "./increment-facts";

/** What of the listed increments a database takes from the point that it has reached. */
export interface IncrementPlan {
  /** In the order in which they have to be applied. */
  steps: Increment[];
  reached: RestorePoint;
  gaps: ChainGap[];
  /** Behind the point, but of a recovery fork that the database is not on. */
  otherForks: Increment[];
  /** Differentials that another full backup is the base of. */
  otherBases: Increment[];
}

/**
 * The fewest files that reach the newest LSN, because every one costs a call of the day's 20: logs alone, or the newest
 * differential that helps and the logs behind it, whichever leads further, then whichever is shorter.
 */
export function planIncrements(from: RestorePoint, increments: readonly Increment[]): IncrementPlan {
  const members = increments.map(memberOf);
  const logs = members.filter((member) => !isDifferential(member));
  const path = better(extendRestore(from, members), extendRestore(from, logs));
  const leftFor = (kind: "otherFork" | "otherBase") => {
    const files = new Set(path.leftOut.filter(({ reason }) => reason.kind === kind).map(({ file }) => file));
    return increments.filter(({ file }) => files.has(file));
  };
  return {
    steps: path.steps.map(({ increment }) => increment),
    reached: path.reached,
    gaps: path.gaps,
    otherForks: leftFor("otherFork").filter(({ lastLsn }) => BigInt(lastLsn) > from.lsn),
    otherBases: leftFor("otherBase"),
  };
}

function better(
  mixed: RestorePath<IncrementMember>,
  logsOnly: RestorePath<IncrementMember>,
): RestorePath<IncrementMember> {
  if (logsOnly.reached.lsn !== mixed.reached.lsn) return logsOnly.reached.lsn > mixed.reached.lsn ? logsOnly : mixed;
  // What is left out is said of all files, so the shorter way keeps the other one's reasons.
  return logsOnly.steps.length < mixed.steps.length ? { ...logsOnly, leftOut: mixed.leftOut } : mixed;
}

/** Increments that hold writes from behind an LSN: an empty log holds none. */
export const writtenAfter = (lsn: bigint, increments: readonly Increment[]): Increment[] =>
  increments.filter(({ firstLsn, lastLsn }) => BigInt(lastLsn) > lsn && firstLsn !== lastLsn);
