import * as ts from "typescript";
import { type Docstring, docstringOf } from "./docstring";
import { type DeclaredAt, declarationOf, declaredAt } from "./source-file";

/** A property of a class or interface, as the page tells it. */
export interface Member {
  name: string;
  type: ts.TypeNode | undefined;
  /** The file that the type's names are to be looked up in. */
  file: string;
  isOptional: boolean;
  docs: Docstring;
}

/** What a reader can set or read: the public properties, and for an interface those that it extends or picks from another. */
export function membersOf(at: DeclaredAt): Member[] {
  const declaration = declarationOf(at);
  if (declaration === undefined) return [];
  if (!ts.isClassDeclaration(declaration) && !ts.isInterfaceDeclaration(declaration)) return [];
  const own: Member[] = [];
  for (const member of declaration.members) {
    if (!ts.isPropertyDeclaration(member) && !ts.isPropertySignature(member) && !ts.isGetAccessor(member)) continue;
    if (ts.isPrivateIdentifier(member.name)) continue;
    const flags = ts.getCombinedModifierFlags(member);
    if (flags & (ts.ModifierFlags.Private | ts.ModifierFlags.Protected | ts.ModifierFlags.Static)) continue;
    // `existing?: undefined` only tells two shapes apart.
    if (member.type?.kind === ts.SyntaxKind.UndefinedKeyword) continue;
    own.push({
      name: member.name.getText(),
      type: member.type,
      file: at.file,
      isOptional: !ts.isGetAccessor(member) && member.questionToken !== undefined,
      docs: docstringOf(member),
    });
  }
  const inherited = ts.isInterfaceDeclaration(declaration) ? inheritedMembers(declaration, at.file) : [];
  return [...own, ...inherited.filter(({ name }) => !own.some((member) => member.name === name))];
}

/** From `extends Shape` and `extends Pick<Shape, "one" | "other">`. */
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

/** The type behind `Shape["member"]`, which is how one argument takes over another's; any other stays as it is. */
export function resolveIndexed(type: ts.TypeNode, file: string): { type: ts.TypeNode; file: string } {
  if (!ts.isIndexedAccessTypeNode(type)) return { type, file };
  const [, key] = /^"(\w+)"$/.exec(type.indexType.getText()) ?? [];
  const member = membersByName(type.objectType.getText(), file).find(({ name }) => name === key);
  return member?.type === undefined ? { type, file } : { type: member.type, file: member.file };
}

/** Names of the types that a declaration is made of. */
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
