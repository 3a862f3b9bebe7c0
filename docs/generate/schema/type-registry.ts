import { PACKAGE_NAME } from "../../../provider/model/resource-type";
import type { EnumSpec, ObjectSpec, TypeSpec } from "./spec";

/** The object types and enums that the schema refers to, by name. */
export class TypeRegistry {
  readonly #types = new Map<string, ObjectSpec | EnumSpec>();

  /** Adds a type unless its name is known, and returns the reference to it. `make` may refer to the type itself. */
  add(name: string, make: () => ObjectSpec | EnumSpec): TypeSpec {
    if (!this.#types.has(name)) {
      this.#types.set(name, { type: "object", properties: {}, required: [] });
      this.#types.set(name, make());
    }
    return { $ref: `#/types/${PACKAGE_NAME}:index:${name}` };
  }

  /** The types by token, sorted. */
  specs(): Record<string, ObjectSpec | EnumSpec> {
    const sorted = [...this.#types].sort(([one], [other]) => (one < other ? -1 : 1));
    return Object.fromEntries(sorted.map(([name, spec]) => [`${PACKAGE_NAME}:index:${name}`, spec]));
  }
}

/** The name of a TypeScript interface in the schema: the SDKs add the suffix `Args` to each type of an input. */
export const typeName = (name: string): string => name.replace(/Args$/, "");

/** The name of a type that only one member has: `OpenedMember` and `status` give `OpenedMemberStatus`. */
export const memberTypeName = (owner: string, member: string): string =>
  `${typeName(owner)}${member.charAt(0).toUpperCase()}${member.slice(1)}`;
