import type { PropertyMap } from "./property-value";
import type { ResourceState } from "./resource-state";
import type { Urn } from "./urn";

/** The desired state of one resource, as the program declares it. */
export interface Goal {
  type: string;
  name: string;
  custom: boolean;
  inputs: PropertyMap;
  parent?: Urn;
  protect: boolean;
  dependencies: Urn[];
  /** `URN::ID` of the provider. @default the default provider of the package */
  provider?: string;
  /** Version of the package; part of the name of its default provider. */
  version: string;
  propertyDependencies: Record<string, Urn[]>;
  /** The choice of the program. @default the choice of the provider */
  deleteBeforeReplace?: boolean;
  ignoreChanges: string[];
  additionalSecretOutputs: string[];
  retainOnDelete: boolean;
}

/** The state record of `goal`. Empty lists are omitted, as in the deployment JSON. */
export function stateOf(goal: Goal, urn: Urn, old: ResourceState | undefined): ResourceState {
  const state: ResourceState = { urn, custom: goal.custom, type: goal.type, inputs: goal.inputs };
  if (goal.parent) state.parent = goal.parent;
  if (goal.protect) state.protect = true;
  if (goal.dependencies.length > 0) state.dependencies = goal.dependencies;
  if (goal.provider) state.provider = goal.provider;
  if (Object.keys(goal.propertyDependencies).length > 0) state.propertyDependencies = goal.propertyDependencies;
  if (goal.additionalSecretOutputs.length > 0) state.additionalSecretOutputs = goal.additionalSecretOutputs;
  if (goal.retainOnDelete) state.retainOnDelete = true;
  if (goal.ignoreChanges.length > 0) state.ignoreChanges = goal.ignoreChanges;
  if (old?.created) state.created = old.created;
  if (old?.modified) state.modified = old.modified;
  return state;
}
