import * as pulumi from "@pulumi/pulumi";

/** URN prefixes, without the name, by parent and type: all members of an instance share one. */
const prefixes = new WeakMap<pulumi.Resource, Map<string, Promise<string>>>();

/**
 * Returns a resource's URN, for log rows: Pulumi does not pass it to handlers. The result is a plain promise: an Output would
 * depend on the parent, and a component waits for its children, so both would wait for each other.
 */
export async function resourceUrn(type: string, name: string, parent: pulumi.Resource | undefined): Promise<string> {
  if (parent === undefined) return (await urnPrefix(type, parent)) + name;
  const byType = prefixes.get(parent) ?? new Map<string, Promise<string>>();
  prefixes.set(parent, byType);
  const prefix = byType.get(type) ?? urnPrefix(type, parent);
  byType.set(type, prefix);
  return (await prefix) + name;
}

const urnPrefix = (type: string, parent: pulumi.Resource | undefined): Promise<string> =>
  new Promise((resolve) => {
    pulumi.createUrn("", type, parent).apply(resolve);
  });
