import { z } from "zod";
import { isUnknown } from "../../../provider/model/unknown";
import { descriptionOf } from "./description";
import { enumOf, namedEnum } from "./enums";
import { type NamedProperty, propertiesOf, type TypeSpec, unionOf } from "./spec";
import { memberTypeName, type TypeRegistry } from "./type-registry";
import { inferredAlias, memberSource, type ZodSource } from "./zod-source";

/** The type of a value that a zod schema describes. `owner` names a type that the source does not name. */
export function zodType(
  schema: z.core.$ZodType,
  source: ZodSource | undefined,
  owner: string,
  types: TypeRegistry,
): TypeSpec {
  const inner = (each: z.core.$ZodType): TypeSpec => zodType(each, source, owner, types);
  if (schema instanceof z.ZodOptional || schema instanceof z.ZodNullable || schema instanceof z.ZodDefault) {
    return inner(schema.unwrap());
  }
  if (schema instanceof z.ZodString) return { type: "string" };
  // Sizes exceed the 32 bits that `integer` has in Go, C# and Java.
  if (schema instanceof z.ZodNumber) return { type: "number" };
  if (schema instanceof z.ZodBoolean) return { type: "boolean" };
  if (schema instanceof z.ZodLiteral && schema.value === true) return { type: "boolean" };
  if (schema instanceof z.ZodArray) return { type: "array", items: inner(schema.element) };
  if (schema instanceof z.ZodEnum) {
    const values = schema.options.map(String);
    return namedEnum(values, types) ?? types.add(owner, () => enumOf(values));
  }
  if (schema instanceof z.ZodUnion) {
    const known = schema.options.filter((each) => !(each instanceof z.ZodLiteral && isUnknown(each.value)));
    return unionOf(known.map(inner));
  }
  if (schema instanceof z.ZodObject) return objectType(schema, source, owner, types);
  throw new Error(`${owner}: the schema of the package has no type for this zod schema: ${schema._zod.def.type}`);
}

function objectType(schema: z.ZodObject, source: ZodSource | undefined, owner: string, types: TypeRegistry): TypeSpec {
  const alias = source && inferredAlias(source);
  const name = alias?.name ?? owner;
  return types.add(name, () => ({
    description: alias && descriptionOf(alias.docs),
    type: "object",
    ...propertiesOf(zodMembers(schema, alias?.source ?? source, name, types)),
  }));
}

/** The members of an object schema, as properties. */
export const zodMembers = (
  schema: z.ZodObject,
  source: ZodSource | undefined,
  owner: string,
  types: TypeRegistry,
): NamedProperty[] =>
  Object.entries<z.core.$ZodType>(schema.shape).map(([name, member]) => {
    const written = source && memberSource(source, name);
    return {
      name,
      isRequired: !isOptional(member),
      spec: {
        ...zodType(member, written?.source, memberTypeName(owner, name), types),
        description: written && descriptionOf(written.docs),
      },
    };
  });

export const isOptional = (schema: z.core.$ZodType): boolean =>
  schema instanceof z.ZodOptional || schema instanceof z.ZodNullable;
