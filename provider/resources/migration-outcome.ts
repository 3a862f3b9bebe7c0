import * as pulumi from "@pulumi/pulumi";
import type { CheckDbMode, CleanupMode, Phase, WaitPoint } from "../model/inputs";
import { MEMBER_PROGRESS } from "../model/member-progress";
import type { DatabaseOutcome, FindingMode, OutcomeInputs, outcomeArguments } from "../model/outcome";
import { OUTCOME_TYPE } from "../model/provider-text";
import type { Assert, SameKeys } from "../model/same-keys";
import { markNames } from "../model/state-format";
import type { DatabaseMigration } from "./database-migration";
import { registrationOf } from "./registration";
import { sentValue } from "./sent-value";

/** One migration of an instance. It has the same parent as the outcome. */
export interface OutcomeMember {
  /** Resource name of the migration. */
  name: string;
  /** Name of the database on the instance. */
  database: string;
  /** Phase of a database with increments; absent for a full-only migration. */
  phase?: Phase;
  /** Whether the migration uploads its backup, so that `cleanup` may delete the object. */
  isUploaded: boolean;
  /** The migration's `checkDb`. */
  checkDb?: pulumi.Input<CheckDbMode>;
  migration: DatabaseMigration;
}

/** The arguments of a MigrationOutcome. InstanceMigration sets them from its own. None of them replaces the resource. */
export interface MigrationOutcomeArgs {
  /** Id of the destination instance (`rm-…`). */
  instanceId: pulumi.Input<string>;
  /** The migrations of the instance. */
  members: readonly OutcomeMember[];
  /** How far one `up` goes: until every database is online (`finished`) or has a task (`submitted`). @default "finished" */
  wait?: pulumi.Input<WaitPoint>;
  /** Maximum time that one `up` waits for all databases: a number and a unit. @default "5h" */
  timeout?: pulumi.Input<string>;
  /** First pause between two polls of the tasks: a number and a unit. @default "30s" */
  pollInterval?: pulumi.Input<string>;
  /**
   * How a preview treats findings. `stop`: it fails and nothing is sent. `isolate`: the other databases are migrated, and the
   * update fails. @default "stop"
   */
  onFinding?: pulumi.Input<FindingMode>;
  /** Name of the bucket that holds the backups. */
  bucket?: pulumi.Input<string>;
  /** `afterOnline`: deletes the uploaded full backup of each database that is online and sound. @default "keep" */
  cleanup?: CleanupMode;
  /** The OSS endpoint: `public`, `internal`, `accelerate` or a URL. @default "public" */
  endpoint?: pulumi.Input<string>;
  /** Region of the instance and the bucket. @default `alicloud:region`, then ALICLOUD_REGION, ALIBABA_CLOUD_REGION */
  region?: pulumi.Input<string>;
  /** Profile of the aliyun CLI that supplies the credentials. */
  profile?: pulumi.Input<string>;
  /** ARN of a role that the credentials assume first: `acs:ram::<account>:role/<name>`. */
  assumeRoleArn?: pulumi.Input<string>;
}

/** What only InstanceMigration sets. */
export interface InstanceOutcomeArgs extends MigrationOutcomeArgs {
  /** The wave whose results the outcome has; undefined for all databases of the instance. */
  wave?: OutcomeInputs["wave"];
  /** The databases are only restored to try it: the outcome waits for DBCC CHECKDB and lists what is left to drop. */
  isRehearsal?: boolean;
}

/** Does not compile when the public arguments and the schema differ. */
export type ArgumentsAgree = Assert<SameKeys<keyof MigrationOutcomeArgs, keyof typeof outcomeArguments.shape>>;

/**
 * The results of all migrations of one instance in one summary. Waits for the migrations with one shared task list, and fails the
 * preview or the update in their place. InstanceMigration declares it.
 */
export class MigrationOutcome extends pulumi.CustomResource {
  /** The resource's type token, for policy packs and aliases. */
  static readonly __pulumiType = OUTCOME_TYPE;

  /** The result or current status of each database, in the order of their names. */
  declare readonly summary: pulumi.Output<DatabaseOutcome[]>;

  constructor(name: string, args: InstanceOutcomeArgs, opts: pulumi.CustomResourceOptions = {}) {
    const { members, wave, isRehearsal, ...rest } = args;
    const inputs = {
      ...rest,
      summary: undefined,
      members: Object.fromEntries(members.map(({ name: member, database }) => [member, database])),
      ...markNames({
        progress: progressOf(members, args),
        ...(wave === undefined ? {} : { wave }),
        ...(isRehearsal === undefined ? {} : { isRehearsal }),
      }),
    };
    const dependsOn = members.map(({ migration }) => migration);
    super(...registrationOf("MigrationOutcome", name, inputs, pulumi.mergeOptions(opts, { dependsOn })));
  }
}

/** The arguments with which the outcome waits for DBCC CHECKDB. */
type CheckNeeds = Pick<InstanceOutcomeArgs, "cleanup" | "isRehearsal">;

/** Returns what the outcome needs of each migration, by resource name. The input is hidden: it changes with every step of a migration. */
const progressOf = async (members: readonly OutcomeMember[], needs: CheckNeeds): Promise<object> =>
  Object.fromEntries(
    await Promise.all(members.map(async (member) => [member.name, await toMember(member, needs)] as const)),
  );

/** Returns the outcome's input for one migration. Inputs are stored in the state, so it has only what the outcome needs. */
async function toMember(
  { phase, isUploaded, checkDb, migration }: OutcomeMember,
  { cleanup, isRehearsal }: CheckNeeds,
) {
  // A migration with increments deletes its objects itself.
  const isCleanedUp = cleanup === "afterOnline" && isUploaded && phase === undefined;
  const { objectKey, objectCrc64 } = migration;
  const { warnings, ...progress } = await sentValues({
    ...(isCleanedUp ? { uploadedCrc64: objectCrc64 } : {}),
    objectKey,
    ...Object.fromEntries(MEMBER_PROGRESS.map((member) => [member, migration[member]])),
  });
  return {
    phase,
    ...(isCleanedUp || isRehearsal ? { checkDb } : {}),
    ...progress,
    warnings: Array.isArray(warnings) && warnings.length === 0 ? undefined : warnings,
  };
}

async function sentValues(outputs: Record<string, pulumi.Output<unknown>>): Promise<Record<string, unknown>> {
  const values = await Promise.all(Object.values(outputs).map(sentValue));
  return Object.fromEntries(Object.keys(outputs).map((name, index) => [name, values[index]]));
}
