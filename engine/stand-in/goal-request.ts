import type { ReadResourceRequest, RegisterResourceRequest } from "@pulumi/pulumi/proto/resource_pb";
import type { Alias, Goal } from "./goal";
import { HOOK_TYPES, type HookType } from "./hook-types";
import type { CustomTimeouts, ResourceState } from "./resource-state";
import { fromStruct, fromValue } from "./wire";

/** The goal of a registration request. */
export function goalOf(request: RegisterResourceRequest): Goal {
  const propertyDependencies: Record<string, string[]> = {};
  request.getPropertydependenciesMap().forEach((dependencies, key) => {
    propertyDependencies[key] = dependencies.getUrnsList();
  });
  const timeouts = request.getCustomtimeouts();
  return {
    type: request.getType(),
    name: request.getName(),
    custom: request.getCustom(),
    inputs: fromStruct(request.getObject()),
    parent: request.getParent() || undefined,
    protect: request.getProtect() ?? false,
    dependencies: request.getDependenciesList(),
    provider: request.getProvider() || undefined,
    version: request.getVersion(),
    propertyDependencies,
    deleteBeforeReplace: request.getDeletebeforereplacedefined() ? request.getDeletebeforereplace() : undefined,
    ignoreChanges: request.getIgnorechangesList(),
    additionalSecretOutputs: request.getAdditionalsecretoutputsList(),
    aliases: aliasesOf(request),
    customTimeouts: timeouts && timeoutsOf(timeouts.getCreate(), timeouts.getUpdate(), timeouts.getDelete()),
    retainOnDelete: request.getRetainondelete() ?? false,
    deletedWith: request.getDeletedwith() || undefined,
    replaceWith: request.getReplaceWithList(),
    replaceOnChanges: request.getReplaceonchangesList(),
    replacementTrigger: fromValue(request.getReplacementTrigger()),
    hooks: hooksOf(request.getHooks()),
  };
}

/** The goal of a read request (`Resource.get`). */
export function readGoalOf(request: ReadResourceRequest): Goal & { id: string } {
  return {
    id: request.getId(),
    type: request.getType(),
    name: request.getName(),
    custom: true,
    inputs: fromStruct(request.getProperties()),
    parent: request.getParent() || undefined,
    protect: false,
    dependencies: request.getDependenciesList(),
    provider: request.getProvider() || undefined,
    version: request.getVersion(),
    propertyDependencies: {},
    ignoreChanges: [],
    additionalSecretOutputs: request.getAdditionalsecretoutputsList(),
    aliases: [],
    retainOnDelete: false,
    replaceWith: [],
    replaceOnChanges: [],
  };
}

function hooksOf(binding: RegisterResourceRequest.ResourceHooksBinding | undefined): ResourceState["resourceHooks"] {
  if (!binding) return undefined;
  const named: Record<HookType, string[]> = {
    BeforeCreate: binding.getBeforeCreateList(),
    AfterCreate: binding.getAfterCreateList(),
    BeforeUpdate: binding.getBeforeUpdateList(),
    AfterUpdate: binding.getAfterUpdateList(),
    BeforeDelete: binding.getBeforeDeleteList(),
    AfterDelete: binding.getAfterDeleteList(),
  };
  const given = HOOK_TYPES.filter((type) => named[type].length > 0);
  return given.length > 0 ? Object.fromEntries(given.map((type) => [type, named[type]])) : undefined;
}

function aliasesOf(request: RegisterResourceRequest): Alias[] {
  const urns = request.getAliasurnsList().map((urn): Alias => ({ urn }));
  const specs = request.getAliasesList().map((alias): Alias => {
    const spec = alias.getSpec();
    if (!spec) return { urn: alias.getUrn() };
    return {
      name: spec.getName(),
      type: spec.getType(),
      stack: spec.getStack(),
      project: spec.getProject(),
      parent: spec.getNoparent() ? "none" : spec.getParenturn() || undefined,
    };
  });
  return [...urns, ...specs];
}

/** Converts durations in Go's format, such as `1h30m`, to seconds. */
function timeoutsOf(create: string, update: string, remove: string): CustomTimeouts | undefined {
  const timeouts: CustomTimeouts = {};
  if (create) timeouts.create = secondsOf(create);
  if (update) timeouts.update = secondsOf(update);
  if (remove) timeouts.delete = secondsOf(remove);
  return Object.keys(timeouts).length > 0 ? timeouts : undefined;
}

const SECONDS: Record<string, number> = { ms: 0.001, s: 1, m: 60, h: 3600 };

function secondsOf(duration: string): number {
  const parts = [...duration.matchAll(/(\d+(?:\.\d+)?)(ms|s|m|h)/g)];
  if (parts.length === 0) throw new Error(`unable to parse customTimeouts value ${duration}`);
  return parts.reduce((sum, [, count = "0", unit = "s"]) => sum + Number(count) * (SECONDS[unit] ?? 1), 0);
}
