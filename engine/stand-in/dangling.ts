import { dependenciesOf, type ResourceState } from "./resource-state";
import type { Urn } from "./urn";

/**
 * After a refresh has dropped records: nothing may refer to what is gone, and orphans move up to the next parent that is
 * there (rebuildBaseState and undangleParentResources in pkg/resource/deploy/deployment_executor.go).
 */
export function withoutDangling(
  resources: readonly ResourceState[],
  before: readonly ResourceState[],
): ResourceState[] {
  const there = new Set(resources.map((state) => state.urn));
  const parents = new Map(before.map((state) => [state.urn, state.parent]));
  const known = (urns: readonly Urn[] | undefined): Urn[] => urns?.filter((urn) => there.has(urn)) ?? [];
  return resources.map((state) => {
    if ([...dependenciesOf(state)].every((urn) => there.has(urn))) return state;
    const { dependencies, propertyDependencies = {}, deletedWith, parent, ...kept } = state;
    const properties = Object.entries(propertyDependencies).map(([key, urns]) => [key, known(urns)] as const);
    let heir = parent;
    while (heir !== undefined && !there.has(heir)) heir = parents.get(heir);
    return {
      ...kept,
      ...(dependencies ? { dependencies: known(dependencies) } : {}),
      ...(properties.length > 0 ? { propertyDependencies: Object.fromEntries(properties) } : {}),
      ...(deletedWith && there.has(deletedWith) ? { deletedWith } : {}),
      ...(heir ? { parent: heir } : {}),
    };
  });
}
