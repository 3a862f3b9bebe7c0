import { dependentsOf } from "./delete-order";
import type { ResourceIndex } from "./resource-index";
import type { ResourceState } from "./resource-state";
import type { Step } from "./step";
import type { Urn } from "./urn";

/** The deletes at the end of a run: replaced resources, and resources that the program did not register (all, for a destroy). */
export function removals(index: ResourceIndex): Map<ResourceState, Step> {
  const steps = new Map<ResourceState, Step>();
  for (const old of index.resources) {
    if (old.delete) steps.set(old, { op: "delete-replaced", old, replacementFollows: false });
    else if (!index.isSeen(old.urn)) {
      steps.set(old, old.pendingReplacement ? { op: "remove-pending-replace", old } : { op: "delete", old });
    }
  }
  return steps;
}

/** Whether a resource that could not be deleted depends on this one. */
export const isHeld = (state: ResourceState, index: ResourceIndex, broken: ReadonlySet<Urn>): boolean =>
  dependentsOf(state, index.resources).some((other) => broken.has(other.urn));
