import type { ResourceState } from "./resource-state";
import type { StackState } from "./state-file";
import { formatReference, parseReference, type Urn } from "./urn";

/** Updates references in records to the new URNs of resources that were renamed by `aliases`. */
export function withRenames(state: StackState, renames: ReadonlyMap<Urn, Urn>): StackState {
  if (renames.size === 0) return state;
  return { ...state, resources: state.resources.map((resource) => renamed(resource, renames)) };
}

function renamed(state: ResourceState, renames: ReadonlyMap<Urn, Urn>): ResourceState {
  const name = (urn: Urn): Urn => renames.get(urn) ?? urn;
  const copy = { ...state };
  if (copy.parent) copy.parent = name(copy.parent);
  if (copy.deletedWith) copy.deletedWith = name(copy.deletedWith);
  if (copy.dependencies) copy.dependencies = copy.dependencies.map(name);
  if (copy.provider) {
    const { urn, id } = parseReference(copy.provider);
    copy.provider = formatReference({ urn: name(urn), id });
  }
  if (copy.propertyDependencies) {
    const entries = Object.entries(copy.propertyDependencies);
    copy.propertyDependencies = Object.fromEntries(entries.map(([key, urns]) => [key, urns.map(name)]));
  }
  return copy;
}
