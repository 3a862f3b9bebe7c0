import type { HookType } from "./hooks";
import type { PropertyMap, PropertyValue } from "./property-value";
import { parseReference, type Urn } from "./urn";

/**
 * A resource as the deployment JSON has it (apitype.ResourceV3 of pulumi/pulumi, sdk/go/common/apitype/core.go). Members that
 * this engine does not use are kept as they were read. One object stands for one record in the state: its identity counts.
 */
export interface ResourceState {
  urn: Urn;
  custom: boolean;
  /** Replaced already, but not yet deleted. */
  delete?: boolean;
  id?: string;
  type: string;
  inputs?: PropertyMap;
  outputs?: PropertyMap;
  parent?: Urn;
  protect?: boolean;
  taint?: boolean;
  /** Only read by the program, never managed by it. */
  external?: boolean;
  dependencies?: Urn[];
  initErrors?: string[];
  /** `URN::ID` of the provider that manages it. */
  provider?: string;
  propertyDependencies?: Record<string, Urn[]>;
  /** Deleted before its replacement, which is yet to be created. */
  pendingReplacement?: boolean;
  additionalSecretOutputs?: string[];
  aliases?: Urn[];
  customTimeouts?: CustomTimeouts;
  retainOnDelete?: boolean;
  deletedWith?: Urn;
  replaceWith?: Urn[];
  created?: string;
  modified?: string;
  ignoreChanges?: string[];
  replaceOnChanges?: string[];
  replacementTrigger?: PropertyValue;
  /** Names of the program's functions to call, by moment. */
  resourceHooks?: Partial<Record<HookType, string[]>>;
}

/** Seconds. */
export interface CustomTimeouts {
  create?: number;
  update?: number;
  delete?: number;
}

export const OPERATION_TYPES = ["creating", "updating", "deleting", "reading"] as const;
export type OperationType = (typeof OPERATION_TYPES)[number];

/** A step that had begun when the state was written, and of whose end nothing is known. */
export interface PendingOperation {
  resource: ResourceState;
  type: OperationType;
}

/** All that `state` needs to exist: its parent, its provider, what it and its properties depend on. */
export function dependenciesOf(state: ResourceState): Set<Urn> {
  const urns = new Set<Urn>(state.dependencies ?? []);
  for (const list of Object.values(state.propertyDependencies ?? {})) for (const urn of list) urns.add(urn);
  if (state.parent) urns.add(state.parent);
  if (state.deletedWith) urns.add(state.deletedWith);
  if (state.provider) urns.add(parseReference(state.provider).urn);
  return urns;
}
