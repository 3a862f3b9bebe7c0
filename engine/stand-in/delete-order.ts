import { dependenciesOf, type ResourceState } from "./resource-state";
import type { Urn } from "./urn";

/**
 * Groups of resources to delete in sequence, each group in parallel. A resource is deleted only after its dependents
 * (ScheduleDeletes in pkg/resource/deploy/step_generator.go).
 */
export function deleteOrder(toDelete: readonly ResourceState[]): ResourceState[][] {
  const left = new Set(toDelete);
  const groups: ResourceState[][] = [];
  while (left.size > 0) {
    const urns = new Set([...left].map((state) => state.urn));
    const free = [...left].filter((state) => !needsOneOf(state, urns));
    // A program cannot create a dependency cycle. A damaged state may contain one and must still be deletable.
    const group = free.length > 0 ? free : [...left];
    for (const state of group) left.delete(state);
    groups.push(group);
  }
  return groups.reverse();
}

/** The direct and indirect dependents of `root`, in the order of `resources`. */
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
