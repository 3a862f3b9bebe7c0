import * as pulumi from "@pulumi/pulumi";

/** URNs up to the name, by parent and type: the five hundred members of an instance have one in common. */
const beginnings = new WeakMap<pulumi.Resource, Map<string, Promise<string>>>();

/**
 * A resource's URN, for log rows: handlers are not told it. A plain promise, not an Output: as an Output it would depend on
 * the parent, and a component waits for its children, which would wait for it.
 */
export async function resourceUrn(type: string, name: string, parent: pulumi.Resource | undefined): Promise<string> {
  if (parent === undefined) return (await urnBeginning(type, parent)) + name;
  const known = beginnings.get(parent) ?? new Map<string, Promise<string>>();
  beginnings.set(parent, known);
  const beginning = known.get(type) ?? urnBeginning(type, parent);
  known.set(type, beginning);
  return (await beginning) + name;
}

const urnBeginning = (type: string, parent: pulumi.Resource | undefined): Promise<string> =>
  new Promise((resolve) => {
    pulumi.createUrn("", type, parent).apply(resolve);
  });
