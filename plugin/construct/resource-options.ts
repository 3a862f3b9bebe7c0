import * as pulumi from "@pulumi/pulumi";
import type { Alias } from "@pulumi/pulumi/proto/alias_pb";
import type { ConstructRequest } from "@pulumi/pulumi/proto/provider_pb";
import { PACKAGE_NAME } from "../../provider/model/resource-type";
import { hookBindingFromProto } from "./sdk-runtime";

/**
 * Returns the resource options of a component, which its children inherit as far as the SDK passes them on.
 * @param ownProvider the provider of this package, as `urn::id`
 */
export function resourceOptions(
  request: ConstructRequest,
  ownProvider: string | undefined,
): pulumi.ComponentResourceOptions {
  const [parent, deletedWith] = [request.getParent(), request.getDeletedwith()];
  return {
    aliases: request.getAliasesList().flatMap(aliasOf),
    dependsOn: request.getDependenciesList().map(dependency),
    protect: request.getProtect(),
    providers: providersOf(request, ownProvider),
    parent: parent === "" ? undefined : dependency(parent),
    ignoreChanges: request.getIgnorechangesList(),
    replaceOnChanges: request.getReplaceonchangesList(),
    customTimeouts: request.getCustomtimeouts()?.toObject(),
    retainOnDelete: request.getRetainondelete(),
    hooks: hookBindingFromProto(request.getResourceHooks()),
    ...(deletedWith === "" ? {} : { deletedWith: dependency(deletedWith) }),
    replaceWith: request.getReplaceWithList().map(dependency),
  };
}

/**
 * Returns the providers of the children: those of the program, and the one that constructs the component. The engine's default
 * provider for the children's version may be another process, with other credentials.
 */
function providersOf(
  request: ConstructRequest,
  ownProvider: string | undefined,
): Record<string, pulumi.ProviderResource> {
  const own: [string, string][] = ownProvider === undefined ? [] : [[PACKAGE_NAME, ownProvider]];
  return Object.fromEntries(
    [...own, ...request.getProvidersMap().entries()].map(([name, reference]) => [
      name,
      new pulumi.DependencyProviderResource(reference),
    ]),
  );
}

const dependency = (urn: string): pulumi.Resource => new pulumi.DependencyResource(urn);

/** An alias of the request; empty strings stand for what it does not name. */
function aliasOf(alias: Alias): (pulumi.URN | pulumi.Alias)[] {
  if (alias.hasUrn()) return [alias.getUrn()];
  const spec = alias.getSpec();
  if (spec === undefined) return [];
  const named = { name: spec.getName(), type: spec.getType(), stack: spec.getStack(), project: spec.getProject() };
  return [
    {
      ...Object.fromEntries(Object.entries(named).filter(([, value]) => value !== "")),
      ...(spec.hasParenturn() ? { parent: spec.getParenturn() } : {}),
      ...(spec.hasNoparent() && spec.getNoparent() ? { parent: pulumi.rootStackResource } : {}),
    },
  ];
}
