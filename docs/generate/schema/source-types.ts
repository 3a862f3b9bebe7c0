import * as ts from "typescript";
import type { z } from "zod";
import { constantUnion } from "../api/constant-union";
import { docstringOf } from "../api/docstring";
import { type Member, membersOf, resolveIndexed } from "../api/members";
import { type DeclaredAt, declarationOf, declaredAt } from "../api/source-file";
import { descriptionOf } from "./description";
import { enumOf, namedEnum } from "./enums";
import { NATIVE_TYPES } from "./native-differences";
import { type NamedProperty, type PropertySpec, propertiesOf, type TypeSpec, unionOf } from "./spec";
import { memberTypeName, type TypeRegistry, typeName } from "./type-registry";
import { aliasOf, inferredVariable, memberSource } from "./zod-source";
import { zodMembers, zodType } from "./zod-types";

/** Where a type is written: names in it are resolved in `file`; `owner` names a type that the source does not name. */
interface Place {
  file: string;
  owner: string;
  types: TypeRegistry;
}

/** The properties of an interface or a class, each with its docstring; of those that `isWanted` accepts. */
export const sourceMembers = (
  at: DeclaredAt,
  types: TypeRegistry,
  isWanted: (member: Member) => boolean = () => true,
): NamedProperty[] => [
  ...membersOf(at)
    .filter(isWanted)
    .map((member) => ({
      name: member.name,
      isRequired: !member.isOptional && !allowsUndefined(member.type),
      spec: memberSpec(member, { file: member.file, owner: memberTypeName(at.name, member.name), types }),
    })),
  ...inferredBases(at).flatMap(({ schema, source, name }) => zodMembers(schema as z.ZodObject, source, name, types)),
];

/** The bases of an interface that are inferred from zod schemas: `interface DatabaseFailure extends Failure`. */
function inferredBases(at: DeclaredAt) {
  const declaration = declarationOf(at);
  if (declaration === undefined || !ts.isInterfaceDeclaration(declaration)) return [];
  const bases = (declaration.heritageClauses ?? []).flatMap(({ types }) => types.map(({ expression }) => expression));
  return bases.flatMap((base) => {
    const declared = declaredAt(at.file, base.getText());
    const inferred = declared && inferredSchema(declared);
    return inferred === undefined ? [] : [{ ...inferred, name: base.getText() }];
  });
}

function memberSpec({ type, docs }: Member, place: Place): PropertySpec {
  if (type === undefined) throw new Error(`${place.file}: a member of ${place.owner} has no type`);
  const resolved = resolveIndexed(type, place.file);
  return {
    ...sourceType(resolved.type, { ...place, file: resolved.file }),
    description: descriptionOf(docs),
    ...(/\bChanging it replaces\b/.test(docs.text) ? { willReplaceOnChanges: true as const } : {}),
  };
}

const WRAPPERS = ["pulumi.Input", "pulumi.Output", "Input", "Output", "readonly"];

/** The type of a value that a TypeScript type describes. */
function sourceType(node: ts.TypeNode, place: Place): TypeSpec {
  const inner = (each: ts.TypeNode): TypeSpec => sourceType(each, place);
  if (node.kind === ts.SyntaxKind.StringKeyword) return { type: "string" };
  if (node.kind === ts.SyntaxKind.NumberKeyword) return { type: "number" };
  if (node.kind === ts.SyntaxKind.BooleanKeyword) return { type: "boolean" };
  if (ts.isParenthesizedTypeNode(node)) return inner(node.type);
  if (ts.isTypeOperatorNode(node)) return inner(node.type);
  if (ts.isArrayTypeNode(node)) return { type: "array", items: inner(node.elementType) };
  if (ts.isUnionTypeNode(node)) return unionType(node, place);
  if (ts.isIndexedAccessTypeNode(node)) return indexedType(node, place);
  if (ts.isTypeReferenceNode(node)) {
    const [first, second] = node.typeArguments ?? [];
    const name = node.typeName.getText();
    if (WRAPPERS.includes(name) && first !== undefined) return inner(first);
    if (name === "Record" && second !== undefined) return { type: "object", additionalProperties: inner(second) };
    return NATIVE_TYPES[name] ?? referredType(name, place);
  }
  throw new Error(`${place.owner}: the schema of the package has no type for ${node.getText()}`);
}

