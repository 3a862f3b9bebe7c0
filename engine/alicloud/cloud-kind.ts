import type { PropertyMap } from "../stand-in/property-value";
import type { Cloud } from "./cloud";

/**
 * One kind of resource of the alicloud package, as far as the stand-in serves it. Names of inputs and outputs are the
 * package's own, so that a state made here can be refreshed by the real plugin.
 */
export interface CloudKind {
  readonly type: string;
  /** Inputs that are sent; a resource that uses another is refused. */
  readonly inputs: readonly string[];
  /** Inputs whose change needs a new resource. */
  readonly replaces: readonly string[];
  /** The input that is the resource's name in the cloud; without one it is made from the resource's name in the program. */
  readonly autoName?: string;
  /** The id of what was made. */
  create(cloud: Cloud, inputs: PropertyMap): Promise<string>;
  /** Absent: it is gone. */
  read(cloud: Cloud, id: string): Promise<PropertyMap | undefined>;
  /** Sends those of `changed` inputs that differ. */
  update(cloud: Cloud, id: string, inputs: PropertyMap, changed: ReadonlySet<string>): Promise<void>;
  /** What is gone already is no error. */
  delete(cloud: Cloud, id: string, inputs: PropertyMap): Promise<void>;
}

export const textOf = (inputs: PropertyMap, name: string): string | undefined => {
  const value = inputs[name];
  return value === undefined || value === null ? undefined : String(value);
};

/** Without what is undefined, which neither gRPC nor JSON can carry. */
export function known(values: Record<string, PropertyMap[string] | undefined>): PropertyMap {
  const kept: PropertyMap = {};
  for (const [key, value] of Object.entries(values)) if (value !== undefined) kept[key] = value;
  return kept;
}

/** The service's error code, where it is one of its refusals (ali-oss and the Tea SDKs both have `code`). */
export const codeOf = (error: unknown): string =>
  typeof error === "object" && error !== null && "code" in error ? String(error.code) : "";
