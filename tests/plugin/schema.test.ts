import { readFileSync } from "node:fs";
import { join } from "node:path";
import * as ts from "typescript";
import { z } from "zod";
import { packageSchema } from "../../docs/generate/schema/package-schema";
import type { PropertySpec, ResourceSpec, TypeSpec } from "../../docs/generate/schema/spec";
import { ALICLOUD_VERSION } from "../../plugin/construct/alicloud-by-token";
import { COMPONENTS } from "../../plugin/construct/components";
import { providerArguments } from "../../provider/hosts/plugin/provider-arguments";
import { bucketUploads } from "../../provider/model/bucket-uploads";
import { groupArguments, groupOutputs } from "../../provider/model/cutover-group";
import { migrationArguments } from "../../provider/model/inputs";
import { databaseOutcome, outcomeArguments } from "../../provider/model/outcome";
import { migrationProgress } from "../../provider/model/outputs";
import {
  dynamicType,
  nativeType,
  PACKAGE_NAME,
  RESOURCE_KINDS,
  type ResourceKind,
} from "../../provider/model/resource-type";
import { isUnknown } from "../../provider/model/unknown";
import { verificationArguments, verificationCounts } from "../../provider/model/verification";

const ROOT = join(__dirname, "..", "..");
const schema = packageSchema();
const resource = (name: string): ResourceSpec => {
  const found = schema.resources[`${PACKAGE_NAME}:index:${name}`];
  if (found === undefined) throw new Error(`the schema has no ${name}`);
  return found;
};

/** A type in one notation, whether the schema or a handler's zod schema describes it: with its members, enum values and what is required. */
type Shape = string | readonly Shape[] | { [name: string]: Shape };

function shapeOfSpec(spec: TypeSpec): Shape {
  if (spec.oneOf !== undefined) return alternatives(spec.oneOf.map(shapeOfSpec));
  if (spec.$ref !== undefined) {
    const type = schema.types[spec.$ref.replace("#/types/", "")];
    if (type === undefined) throw new Error(`the schema has no ${spec.$ref}`);
    if (!("properties" in type)) return type.enum.map(({ value }) => value).join("|");
    return shapeOfMembers(type.properties, type.required);
  }
  if (spec.items !== undefined) return [shapeOfSpec(spec.items)];
  if (spec.additionalProperties !== undefined) return { "*": shapeOfSpec(spec.additionalProperties) };
  return spec.type ?? "";
}

const shapeOfMembers = (properties: Record<string, PropertySpec>, required: readonly string[]): Shape =>
  Object.fromEntries(
    Object.entries(properties).map(([name, spec]) => [required.includes(name) ? name : `${name}?`, shapeOfSpec(spec)]),
  );

const alternatives = (shapes: Shape[]): Shape => {
  const distinct = [...new Map(shapes.map((shape) => [JSON.stringify(shape), shape])).values()];
  return distinct.length === 1 ? (distinct[0] ?? "") : { oneOf: distinct };
};

type JsonSchema = z.core.JSONSchema.BaseSchema;

const isNull = ({ type }: JsonSchema): boolean => type === "null";
const isNullable = ({ anyOf = [], type = [] }: JsonSchema): boolean =>
  [type].flat().includes("null") || (anyOf as JsonSchema[]).some(isNull);

/** zod's own description of a schema in the same notation. The schema of the package has neither unknown values nor `null`. */
function shapeOfZod(json: JsonSchema): Shape {
  const { anyOf, enum: values, properties, items, additionalProperties, required = [] } = json;
  if (anyOf !== undefined) {
    const known = (anyOf as JsonSchema[]).filter((each) => !isUnknown(each.const) && !isNull(each));
    return alternatives(known.map(shapeOfZod));
  }
  if (values !== undefined) return values.join("|");
  if (properties !== undefined) {
    const members = Object.entries(properties as Record<string, JsonSchema>);
    return Object.fromEntries(
      members.map(([name, member]) => {
        const isRequired = required.includes(name) && !isNullable(member);
        return [isRequired ? name : `${name}?`, shapeOfZod(member)];
      }),
    );
  }
  if (items !== undefined) return [shapeOfZod(items as JsonSchema)];
  if (typeof additionalProperties === "object") return { "*": shapeOfZod(additionalProperties as JsonSchema) };
  const types = [json.type ?? []].flat().filter((each) => each !== "null");
  return alternatives(types.map((each) => (each === "integer" ? "number" : each)));
}