function unionType({ types: members }: ts.UnionTypeNode, place: Place): TypeSpec {
  const known = members.filter((each) => !isUndefined(each));
  const literals = known.flatMap((each) =>
    ts.isLiteralTypeNode(each) && ts.isStringLiteral(each.literal) ? [each.literal.text] : [],
  );
  if (literals.length > 0 && literals.length === known.length) {
    return namedEnum(literals, place.types) ?? place.types.add(place.owner, () => enumOf(literals));
  }
  const shapes = known.filter(ts.isTypeLiteralNode);
  if (shapes.length > 0 && shapes.length === known.length) return alternatives(shapes, place);
  return unionOf(known.map((each) => sourceType(each, place)));
}

/** One object for `{ userName } | { roleName }`: the schema has no union that a member decides, so every member is optional. */
function alternatives(shapes: readonly ts.TypeLiteralNode[], place: Place): TypeSpec {
  const members = shapes.flatMap(({ members }) => members.filter(ts.isPropertySignature));
  const named = members.flatMap(({ name, type }) =>
    type === undefined ? [] : [{ name: name.getText(), isRequired: false, spec: sourceType(type, place) }],
  );
  return place.types.add(place.owner, () => ({ type: "object", ...propertiesOf(named) }));
}

/** `OpenedMember["status"]`: a member of a type that is inferred from a zod schema. */
function indexedType(node: ts.IndexedAccessTypeNode, place: Place): TypeSpec {
  const declared = declaredAt(place.file, node.objectType.getText());
  const inferred = declared && inferredSchema(declared);
  const [, key] = /^"(\w+)"$/.exec(node.indexType.getText()) ?? [];
  const member = inferred && key !== undefined ? (inferred.schema as z.ZodObject).shape[key] : undefined;
  if (inferred === undefined || member === undefined || declared === undefined || key === undefined) {
    throw new Error(`${place.owner}: cannot resolve ${node.getText()}`);
  }
  const source = inferred.source && memberSource(inferred.source, key).source;
  return zodType(member, source, memberTypeName(declared.name, key), place.types);
}

function referredType(name: string, place: Place): TypeSpec {
  const at = declaredAt(place.file, name);
  const declaration = at && declarationOf(at);
  if (at === undefined || declaration === undefined) throw new Error(`${place.owner}: cannot resolve ${name}`);
  const { types } = place;
  if (ts.isTypeAliasDeclaration(declaration)) {
    const inferred = inferredSchema(at);
    if (inferred !== undefined) return zodType(inferred.schema, inferred.reference, name, types);
    const literals = constantUnion(declaration.type, at.file)?.map((literal) => JSON.parse(literal));
    if (literals !== undefined) return namedEnum(literals, types) ?? types.add(name, () => enumOf(literals));
    return sourceType(declaration.type, { file: at.file, owner: name, types });
  }
  return types.add(typeName(name), () => ({
    description: descriptionOf(docstringOf(declaration)),
    type: "object",
    ...propertiesOf(sourceMembers(at, types)),
  }));
}

/** The schema of `type Name = z.infer<typeof schema>`, from the module that exports it. */
function inferredSchema(at: DeclaredAt) {
  const declaration = declarationOf(at);
  if (declaration === undefined || !ts.isTypeAliasDeclaration(declaration)) return undefined;
  const variable = inferredVariable(declaration.type);
  if (variable === undefined) return undefined;
  const schema: z.ZodType | undefined = require(at.file)[variable];
  if (schema === undefined)
    throw new Error(`${at.file}: export ${variable}, so that the schema of the package has ${at.name}`);
  const reference = { node: declaration.type, file: at.file };
  return { schema, reference, source: aliasOf({ file: at.file, name: variable })?.source };
}

const isUndefined = (type: ts.TypeNode): boolean => type.kind === ts.SyntaxKind.UndefinedKeyword;

/** `pulumi.Output<string | undefined>`. */
function allowsUndefined(type: ts.TypeNode | undefined): boolean {
  if (type === undefined) return false;
  if (ts.isUnionTypeNode(type)) return type.types.some(isUndefined);
  return (
    ts.isTypeReferenceNode(type) &&
    WRAPPERS.includes(type.typeName.getText()) &&
    allowsUndefined(type.typeArguments?.[0])
  );
}
