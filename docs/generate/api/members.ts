import * as ts from "typescript";
import { type Docstring, docstringOf } from "./docstring";
import { type DeclaredAt, declarationOf, declaredAt } from "./source-file";

/** A property of a class or interface, as documented on the page. */
export interface Member {
  name: string;
  type: ts.TypeNode | undefined;
  /** The file in which to resolve the names of the type. */
  file: string;
  isOptional: boolean;
  docs: Docstring;
}

/** The public properties, including those that an interface extends or picks from another. */
export function membersOf(at: DeclaredAt): Member[] {
  const declaration = declarationOf(at);
  if (declaration === undefined) return [];
  if (!ts.isClassDeclaration(declaration) && !ts.isInterfaceDeclaration(declaration)) return [];
  const own: Member[] = [];
  for (const member of declaration.members) {
    const isGetter = ts.isGetAccessorDeclaration(member);
    if (!ts.isPropertyDeclaration(member) && !ts.isPropertySignature(member) && !isGetter) continue;
    if (ts.isPrivateIdentifier(member.name)) continue;
    const flags = ts.getCombinedModifierFlags(member);
    if (flags & (ts.ModifierFlags.Private | ts.ModifierFlags.Protected | ts.ModifierFlags.Static)) continue;
    // `existing?: undefined` only discriminates between two shapes.
    if (member.type?.kind === ts.SyntaxKind.UndefinedKeyword) continue;
    own.push({
      name: member.name.getText(),
      type: member.type,
      file: at.file,
      isOptional: !isGetter && member.questionToken !== undefined,
      docs: docstringOf(member),
    });
  }
  const inherited = ts.isInterfaceDeclaration(declaration) ? inheritedMembers(declaration, at.file) : [];
  return [...own, ...inherited.filter(({ name }) => !own.some((member) => member.name === name))];
}

/** The members from `extends Shape` and `extends Pick<Shape, "one" | "other">`. */
function inheritedMembers(declaration: ts.InterfaceDeclaration, file: string): Member[] {
  const bases = (declaration.heritageClauses ?? []).flatMap(({ types }) => [...types]);
  return bases.flatMap((base) => {
    const name = base.expression.getText();
    if (name !== "Pick" && name !== "Omit") return membersByName(name, file);
    const [shape, keys] = base.typeArguments ?? [];
    const named = new Set([...(keys?.getText() ?? "").matchAll(/"(\w+)"/g)].map(([, key]) => key));
    const all = shape === undefined ? [] : membersByName(shape.getText(), file);
    return all.filter((member) => named.has(member.name) === (name === "Pick"));
  });
}

function membersByName(name: string, file: string): Member[] {
  const found = declaredAt(file, name);
  return found === undefined ? [] : membersOf(found);
}

/** Resolves `Shape["member"]`, with which one argument reuses the type of another; returns other types unchanged. */
export function resolveIndexed(type: ts.TypeNode, file: string): { type: ts.TypeNode; file: string } {
  if (!ts.isIndexedAccessTypeNode(type)) return { type, file };
  const [, key] = /^"(\w+)"$/.exec(type.indexType.getText()) ?? [];
  const member = membersByName(type.objectType.getText(), file).find(({ name }) => name === key);
  return member?.type === undefined ? { type, file } : { type: member.type, file: member.file };
}

/** The types that a declaration refers to. */
export function typeNamesOf(at: DeclaredAt): DeclaredAt[] {
  const names: DeclaredAt[] = [];
  const visit = (node: ts.Node, file: string): void => {
    if (ts.isTypeReferenceNode(node) && ts.isIdentifier(node.typeName)) names.push({ file, name: node.typeName.text });
    ts.forEachChild(node, (child) => visit(child, file));
  };
  for (const member of membersOf(at)) {
    if (member.type === undefined) continue;
    const { type, file } = resolveIndexed(member.type, member.file);
    visit(type, file);
  }
  const declaration = declarationOf(at);
  if (declaration !== undefined && ts.isTypeAliasDeclaration(declaration)) visit(declaration.type, at.file);
  return names;
}
