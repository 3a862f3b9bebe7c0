import type { ChainGap } from "../backup/restore-path";
import { extendRestore, isDifferential, type RestorePath, type RestorePoint } from "../backup/restore-path";
import type { Increment } from "../model/increment";
import { type IncrementMember, memberOf } from "./increment-facts";

/** The listed increments that apply at a restore point, and the ones that do not. */
export interface IncrementPlan {
  /** In the order of application. */
  steps: Increment[];
  reached: RestorePoint;
  gaps: ChainGap[];
  /** Later than the restore point, but from another recovery fork. */
  otherForks: Increment[];
  /** Differentials of another full backup. */
  otherBases: Increment[];
}

/**
 * Plans the fewest files that reach the newest LSN, because each costs one of 20 calls a day. Compares logs alone with
 * the newest differential that applies and the logs after it: the path to the newer LSN wins, then the shorter one.
 */
export function planIncrements(from: RestorePoint, increments: readonly Increment[]): IncrementPlan {
  const members = increments.map(memberOf);
  const logs = members.filter((member) => !isDifferential(member));
  const path = betterPath(extendRestore(from, members), extendRestore(from, logs));
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

function betterPath(
  mixed: RestorePath<IncrementMember>,
  logsOnly: RestorePath<IncrementMember>,
): RestorePath<IncrementMember> {
  if (logsOnly.reached.lsn !== mixed.reached.lsn) return logsOnly.reached.lsn > mixed.reached.lsn ? logsOnly : mixed;
  // `mixed` has a reason for every file that is left out, so the shorter path keeps them.
  return logsOnly.steps.length < mixed.steps.length ? { ...logsOnly, leftOut: mixed.leftOut } : mixed;
}

/** Increments with writes after an LSN; an empty log has none. */
export const writtenAfter = (lsn: bigint, increments: readonly Increment[]): Increment[] =>
  increments.filter(({ firstLsn, lastLsn }) => BigInt(lastLsn) > lsn && firstLsn !== lastLsn);
