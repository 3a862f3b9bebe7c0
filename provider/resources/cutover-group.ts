import * as pulumi from "@pulumi/pulumi";
import type { groupArguments, OpenedMember } from "../model/cutover-group";
import type { CheckDbMode, Phase } from "../model/inputs";
import { CUTOVER_GROUP_TYPE } from "../model/provider-text";
import type { Assert, SameKeys } from "../model/same-keys";
import type { DatabaseMigration } from "./database-migration";
import { registrationOf } from "./registration";

/** The arguments of a CutoverGroup. None of them replaces the resource. */
export interface CutoverGroupArgs {
  /**
   * The migrations, by a name of your choice, in the order in which their databases are opened. Each migration keeps
   * `phase: "restoring"`; the group opens its database. The instances may differ, but must be in the group's region and account.
   */
  members: Record<string, DatabaseMigration>;
  /**
   * `restoring`: the group waits. `online`: when every member is ready for the cutover, its databases are opened one after the
   * other. Opening cannot be undone: going back to `restoring` fails with `PHASE_ONE_WAY`. @default "online"
   */
  phase?: pulumi.Input<Phase>;
  /** When DBCC CHECKDB runs: after each database is opened (`async`) or before (`sync`). @default "async" */
  checkDb?: pulumi.Input<CheckDbMode>;
  /** Maximum time that one `up` waits for all members: a number and a unit. The next `up` continues. @default "5h" */
  timeout?: pulumi.Input<string>;
  /** First pause between two polls of a task: a number and a unit. @default "30s" */
  pollInterval?: pulumi.Input<string>;
  /** Region of the instances. @default `alicloud:region`, then ALICLOUD_REGION, ALIBABA_CLOUD_REGION */
  region?: pulumi.Input<string>;
  /** Profile of the aliyun CLI that supplies the credentials, for programs with several accounts. */
  profile?: pulumi.Input<string>;
  /** ARN of a role that the credentials assume first: `acs:ram::<account>:role/<name>`. */
  assumeRoleArn?: pulumi.Input<string>;
}

/** Does not compile when the public arguments and the schema differ. */
export type ArgumentsAgree = Assert<SameKeys<keyof CutoverGroupArgs, keyof typeof groupArguments.shape>>;

/**
 * The joint cutover of several databases. All members must be ready before the first database is opened; else the update fails
 * with `GROUP_NOT_READY`. Each database is opened by its own call, which cannot be undone. If one fails, the databases before it
 * stay open, the group fails with `GROUP_INCOMPLETE` and lists them, and resources that depend on the group are not updated.
 *
 * @example
 * const erp = new DatabaseMigration("erp", { instanceId, bucket, backup, increments: "./erp", phase: "restoring" });
 * const crm = new DatabaseMigration("crm", { instanceId, bucket, backup, increments: "./crm", phase: "restoring" });
 * new CutoverGroup("shop", { members: { erp, crm }, phase: "online" });
 */
export class CutoverGroup extends pulumi.CustomResource {
  /** The resource's type token, for policy packs and aliases. */
  static readonly __pulumiType = CUTOVER_GROUP_TYPE;

  /** `waiting` until all databases are open, then `online`; `failed` when one could not be opened. */
  declare readonly status: pulumi.Output<OpenedMember["status"]>;
  /** The cutover status of each database, in the order of the members. */
  declare readonly opened: pulumi.Output<OpenedMember[]>;

  constructor(name: string, args: CutoverGroupArgs, opts: pulumi.CustomResourceOptions = {}) {
    const { members, ...rest } = args;
    const inputs = {
      ...rest,
      status: undefined,
      opened: undefined,
      members: Object.entries(members).map(([key, migration]) => toMember(key, migration)),
    };
    super(...registrationOf("CutoverGroup", name, inputs, opts));
  }
}

/** Returns the group's input for one migration. Using the migration's outputs makes the group depend on it. */
const toMember = (name: string, migration: DatabaseMigration) => ({
  name,
  instanceId: migration.instanceId,
  database: migration.databaseName,
  status: migration.status,
  migrateTaskId: migration.migrateTaskId,
  readyForCutover: migration.readyForCutover,
  cutoverObstacles: migration.cutoverObstacles,
});
