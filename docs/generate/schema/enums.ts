import { join } from "node:path";
import * as ts from "typescript";
import { constantUnion } from "../api/constant-union";
import { docstringOf } from "../api/docstring";
import { sourceFile } from "../api/source-file";
import { descriptionOf } from "./description";
import type { EnumSpec, TypeSpec } from "./spec";
import type { TypeRegistry } from "./type-registry";

const PROVIDER = join(__dirname, "..", "..", "..", "provider");
const DECLARING = ["model/inputs.ts", "model/outputs.ts", "model/outcome.ts", "errors/catalogue-entry.ts"];

export const enumOf = (values: readonly string[], description?: string): EnumSpec => ({
  description,
  type: "string",
  enum: values.map((value) => ({ value })),
});

/** The enum of a union that a model file derives from a list of constants, found by its values; undefined if none has them. */
export function namedEnum(values: readonly string[], types: TypeRegistry): TypeSpec | undefined {
  for (const path of DECLARING.map((name) => join(PROVIDER, name))) {
    for (const statement of sourceFile(path).statements) {
      if (!ts.isTypeAliasDeclaration(statement)) continue;
      const listed = constantUnion(statement.type, path)?.map((literal) => JSON.parse(literal));
      if (listed?.join() !== values.join()) continue;
      return types.add(statement.name.text, () => enumOf(values, descriptionOf(docsOfUnion(statement))));
    }
  }
  return undefined;
}

/** The docstring of the union, or of the list of constants before it. */
function docsOfUnion(union: ts.TypeAliasDeclaration): ReturnType<typeof docstringOf> {
  const own = docstringOf(union);
  if (own.text !== "") return own;
  const { statements } = union.getSourceFile();
  const before = statements[statements.indexOf(union) - 1];
  return before === undefined ? own : docstringOf(before);
}
