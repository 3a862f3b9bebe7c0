import * as pulumi from "@pulumi/pulumi";
import type { groupArguments, OpenedMember } from "../model/cutover-group";
import type { CheckDbMode, Phase } from "../model/inputs";
import { CUTOVER_GROUP_PROVIDER_TEXT, CUTOVER_GROUP_TYPE } from "../model/provider-text";
import type { Assert, SameKeys } from "../model/same-keys";
import { markNames } from "../model/state-format";
import type { DatabaseMigration } from "./database-migration";
import { resourceUrn } from "./resource-urn";

/** Databases that go online together. */
export interface CutoverGroupArgs {
  /**
   * The migrations, in the order in which their databases are opened. Each keeps `phase: "restoring"` for good: the group
   * opens it. They may be of several instances in the group's region and account.
   */
  members: Record<string, DatabaseMigration>;
  /**
   * `restoring`: the group waits. `online`: when every member is ready for the cutover, they are opened one after the other.
   * One way. @default "online"
   */
  phase?: pulumi.Input<Phase>;
  /** DBCC CHECKDB after each database was opened (`async`) or before (`sync`). @default "async" */
  checkDb?: pulumi.Input<CheckDbMode>;
  /** The longest that one `up` waits for all; then the next goes on. A number and a unit. @default "5h" */
  timeout?: pulumi.Input<string>;
  /** First pause between two looks at a task. A number and a unit. @default "30s" */
  pollInterval?: pulumi.Input<string>;
  /** Region of the instances. @default `alicloud:region`, then ALICLOUD_REGION, ALIBABA_CLOUD_REGION */
  region?: pulumi.Input<string>;
  /** A profile of the aliyun CLI, where a program uses several accounts. */
  profile?: pulumi.Input<string>;
  /** A role that the credentials assume first. */
  assumeRoleArn?: pulumi.Input<string>;
}

/** An argument that is public but not in the schema, or the reverse, does not compile. */
export type ArgumentsAgree = Assert<SameKeys<keyof CutoverGroupArgs, keyof typeof groupArguments.shape>>;

/**
 * The cutover of several databases that belong together. All of them have to be ready before the first is opened. Opening is
 * one call for each and cannot be undone: if one fails, those before it stay open, the group ends failed and says which,
 * and what `dependsOn` the group is not reached.
 *
 * @example
 * const erp = new DatabaseMigration("erp", { instanceId, bucket, backup, increments: "./erp", phase: "restoring" });
 * const crm = new DatabaseMigration("crm", { instanceId, bucket, backup, increments: "./crm", phase: "restoring" });
 * new CutoverGroup("shop", { members: { erp, crm }, phase: "online" });
 */
export class CutoverGroup extends pulumi.CustomResource {
  /** For policy packs and aliases. */
  static readonly __pulumiType = CUTOVER_GROUP_TYPE;

  /** `waiting` until all are open, `failed` when one could not be opened. */
  declare readonly status: pulumi.Output<OpenedMember["status"]>;
  /** What became of each database, in the order of the members. */
  declare readonly opened: pulumi.Output<OpenedMember[]>;

  constructor(name: string, args: CutoverGroupArgs, opts: pulumi.CustomResourceOptions = {}) {
    const { members, ...rest } = args;
    super(
      CUTOVER_GROUP_TYPE,
      name,
      {
        ...rest,
        status: undefined,
        opened: undefined,
        members: Object.entries(members).map(([key, migration]) => toMember(key, migration)),
        ...markNames({
          preview: pulumi.runtime.isDryRun() ? true : undefined,
          resourceUrn: resourceUrn(CUTOVER_GROUP_TYPE, name, opts.parent),
        }),
        __provider: CUTOVER_GROUP_PROVIDER_TEXT,
      },
      opts,
    );
  }
}

/** What the group has to know of a migration. By using its outputs the group comes after it. */
const toMember = (name: string, migration: DatabaseMigration) => ({
  name,
  instanceId: migration.instanceId,
  database: migration.databaseName,
  status: migration.status,
  migrateTaskId: migration.migrateTaskId,
  readyForCutover: migration.readyForCutover,
  cutoverObstacles: migration.cutoverObstacles,
});
