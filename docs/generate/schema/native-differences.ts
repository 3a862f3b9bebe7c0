import { readFileSync } from "node:fs";
import { join } from "node:path";
import { groupArguments } from "../../../provider/model/cutover-group";
import { outcomeArguments } from "../../../provider/model/outcome";
import type { NamedProperty, PropertySpec, TypeSpec } from "./spec";
import type { TypeRegistry } from "./type-registry";
import { initializerOf } from "./zod-source";
import { zodType } from "./zod-types";

/** Types of TypeScript programs whose values are texts in other languages. */
export const NATIVE_TYPES: Readonly<Record<string, TypeSpec>> = {
  AccessComponent: { type: "string" },
  BucketArgument: { type: "string" },
  "alicloud.rds.Instance": { type: "string" },
};

const memberSchemaIn = (file: string) =>
  initializerOf({ file: join(__dirname, "..", "..", "..", "provider", "model", file), name: "memberSchema" });

/** How an argument of a TypeScript class differs in the schema. */
interface Difference {
  name?: string;
  /** Replaces the docstring, where it describes values that only TypeScript programs have. */
  description: string;
}

const BUCKET_RULES =
  "The bucket must have storage class Standard and no server-side encryption, and must be in the region and account of the instance.";
const ACCESS =
  "The `roleArn` of a MigrationAccess of the same program. The migration waits for the role, and a preview accepts that the role does not exist yet. Not needed where the role already exists.";
const INSTANCE = "Id of the destination instance (`rm-…`).";

/** The differences by the name of the class that has the argument. */
const DIFFERENCES: Readonly<Record<string, Readonly<Record<string, Difference>>>> = {
  DatabaseMigration: {
    instanceId: { description: `${INSTANCE} Changing it replaces the resource; the old database stays as it is.` },
    bucket: {
      description: `Name of the OSS bucket for the backup. ${BUCKET_RULES} While the name is unknown, a preview does not check the bucket. Required unless \`adopt\` is set.`,
    },
    access: { description: ACCESS },
  },
  InstanceMigration: {
    instance: {
      name: "instanceId",
      description: `${INSTANCE} Changing it replaces every migration; the old databases stay as they are.`,
    },
    bucket: { name: "bucketName", description: `Name of the OSS bucket. ${BUCKET_RULES}` },
    access: { description: ACCESS },
  },
  MigrationAccess: {
    instance: {
      name: "instanceId",
      description: "Id of the instance that the policies allow.\n\nDefault: every instance of the account.",
    },
    bucket: {
      name: "bucketName",
      description: "Name of the bucket that the policies allow.\n\nDefault: every bucket of the account.",
    },
  },
};

/** The same for arguments of several classes. */
const COMMON: Readonly<Record<string, Difference>> = {
  region: { description: "Region of the instance and the bucket.\n\nDefault: the `region` of the provider." },
  profile: {
    description:
      "Profile of the aliyun CLI that supplies the credentials.\n\nDefault: the credentials of the provider.",
  },
  assumeRoleArn: {
    description:
      "ARN of a role that the credentials assume first: `acs:ram::<account>:role/<name>`.\n\nDefault: the `assumeRole` of the provider.",
  },
  timeout: {
    description:
      "Maximum time that one `up` waits: a number and a unit, such as `90m`. After it the update fails, the progress is recorded, and the next `up` continues.\n\nDefault: 5h.",
  },
};

/** An argument of a TypeScript class, as programs in other languages give it. */
export function nativeArgument(className: string, argument: NamedProperty): NamedProperty {
  const difference = DIFFERENCES[className]?.[argument.name] ?? COMMON[argument.name];
  if (difference === undefined) return argument;
  const { name = argument.name, description } = difference;
  return { ...argument, name, spec: { ...argument.spec, description } };
}

/**
 * The argument `members` of a resource over several migrations. A TypeScript class takes the migrations themselves; other
 * programs give what the class takes from them, as the handlers' schema describes it.
 */
export function nativeMembers(className: string, types: TypeRegistry): NamedProperty[] {
  const member = (spec: PropertySpec): NamedProperty[] => [{ name: "members", isRequired: true, spec }];
  if (className === "CutoverGroup") {
    return member({
      ...zodType(groupArguments.shape.members, memberSchemaIn("cutover-group.ts"), "GroupMember", types),
      description:
        "The migrations, in the order in which their databases are opened, each with the outputs of a DatabaseMigration. Each migration keeps `phase: restoring`; the group opens its database. The instances may differ, but must be in the group's region and account.",
    });
  }
  if (className === "MigrationOutcome") {
    return member({
      ...zodType(outcomeArguments.shape.members, memberSchemaIn("outcome.ts"), "OutcomeMember", types),
      description: "The migrations of the instance, each with its name and the outputs of a DatabaseMigration.",
    });
  }
  return [];
}

/** Outputs that only a TypeScript program has: resources of its own, which no other program can read. */
export const hasOutput = (className: string, output: string): boolean =>
  !(className === "InstanceMigration" && output === "migrations");

const { dependencies } = JSON.parse(readFileSync(join(__dirname, "..", "..", "..", "package.json"), "utf8"));

/** The argument of the components that create resources of the alicloud provider: TypeScript programs choose it by their package. */
export const alicloudVersion = (className: string): NamedProperty[] =>
  className === "InstanceMigration"
    ? []
    : [
        {
          name: "alicloudVersion",
          isRequired: false,
          spec: {
            type: "string",
            plain: true,
            description: `Version of the alicloud provider that creates the component's resources.\n\nDefault: ${dependencies["@pulumi/alicloud"].replace("^", "")}.`,
          },
        },
      ];
