import type { Emulator } from "../emulator/emulator";
import type { CUT_POINTS } from "../emulator/faults/fault-rule";
import type { JournalEntry } from "../emulator/world";

/** The moment of a request at which its connection breaks. */
export type CutPoint = (typeof CUT_POINTS)[number];

/** One request of a run, identified by its action and its number among the requests of that action, from 1. */
export interface Boundary {
  service: JournalEntry["service"];
  action: string;
  nth: number;
}

export const formatBoundary = ({ service, action, nth }: Boundary): string => `${service}:${action}#${nth}`;

/**
 * Every request of a run without faults, in order. Journal entries without an HTTP status are effects at the service. Requests are
 * the only effects of a run, because the provider writes no files.
 */
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

/** Requests without a body in either direction, which cannot be cut `during` the transfer. */
const WITHOUT_BODIES = new Set(["HeadObject", "DeleteObject", "AbortMultipartUpload"]);

export const cutPointsOf = ({ action }: Boundary): CutPoint[] =>
  WITHOUT_BODIES.has(action) ? ["before", "after"] : ["before", "during", "after"];

/** Breaks the connection of this request once. */
export function addCut({ faults }: Emulator, { service, action, nth }: Boundary, at: CutPoint): void {
  faults.add({ match: { service, action }, nth, times: 1, effect: { kind: "reset", at } });
}
