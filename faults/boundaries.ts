import type { Emulator } from "../emulator/emulator";
import type { CUT_POINTS } from "../emulator/faults/fault-rule";
import type { JournalEntry } from "../emulator/world";

/** Where in a request's life it is cut. */
export type CutPoint = (typeof CUT_POINTS)[number];

/** One exchange with the outside world: the how-manieth request of an action. */
export interface Boundary {
  service: JournalEntry["service"];
  action: string;
  nth: number;
}

export const labelOf = ({ service, action, nth }: Boundary): string => `${service}:${action}#${nth}`;

/** Every request that an undisturbed run made, in order; what a request caused at the service has no HTTP status. Nothing else leaves the process: it writes no files of its own. */
export function boundariesOf(journal: readonly JournalEntry[]): Boundary[] {
  const seen = new Map<string, number>();
  return journal
    .filter(({ request, status }) => request > 0 && status !== undefined)
    .map(({ service, action }) => {
      const nth = (seen.get(action) ?? 0) + 1;
      seen.set(action, nth);
      return { service, action, nth };
    });
}

/** Requests that carry a body neither way: between `before` and `after` there is nothing to cut. */
const WITHOUT_BODIES = new Set(["HeadObject", "DeleteObject", "AbortMultipartUpload"]);

export const cutPointsOf = ({ action }: Boundary): CutPoint[] =>
  WITHOUT_BODIES.has(action) ? ["before", "after"] : ["before", "during", "after"];

/** Breaks the connection of this very request. */
export function cutAt({ faults }: Emulator, { service, action, nth }: Boundary, at: CutPoint): void {
  faults.add({ match: { service, action }, nth, times: 1, effect: { kind: "reset", at } });
}