const zodShape = (type: z.ZodType, io: "input" | "output"): Shape => shapeOfZod(z.toJSONSchema(type, { io }));

const ARGUMENTS: Record<ResourceKind, z.ZodObject> = {
  // In a program, `increments` are names; check lists the files in their place. `access` only orders the resources.
  DatabaseMigration: migrationArguments.extend({
    increments: z.union([z.string(), z.array(z.string())]).optional(),
    access: z.string().optional(),
  }),
  MigrationOutcome: outcomeArguments,
  CutoverGroup: groupArguments,
  MigrationVerification: verificationArguments,
  BucketUploads: bucketUploads,
};

test.each(RESOURCE_KINDS)("the arguments of %s are those that its handlers accept", (kind) => {
  const { inputProperties, requiredInputs } = resource(kind);
  expect(shapeOfMembers(inputProperties, requiredInputs)).toEqual(zodShape(ARGUMENTS[kind], "input"));
});

const OUTPUTS: Record<ResourceKind, z.ZodObject> = {
  DatabaseMigration: migrationProgress.extend({ instanceId: z.string(), bucket: z.string().optional() }),
  MigrationOutcome: z.object({ summary: z.array(databaseOutcome) }),
  CutoverGroup: groupOutputs,
  MigrationVerification: z.object({ counts: verificationCounts }),
  BucketUploads: z.object({}),
};

test.each(RESOURCE_KINDS)("the outputs of %s are those that its handlers record", (kind) => {
  const { properties, required } = resource(kind);
  expect(shapeOfMembers(properties, required)).toEqual(zodShape(OUTPUTS[kind], "output"));
});

/** Reads the declared names from the source, independent of the generator: own members, and keys of `Pick<…>`. */
function declaredMembers(file: string, name: string): string[] {
  const source = ts.createSourceFile(file, readFileSync(join(ROOT, file), "utf8"), ts.ScriptTarget.Latest, true);
  const declaration = source.statements.find(
    (each): each is ts.InterfaceDeclaration | ts.ClassDeclaration =>
      (ts.isInterfaceDeclaration(each) || ts.isClassDeclaration(each)) && each.name?.text === name,
  );
  if (declaration === undefined) throw new Error(`${file} does not declare ${name}`);
  const picked = (declaration.heritageClauses ?? []).flatMap((clause) =>
    ts.isInterfaceDeclaration(declaration) ? [...clause.getText().matchAll(/"(\w+)"/g)].map(([, key = ""]) => key) : [],
  );
  const own = declaration.members.flatMap((member) => {
    if (ts.isPropertySignature(member)) return member.type?.getText() === "undefined" ? [] : [member.name.getText()];
    const isOutput = ts.isPropertyDeclaration(member) && member.type?.getText().startsWith("pulumi.Output<");
    return isOutput ? [member.name?.getText() ?? ""] : [];
  });
  return [...own, ...picked].sort();
}

const CLASSES: [name: string, file: string, args: [file: string, name: string][], renamed?: Record<string, string>][] =
  [
    ...RESOURCE_KINDS.map((kind): (typeof CLASSES)[number] => {
      const file = `provider/resources/${kind.replace(/(?!^)[A-Z]/g, (letter) => `-${letter}`).toLowerCase()}.ts`;
      return [kind, file, [[file, `${kind}Args`]]];
    }),
    [
      "InstanceMigration",
      "components/instance-migration.ts",
      [["components/instance-migration-args.ts", "InstanceMigrationArgs"]],
      { instance: "instanceId", bucket: "bucketName" },
    ],
    [
      "MigrationBucket",
      "components/migration-bucket.ts",
      [
        ["components/migration-bucket.ts", "NewBucketArgs"],
        ["components/migration-bucket.ts", "ExistingBucketArgs"],
      ],
    ],
    [
      "MigrationAccess",
      "components/migration-access.ts",
      [["components/migration-access.ts", "MigrationAccessArgs"]],
      { instance: "instanceId", bucket: "bucketName" },
    ],
  ];

