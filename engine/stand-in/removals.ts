import { dependentsOf } from "./delete-order";
import type { ResourceIndex } from "./resource-index";
import type { ResourceState } from "./resource-state";
import type { Step } from "./step";
import type { Urn } from "./urn";

/** What is to go at the end of a run: what was replaced, and what the program (none, for a destroy) did not register. */
export function removals(index: ResourceIndex): Map<ResourceState, Step> {
  const steps = new Map<ResourceState, Step>();
  for (const old of index.resources) {
    if (!index.isTargeted(old)) continue;
    if (old.delete) steps.set(old, { op: "delete-replaced", old, replacementFollows: false });
    else if (!index.isSeen(old.urn)) {
      steps.set(old, old.pendingReplacement ? { op: "remove-pending-replace", old } : { op: "delete", old });
    }
  }
  return steps;
}

/** Something that stays, though what it depends on would go: only with targets. */
export function orphanOf(steps: ReadonlyMap<ResourceState, Step>, index: ResourceIndex): ResourceState | undefined {
  for (const state of steps.keys()) {
    const left = dependentsOf(state, index.resources).find((other) => !steps.has(other) && !index.isSeen(other.urn));
    if (left) return left;
  }
  return undefined;
}

/** Needed by something that could not be deleted. */
export const isHeld = (state: ResourceState, index: ResourceIndex, broken: ReadonlySet<Urn>): boolean =>
  dependentsOf(state, index.resources).some((other) => broken.has(other.urn));
