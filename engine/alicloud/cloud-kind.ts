import type { PropertyMap } from "../stand-in/property-value";
import type { Cloud } from "./cloud";

/**
 * One resource type of the alicloud package, as far as the stand-in supports it. Inputs and outputs have the names of the package,
 * so that the real plugin can refresh a state written here.
 */
export interface CloudKind {
  readonly type: string;
  /** Supported inputs; a resource with another input is refused. */
  readonly inputs: readonly string[];
  /** Inputs whose change replaces the resource. */
  readonly replaces: readonly string[];
  /** The input with the name in the cloud. Its default is generated from the name of the resource in the program. */
  readonly autoName?: string;
  /** Creates the resource and returns its id. */
  create(cloud: Cloud, inputs: PropertyMap): Promise<string>;
  /** Returns undefined when the resource no longer exists. */
  read(cloud: Cloud, id: string): Promise<PropertyMap | undefined>;
  /** Updates the inputs in `changed`. */
  update(cloud: Cloud, id: string, inputs: PropertyMap, changed: ReadonlySet<string>): Promise<void>;
  /** Succeeds when the resource no longer exists. */
  delete(cloud: Cloud, id: string, inputs: PropertyMap): Promise<void>;
}

export const textOf = (inputs: PropertyMap, name: string): string | undefined => {
  const value = inputs[name];
  return value === undefined || value === null ? undefined : String(value);
};

/** Removes undefined values, which neither gRPC nor JSON can represent. */
export function known(values: Record<string, PropertyMap[string] | undefined>): PropertyMap {
  const kept: PropertyMap = {};
  for (const [key, value] of Object.entries(values)) if (value !== undefined) kept[key] = value;
  return kept;
}

/** The error code of a service error, else an empty string (ali-oss and the Tea SDKs both set `code`). */
export const codeOf = (error: unknown): string =>
  typeof error === "object" && error !== null && "code" in error ? String(error.code) : "";
