import type * as pulumi from "@pulumi/pulumi";
import { InstanceMigration } from "../../components/instance-migration";
import type { InstanceMigrationArgs } from "../../components/instance-migration-args";
import { MigrationAccess, type MigrationAccessArgs } from "../../components/migration-access";
import { type ExistingBucketArgs, MigrationBucket, type NewBucketArgs } from "../../components/migration-bucket";
import type { Assert, SameKeys } from "../../provider/model/same-keys";
import type { ComponentInputs } from "./component-inputs";
import { roleReference } from "./role-reference";

/** Creates a component from its arguments and returns it with the outputs that a program sees. */
interface ComponentKind {
  /** Names of all arguments. */
  readonly arguments: readonly string[];
  create(
    name: string,
    inputs: ComponentInputs,
    opts: pulumi.ComponentResourceOptions,
  ): Promise<{ component: pulumi.ComponentResource; outputs: pulumi.Inputs }>;
}

/** Version of @pulumi/alicloud, of the components that create resources of it. */
export const ALICLOUD_VERSION_ARGUMENT = "alicloudVersion";

/** Arguments that decide which resources the component declares, or with which account it reads backups. */
const INSTANCE_PLAIN = [
  ...(["backups", "excludeFiles", "databases", "overrides", "cleanup", "phase", "cutoverGroup"] as const),
  ...(["region", "endpoint", "profile", "assumeRoleArn"] as const),
];
const INSTANCE_PASSED = [
  ...(["folder", "checkDb", "wait", "timeout", "pollInterval", "onDestroy", "allowOverwrite"] as const),
  ...(["retryTrigger", "upload", "cutover", "minInterval", "onFinding", "baseline"] as const),
];
const INSTANCE_OTHER = ["instanceId", "bucketName", "access"] as const;

const BUCKET_PLAIN = ["abortUploadsAfterDays", "expireBackupsAfterDays"] as const;
const BUCKET_PASSED = ["bucketName", "redundancyType", "forceDestroy", "tags", "existing"] as const;

const ACCESS_PLAIN = ["createRole", "profile", "assumeRoleArn"] as const;
const ACCESS_OTHER = ["instanceId", "bucketName", "grantTo", "policyName"] as const;

/** The arguments of the TypeScript components, whose `instance` and `bucket` are texts here. */
type TextArguments<T> = Exclude<keyof T, "instance" | "bucket"> | "instanceId" | "bucketName";
export type InstanceArgumentsAgree = Assert<
  SameKeys<
    TextArguments<InstanceMigrationArgs>,
    (typeof INSTANCE_PLAIN)[number] | (typeof INSTANCE_PASSED)[number] | (typeof INSTANCE_OTHER)[number]
  >
>;
export type BucketArgumentsAgree = Assert<
  SameKeys<
    keyof NewBucketArgs | keyof ExistingBucketArgs,
    (typeof BUCKET_PLAIN)[number] | (typeof BUCKET_PASSED)[number]
  >
>;
export type AccessArgumentsAgree = Assert<
  SameKeys<TextArguments<MigrationAccessArgs>, (typeof ACCESS_PLAIN)[number] | (typeof ACCESS_OTHER)[number]>
>;

/** The components of the plugin by type token, which is that of the TypeScript class: a stack of a TypeScript program can move over. */
export const COMPONENTS: Readonly<Record<string, ComponentKind>> = {
  [InstanceMigration.__pulumiType]: {
    arguments: [...INSTANCE_PLAIN, ...INSTANCE_PASSED, ...INSTANCE_OTHER],
    async create(name, inputs, opts) {
      const args: InstanceMigrationArgs = {
        ...inputs.passed(INSTANCE_PASSED),
        ...(await inputs.plain(INSTANCE_PLAIN)),
        instance: inputs.required("instanceId"),
        bucket: inputs.required("bucketName"),
        access: await roleReference(inputs.passed(["access"]).access),
      };
      inputs.required("backups");
      const component = new InstanceMigration(name, args, opts);
      const { counts, failures, summary, databases, skipped, opened } = component;
      return { component, outputs: { counts, failures, summary, databases, skipped, opened } };
    },
  },
  [MigrationBucket.__pulumiType]: {
    arguments: [...BUCKET_PLAIN, ...BUCKET_PASSED, ALICLOUD_VERSION_ARGUMENT],
    async create(name, inputs, opts) {
      const args = { ...inputs.passed(BUCKET_PASSED), ...(await inputs.plain(BUCKET_PLAIN)) };
      const component = new MigrationBucket(name, args, opts);
      return { component, outputs: { bucketName: component.bucketName } };
    },
  },
  [MigrationAccess.__pulumiType]: {
    arguments: [...ACCESS_PLAIN, ...ACCESS_OTHER, ALICLOUD_VERSION_ARGUMENT],
    async create(name, inputs, opts) {
      const { instanceId, bucketName, policyName } = inputs.passed(ACCESS_OTHER);
      const args: MigrationAccessArgs = {
        ...(await inputs.plain(ACCESS_PLAIN)),
        instance: instanceId,
        bucket: bucketName,
        policyName,
        grantTo: (await inputs.members("grantTo")) as MigrationAccessArgs["grantTo"],
      };
      const component = new MigrationAccess(name, args, opts);
      const { roleArn, policy, previewPolicy } = component;
      return { component, outputs: { roleArn, policy, previewPolicy } };
    },
  },
};
