import { dependenciesOf, type ResourceState } from "./resource-state";
import type { Urn } from "./urn";

/**
 * Groups that may be deleted one after the other, each all at once: nothing goes before what depends on it
 * (ScheduleDeletes in pkg/resource/deploy/step_generator.go).
 */
export function deleteOrder(condemned: readonly ResourceState[]): ResourceState[][] {
  const left = new Set(condemned);
  const groups: ResourceState[][] = [];
  while (left.size > 0) {
    const urns = new Set([...left].map((state) => state.urn));
    const free = [...left].filter((state) => !needsOneOf(state, urns));
    // A ring of dependencies cannot come from a program; a damaged state may hold one, and must still be deletable.
    const group = free.length > 0 ? free : [...left];
    for (const state of group) left.delete(state);
    groups.push(group);
  }
  return groups.reverse();
}

/** Everything in `resources` that depends on `root`, directly or not, in the order of the list. */
export function dependentsOf(root: ResourceState, resources: readonly ResourceState[]): ResourceState[] {
  const reached = new Set<Urn>([root.urn]);
  return resources.filter((state) => {
    if (state === root || !needsOneOf(state, reached)) return false;
    reached.add(state.urn);
    return true;
  });
}

const needsOneOf = (state: ResourceState, urns: ReadonlySet<Urn>): boolean =>
  [...dependenciesOf(state)].some((urn) => urn !== state.urn && urns.has(urn));
