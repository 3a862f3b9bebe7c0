import type { PropertyMap } from "./property-value";
import { parseReference, type Urn } from "./urn";

/**
 * A resource in the deployment JSON (apitype.ResourceV3 of pulumi/pulumi, sdk/go/common/apitype/core.go). Members that this engine
 * does not use are preserved. Each object represents one record of the state and is compared by identity.
 */
export interface ResourceState {
  urn: Urn;
  custom: boolean;
  /** Whether the resource has been replaced but not deleted yet. */
  delete?: boolean;
  id?: string;
  type: string;
  inputs?: PropertyMap;
  outputs?: PropertyMap;
  parent?: Urn;
  protect?: boolean;
  dependencies?: Urn[];
  initErrors?: string[];
  /** `URN::ID` of the provider that manages it. */
  provider?: string;
  propertyDependencies?: Record<string, Urn[]>;
  /** Whether the resource was deleted and its replacement has not been created yet. */
  pendingReplacement?: boolean;
  additionalSecretOutputs?: string[];
  retainOnDelete?: boolean;
  created?: string;
  modified?: string;
  ignoreChanges?: string[];
}

const OPERATION_TYPES = ["creating", "updating", "deleting"] as const;
export type OperationType = (typeof OPERATION_TYPES)[number];

/** A step that had begun when the state was written and whose result is unknown. */
export interface PendingOperation {
  resource: ResourceState;
  type: OperationType;
}

/** All dependencies of `state`: its parent, its provider, and the dependencies of the resource and its properties. */
export function dependenciesOf(state: ResourceState): Set<Urn> {
  const urns = new Set<Urn>(state.dependencies ?? []);
  for (const list of Object.values(state.propertyDependencies ?? {})) for (const urn of list) urns.add(urn);
  if (state.parent) urns.add(state.parent);
  if (state.provider) urns.add(parseReference(state.provider).urn);
  return urns;
}
