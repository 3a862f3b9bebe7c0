import { join } from "node:path";
import * as ts from "typescript";
import { dynamicType, nativeType, PACKAGE_NAME, type ResourceKind } from "../../../provider/model/resource-type";
import { docstringOf } from "../api/docstring";
import { type Member, membersOf } from "../api/members";
import { type DeclaredAt, declarationOf } from "../api/source-file";
import { descriptionOf } from "./description";
import { alicloudVersion, hasOutput, nativeArgument, nativeMembers } from "./native-differences";
import { sourceMembers } from "./source-types";
import { type NamedProperty, propertiesOf, type ResourceSpec } from "./spec";
import type { TypeRegistry } from "./type-registry";

const ROOT = join(__dirname, "..", "..", "..");

/** The file of each class of a custom resource. */
const RESOURCES: Readonly<Record<ResourceKind, string>> = {
  DatabaseMigration: "provider/resources/database-migration.ts",
  MigrationOutcome: "provider/resources/migration-outcome.ts",
  CutoverGroup: "provider/resources/cutover-group.ts",
  MigrationVerification: "provider/resources/migration-verification.ts",
  BucketUploads: "provider/resources/bucket-uploads.ts",
};

/** The files of each component's class and of its argument interfaces. */
const COMPONENTS: Readonly<Record<string, { file: string; args: readonly DeclaredAt[] }>> = {
  InstanceMigration: component("instance-migration.ts", "instance-migration-args.ts", "InstanceMigrationArgs"),
  MigrationBucket: component("migration-bucket.ts", "migration-bucket.ts", "NewBucketArgs", "ExistingBucketArgs"),
  MigrationAccess: component("migration-access.ts", "migration-access.ts", "MigrationAccessArgs"),
};

function component(file: string, argsFile: string, ...names: string[]) {
  const path = (name: string): string => join(ROOT, "components", name);
  return { file: path(file), args: names.map((name) => ({ file: path(argsFile), name })) };
}

/** The custom resources by token, each with the dynamic type as alias, so that a stack of the dynamic host keeps its state. */
export const resourceSpecs = (types: TypeRegistry): Record<string, ResourceSpec> =>
  Object.fromEntries(
    Object.entries(RESOURCES).map(([name, path]) => {
      const kind = name as ResourceKind;
      const at = { file: join(ROOT, path), name };
      const members = nativeMembers(name, types);
      const isOther = (member: Member): boolean => !members.some((each) => each.name === member.name);
      const args = [...members, ...sourceMembers({ file: at.file, name: `${name}Args` }, types, isOther)];
      return [nativeType(kind), { ...resourceSpec(at, args, types), aliases: [{ type: dynamicType(kind) }] }];
    }),
  );

/** The components by token. */
export const componentSpecs = (types: TypeRegistry): Record<string, ResourceSpec> =>
  Object.fromEntries(
    Object.entries(COMPONENTS).map(([name, { file, args }]) => {
      // With several shapes, a program gives the members of one of them.
      const isOneOfShapes = args.length > 1;
      const members = args.flatMap((each) => sourceMembers(each, types).map((member) => plainMember(each, member)));
      const optional = members.map((member) => ({ ...member, isRequired: member.isRequired && !isOneOfShapes }));
      const spec = resourceSpec({ file, name }, [...optional, ...alicloudVersion(name)], types);
      return [`${PACKAGE_NAME}:index:${name}`, { ...spec, isComponent: true as const }];
    }),
  );

function resourceSpec(at: DeclaredAt, args: readonly NamedProperty[], types: TypeRegistry): ResourceSpec {
  const declaration = declarationOf(at);
  if (declaration === undefined) throw new Error(`${at.file} does not declare ${at.name}`);
  const { properties: inputProperties, required: requiredInputs } = propertiesOf(
    args.map((each) => nativeArgument(at.name, each)),
  );
  return {
    description: descriptionOf(docstringOf(declaration)),
    ...propertiesOf(sourceMembers(at, types, (member) => isOutput(member) && hasOutput(at.name, member.name))),
    inputProperties,
    requiredInputs,
  };
}

/** Other members of a class exist only in a TypeScript program. */
const isOutput = ({ type }: Member): boolean =>
  type !== undefined && ts.isTypeReferenceNode(type) && type.typeName.getText() === "pulumi.Output";

/** A component reads some arguments before it declares resources, so they cannot be outputs of one. */
function plainMember(at: DeclaredAt, member: NamedProperty): NamedProperty {
  const type =
    membersOf(at)
      .find(({ name }) => name === member.name)
      ?.type?.getText() ?? "";
  const isPlain = !/\bInput<|BucketArgument|DatabaseMigrationArgs|AccessComponent/.test(type);
  return isPlain ? { ...member, spec: { ...member.spec, plain: true } } : member;
}
