import { dependenciesOf, type ResourceState } from "./resource-state";
import type { Urn } from "./urn";

/**
 * Repairs the state after a refresh has removed records: references to removed resources are deleted, and orphans move to the next
 * existing ancestor (rebuildBaseState and undangleParentResources in pkg/resource/deploy/deployment_executor.go).
 */
export function withoutDangling(
  resources: readonly ResourceState[],
  before: readonly ResourceState[],
): ResourceState[] {
  const existing = new Set(resources.map((state) => state.urn));
  const parents = new Map(before.map((state) => [state.urn, state.parent]));
  const known = (urns: readonly Urn[] | undefined): Urn[] => urns?.filter((urn) => existing.has(urn)) ?? [];
  return resources.map((state) => {
    if ([...dependenciesOf(state)].every((urn) => existing.has(urn))) return state;
    const { dependencies, propertyDependencies = {}, parent, ...kept } = state;
    const properties = Object.entries(propertyDependencies).map(([key, urns]) => [key, known(urns)] as const);
    let ancestor = parent;
    while (ancestor !== undefined && !existing.has(ancestor)) ancestor = parents.get(ancestor);
    return {
      ...kept,
      ...(dependencies ? { dependencies: known(dependencies) } : {}),
      ...(properties.length > 0 ? { propertyDependencies: Object.fromEntries(properties) } : {}),
      ...(ancestor ? { parent: ancestor } : {}),
    };
  });
}
