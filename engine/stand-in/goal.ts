import type { PropertyMap, PropertyValue } from "./property-value";
import type { CustomTimeouts, ResourceState } from "./resource-state";
import { createUrn, nameOf, qualifiedTypeOf, ROOT_STACK_TYPE, typeOf, type Urn } from "./urn";

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
  aliases: Alias[];
  customTimeouts?: CustomTimeouts;
  retainOnDelete: boolean;
  deletedWith?: Urn;
  replaceWith: Urn[];
  replaceOnChanges: string[];
  replacementTrigger?: PropertyValue;
  hooks?: ResourceState["resourceHooks"];
}

/** A previous name of the resource: a URN, or the parts that differ from the current name. */
export type Alias =
  | { urn: Urn }
  | { name?: string; type?: string; stack?: string; project?: string; parent?: Urn | "none" };

/** The state record of `goal`. Empty lists are omitted, as in the deployment JSON. */
export function stateOf(goal: Goal, urn: Urn, old: ResourceState | undefined): ResourceState {
  const state: ResourceState = { urn, custom: goal.custom, type: goal.type, inputs: goal.inputs };
  if (goal.parent) state.parent = goal.parent;
  if (goal.protect) state.protect = true;
  if (goal.dependencies.length > 0) state.dependencies = goal.dependencies;
  if (goal.provider) state.provider = goal.provider;
  if (Object.keys(goal.propertyDependencies).length > 0) state.propertyDependencies = goal.propertyDependencies;
  if (goal.additionalSecretOutputs.length > 0) state.additionalSecretOutputs = goal.additionalSecretOutputs;
  if (goal.customTimeouts) state.customTimeouts = goal.customTimeouts;
  if (goal.retainOnDelete) state.retainOnDelete = true;
  if (goal.deletedWith) state.deletedWith = goal.deletedWith;
  if (goal.replaceWith.length > 0) state.replaceWith = goal.replaceWith;
  if (goal.ignoreChanges.length > 0) state.ignoreChanges = goal.ignoreChanges;
  if (goal.replaceOnChanges.length > 0) state.replaceOnChanges = goal.replaceOnChanges;
  if (goal.replacementTrigger !== undefined) state.replacementTrigger = goal.replacementTrigger;
  if (goal.hooks) state.resourceHooks = goal.hooks;
  if (old?.created) state.created = old.created;
  if (old?.modified) state.modified = old.modified;
  return state;
}

/** The possible URNs of `goal`, the current one first. `parentAlias` is the old URN of a renamed parent. */
export function knownUrns(
  goal: Goal,
  urn: Urn,
  context: { stack: string; project: string; aliasOf: (urn: Urn) => Urn | undefined },
): Urn[] {
  const urns = [urn];
  for (const alias of goal.aliases) {
    if ("urn" in alias) {
      urns.push(alias.urn);
      continue;
    }
    const parent = alias.parent === "none" ? undefined : (alias.parent ?? goal.parent);
    urns.push(
      createUrn({
        stack: alias.stack || context.stack,
        project: alias.project || context.project,
        type: alias.type || goal.type,
        name: alias.name || goal.name,
        parent: parent && (context.aliasOf(parent) ?? parent),
      }),
    );
  }
  const parentAlias = goal.parent && context.aliasOf(goal.parent);
  if (goal.parent && parentAlias)
    urns.push(...urns.slice(0).map((known) => underRenamedParent(known, goal, parentAlias)));
  return [...new Set(urns)];
}

/** A child whose name starts with its parent's name was renamed together with the parent. */
function underRenamedParent(urn: Urn, goal: Goal, parentAlias: Urn): Urn {
  const [head = "", project = ""] = urn.split("::");
  const parentName = goal.parent ? nameOf(goal.parent) : "";
  const name = nameOf(urn);
  const renamed = name.startsWith(parentName) ? nameOf(parentAlias) + name.slice(parentName.length) : name;
  const parentType = qualifiedTypeOf(parentAlias);
  const prefix = parentType === ROOT_STACK_TYPE ? "" : `${parentType}$`;
  return `${head}::${project}::${prefix}${typeOf(urn)}::${renamed}`;
}
