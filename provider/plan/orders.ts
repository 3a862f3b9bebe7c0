import type { PlanInput } from "./plan";
import type { Unit } from "./unit";

/**
 * The orders that are tried for a wave: none is the best for every fleet. Uploads and restores are two machines in a row, for which
 * Johnson's rule is exact. Where restores run side by side, the longest first leave the shortest end, behind some short ones that keep
 * the instance at work while the first long one is sent.
 */
export function candidateOrders(
  units: readonly Unit[],
  { runners, restoresAtOnce }: Pick<PlanInput, "runners" | "restoresAtOnce">,
): Unit[][] {
  const bytesPerSecond = runners.reduce((sum, each) => sum + each, 0);
  const upload = ({ uploadBytes }: Unit): number => uploadBytes / bytesPerSecond;
  const restore = ({ restoreSeconds }: Unit): number => restoreSeconds / restoresAtOnce;
  const isRestoreBound = (unit: Unit): boolean => upload(unit) < restore(unit);
  const johnson = (one: Unit, other: Unit): number => {
    if (isRestoreBound(one) !== isRestoreBound(other)) return isRestoreBound(one) ? -1 : 1;
    return isRestoreBound(one) ? upload(one) - upload(other) : other.tailSeconds - one.tailSeconds;
  };
  const longestTail = (one: Unit, other: Unit): number => other.tailSeconds - one.tailSeconds;
  const longestInAll = (one: Unit, other: Unit): number =>
    upload(other) * runners.length + other.tailSeconds - (upload(one) * runners.length + one.tailSeconds);
  const orders = [johnson, longestTail, longestInAll].map((compare) => sorted(units, compare));
  const shortestUpload = sorted(units, (one, other) => upload(one) - upload(other));
  const heads = HEADS.filter((count) => count < units.length).map((count) => {
    const head = new Set(shortestUpload.slice(0, count));
    return sorted(units, (one, other) => Number(head.has(other)) - Number(head.has(one)) || longestTail(one, other));
  });
  return [...orders, ...heads];
}

/** How many short uploads are tried before the longest restores. */
const HEADS = [1, 2, 4, 8, 16, 32, 64, 128];

/** The sort is stable: what is equal stays in the order of names. */
const sorted = (units: readonly Unit[], compare: (one: Unit, other: Unit) => number): Unit[] =>
  [...units].sort((one, other) => one.priority - other.priority || compare(one, other));