test.each(CLASSES)("%s has the arguments and outputs of the TypeScript class", (name, file, args, renamed = {}) => {
  const spec = resource(name);
  const declared = args.flatMap(([argsFile, argsName]) => declaredMembers(argsFile, argsName));
  const isOfAlicloud = name === "MigrationBucket" || name === "MigrationAccess";
  const expected = [...declared.map((each) => renamed[each] ?? each), ...(isOfAlicloud ? ["alicloudVersion"] : [])];
  expect(Object.keys(spec.inputProperties).sort()).toEqual(expected.sort());
  // The migrations are resources, which only their own program can read.
  expect(Object.keys(spec.properties).sort()).toEqual(
    declaredMembers(file, name).filter((each) => each !== "migrations"),
  );
});

test("the components have the arguments that Construct reads", () => {
  for (const [token, { arguments: names }] of Object.entries(COMPONENTS)) {
    expect(Object.keys(schema.resources[token]?.inputProperties ?? {}).sort()).toEqual([...names].sort());
  }
  expect(Object.keys(COMPONENTS)).toHaveLength(3);
  expect(resource("MigrationBucket").inputProperties.alicloudVersion?.description).toContain(ALICLOUD_VERSION);
});

test("the arguments of a provider are those that it checks", () => {
  const { inputProperties } = schema.provider;
  expect(shapeOfMembers(inputProperties, [])).toEqual(zodShape(providerArguments, "output"));
});

test("every resource, argument, output and member of a type has a description", () => {
  const described = (at: string, properties: Record<string, PropertySpec>) =>
    Object.entries(properties).map(([name, { description }]) => [`${at}.${name}`, description] as const);
  const all = [
    ...Object.entries(schema.resources).flatMap(([token, { description, properties, inputProperties }]) => [
      [token, description] as const,
      ...described(token, properties),
      ...described(token, inputProperties),
    ]),
    ...described("provider", schema.provider.inputProperties),
  ];
  expect(all.length).toBeGreaterThan(100);
  expect(all.filter(([, description]) => !description).map(([at]) => at)).toEqual([]);
});

test("no description has the names of TypeScript alone", () => {
  expect(JSON.stringify(schema).match(/\{@link|pulumi\.(Input|Output)|new [A-Z]\w+\(/g)).toBeNull();
});

test("only the keys of the provider are secret", () => {
  const secret = (properties: Record<string, PropertySpec>) =>
    Object.entries(properties).flatMap(([name, spec]) => (spec.secret ? [name] : []));
  expect(secret(schema.provider.inputProperties)).toEqual(["accessKey", "secretKey", "securityToken"]);
  expect(schema.config.variables).toEqual(schema.provider.inputProperties);
  expect(
    Object.values(schema.resources).flatMap(({ properties, inputProperties }) =>
      secret({ ...properties, ...inputProperties }),
    ),
  ).toEqual([]);
});

test("names the inputs that replace a resource, without letting the engine decide it", () => {
  const replacing = Object.entries(schema.resources).flatMap(([token, { inputProperties }]) =>
    Object.entries(inputProperties).flatMap(([name, spec]) =>
      spec.willReplaceOnChanges ? [`${token.split(":")[2]}.${name}`] : [],
    ),
  );
  expect(replacing).toEqual([
    "DatabaseMigration.databaseName",
    "DatabaseMigration.instanceId",
    "BucketUploads.bucket",
    "InstanceMigration.instanceId",
    "MigrationBucket.bucketName",
    "MigrationBucket.redundancyType",
  ]);
  expect(JSON.stringify(schema)).not.toContain('"replaceOnChanges"');
});

test("a custom resource takes over the state of its dynamic type; a component has one type on both hosts", () => {
  for (const kind of RESOURCE_KINDS) {
    expect(schema.resources[nativeType(kind)]?.aliases).toEqual([{ type: dynamicType(kind) }]);
  }
  const components = Object.entries(schema.resources).filter(([, { isComponent }]) => isComponent);
  expect(components.map(([token, { aliases }]) => [token, aliases])).toEqual([
    ["sqlserver-migration:index:InstanceMigration", undefined],
    ["sqlserver-migration:index:MigrationBucket", undefined],
    ["sqlserver-migration:index:MigrationAccess", undefined],
  ]);
});

test("has no default values: an SDK would send them as if the program had set them", () => {
  expect(JSON.stringify(schema)).not.toMatch(/"default":/);
});
