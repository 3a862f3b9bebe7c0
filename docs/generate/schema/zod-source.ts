import * as ts from "typescript";
import { type Docstring, docstringOf } from "../api/docstring";
import { type DeclaredAt, declarationOf, declaredAt, sourceFile } from "../api/source-file";

/** Where the source writes a zod schema: for its members' docstrings and the names of its types, which the schema itself lacks. */
export interface ZodSource {
  node: ts.Node;
  file: string;
}

/** The expression that a variable is initialised with. */
export function initializerOf(at: DeclaredAt): ZodSource | undefined {
  const declaration = declarationOf(at);
  if (declaration === undefined || !ts.isVariableStatement(declaration)) return undefined;
  const found = declaration.declarationList.declarations.find(({ name }) => name.getText() === at.name);
  return found?.initializer === undefined ? undefined : { node: found.initializer, file: at.file };
}

/** The variable of `z.infer<typeof variable>`; undefined for another type. */
export const inferredVariable = (type: ts.TypeNode): string | undefined =>
  /^z\.infer<typeof (\w+)>$/.exec(type.getText())?.[1];

/** A type that is inferred from a schema: its docstring, and where the schema is written. */
export interface InferredAlias {
  name: string;
  docs: Docstring;
  source: ZodSource | undefined;
}

/** The named type that is inferred from the schema written here, for example `Failure` for `failureSchema.optional()`. */
export function inferredAlias({ node, file }: ZodSource): InferredAlias | undefined {
  for (const name of identifiersIn(node)) {
    const variable = declaredAt(file, name);
    const alias = variable && aliasOf(variable);
    if (alias !== undefined) return alias;
  }
  return undefined;
}

/** The named type that is inferred from this variable. */
export function aliasOf(variable: DeclaredAt): InferredAlias | undefined {
  const alias = sourceFile(variable.file).statements.find(
    (each): each is ts.TypeAliasDeclaration =>
      ts.isTypeAliasDeclaration(each) && inferredVariable(each.type) === variable.name,
  );
  if (alias === undefined) return undefined;
  // Either the type or the schema has the docstring.
  const own = docstringOf(alias);
  const declaration = declarationOf(variable);
  const docs = own.text === "" && declaration !== undefined ? docstringOf(declaration) : own;
  return { name: alias.name.text, docs, source: initializerOf(variable) };
}

/** The docstring and the expression of one member of the object schema written here. */
export function memberSource({ node, file }: ZodSource, member: string): { docs: Docstring; source?: ZodSource } {
  const literal = firstOf(node, ts.isObjectLiteralExpression);
  const found = literal?.properties.find((property) => property.name?.getText() === member);
  if (found === undefined) return { docs: { text: "", tags: new Map() } };
  const source = ts.isPropertyAssignment(found) ? { node: found.initializer, file } : undefined;
  return { docs: docstringOf(found), source };
}

function firstOf<T extends ts.Node>(node: ts.Node, matches: (node: ts.Node) => node is T): T | undefined {
  return matches(node) ? node : ts.forEachChild(node, (child) => firstOf(child, matches));
}

/** The identifiers of an expression, without those in an object that the expression writes itself. */
function identifiersIn(node: ts.Node): string[] {
  if (ts.isIdentifier(node)) return [node.text];
  if (ts.isObjectLiteralExpression(node)) return [];
  const names: string[] = [];
  ts.forEachChild(node, (child) => void names.push(...identifiersIn(child)));
  return names;
}
