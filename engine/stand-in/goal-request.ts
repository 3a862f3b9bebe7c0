import type { RegisterResourceRequest } from "@pulumi/pulumi/proto/resource_pb";
import type { Goal } from "./goal";
import { fromStruct } from "./wire";

/** The goal of a registration request. */
export function goalOf(request: RegisterResourceRequest): Goal {
  const propertyDependencies: Record<string, string[]> = {};
  request.getPropertydependenciesMap().forEach((dependencies, key) => {
    propertyDependencies[key] = dependencies.getUrnsList();
  });
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
    retainOnDelete: request.getRetainondelete() ?? false,
  };
}
