/** The parts of Pulumi's package schema that this package uses. @see https://www.pulumi.com/docs/iac/guides/building-extending/packages/schema/ */
export interface TypeSpec {
  type?: "string" | "number" | "boolean" | "array" | "object";
  $ref?: string;
  items?: TypeSpec;
  additionalProperties?: TypeSpec;
  oneOf?: TypeSpec[];
  /** The SDKs take a value, not an output of a resource. */
  plain?: true;
}

export interface PropertySpec extends TypeSpec {
  description?: string;
  secret?: true;
  /** Changing the input replaces the resource. The provider decides it; SDKs only document it. */
  willReplaceOnChanges?: true;
}

export interface ObjectSpec {
  description?: string;
  type: "object";
  properties: Record<string, PropertySpec>;
  required: string[];
}

export interface EnumSpec {
  description?: string;
  type: "string";
  enum: { value: string }[];
}

export interface ResourceSpec {
  description?: string;
  isComponent?: true;
  properties: Record<string, PropertySpec>;
  required: string[];
  inputProperties: Record<string, PropertySpec>;
  requiredInputs: string[];
  aliases?: { type: string }[];
}

/** A property and whether it always has a value. */
export interface NamedProperty {
  name: string;
  isRequired: boolean;
  spec: PropertySpec;
}

/** Sorted by name, so that the order of the source does not change the schema. */
export function propertiesOf(named: readonly NamedProperty[]): Pick<ObjectSpec, "properties" | "required"> {
  const sorted = [...named].sort((one, other) => (one.name < other.name ? -1 : 1));
  return {
    properties: Object.fromEntries(sorted.map(({ name, spec }) => [name, spec])),
    required: sorted.filter(({ isRequired }) => isRequired).map(({ name }) => name),
  };
}

/** A value of one of several types. */
export function unionOf(specs: readonly TypeSpec[]): TypeSpec {
  const distinct = [...new Map(specs.map((spec) => [JSON.stringify(spec), spec])).values()];
  const [only] = distinct;
  return distinct.length === 1 && only !== undefined ? only : { oneOf: distinct };
}
