import * as pulumi from "@pulumi/pulumi";

/**
 * Declares resources without their source positions. The SDK records the whole stack of each resource, which the engine stores: for
 * the children of a component these are lines of this package, which differ between versions and are of no use to the program.
 * @see https://github.com/pulumi/pulumi `sdk/nodejs/resource.ts`, `Resource.stackTrace`
 */
export function withoutSourcePositions<T>(declare: () => T): T {
  const stackTrace: unknown = Reflect.get(pulumi.Resource, "stackTrace");
  omitSourcePositions();
  try {
    return declare();
  } finally {
    Reflect.set(pulumi.Resource, "stackTrace", stackTrace);
  }
}

/** Leaves the source positions of all later resources of this process out of the state. */
export const omitSourcePositions = (): void => void Reflect.set(pulumi.Resource, "stackTrace", () => []);
