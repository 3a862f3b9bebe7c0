import * as pulumi from "@pulumi/pulumi";
import type { CheckDbMode, CleanupMode, Phase, WaitPoint } from "../model/inputs";
import type { DatabaseOutcome, FindingMode, outcomeArguments } from "../model/outcome";
import { OUTCOME_PROVIDER_TEXT, OUTCOME_TYPE } from "../model/provider-text";
import type { Assert, SameKeys } from "../model/same-keys";
import { markNames } from "../model/state-format";
import type { DatabaseMigration } from "./database-migration";
import { resourceUrn } from "./resource-urn";
import { sentValue } from "./sent-value";

/** One migration of an instance, with the same parent as the outcome. */
export interface OutcomeMember {
  /** Its resource name. */
  name: string;
  /** Its database on the instance. */
  database: string;
  /** Of a database that takes increments. */
  phase?: Phase;
  /** Whether its backup is uploaded, so that `cleanup` may delete it. */
  isUploaded: boolean;
  /** As the migration has it. */
  checkDb?: pulumi.Input<CheckDbMode>;
  migration: DatabaseMigration;
}

/** What an InstanceMigration declares its outcome with. */
export interface MigrationOutcomeArgs {
  instanceId: pulumi.Input<string>;
  members: readonly OutcomeMember[];
  wait?: pulumi.Input<WaitPoint>;
  timeout?: pulumi.Input<string>;
  pollInterval?: pulumi.Input<string>;
  onFinding?: pulumi.Input<FindingMode>;
  /** Name of the bucket that the backups are in. */
  bucket?: pulumi.Input<string>;
  cleanup?: CleanupMode;
  endpoint?: pulumi.Input<string>;
  region?: pulumi.Input<string>;
  profile?: pulumi.Input<string>;
  assumeRoleArn?: pulumi.Input<string>;
}

/** An argument that is public but not in the schema, or the reverse, does not compile. */
export type ArgumentsAgree = Assert<SameKeys<keyof MigrationOutcomeArgs, keyof typeof outcomeArguments.shape>>;

/**
 * How the migrations of one instance ended, all together: waits for them with one shared look at the instance's tasks, fails
 * the preview or the update in place of those that defer to it, and keeps the summary. Declared by InstanceMigration.
 */
export class MigrationOutcome extends pulumi.CustomResource {
  /** For policy packs and aliases. */
  static readonly __pulumiType = OUTCOME_TYPE;

  /** How each database ended, or where it stands, in the order of their names. */
  declare readonly summary: pulumi.Output<DatabaseOutcome[]>;

  constructor(name: string, args: MigrationOutcomeArgs, opts: pulumi.CustomResourceOptions = {}) {
    const { members, ...rest } = args;
    super(
      OUTCOME_TYPE,
      name,
      {
        ...rest,
        summary: undefined,
        members: Promise.all(members.map((member) => toMember(member, args.cleanup))),
        ...markNames({
          preview: pulumi.runtime.isDryRun() ? true : undefined,
          resourceUrn: resourceUrn(OUTCOME_TYPE, name, opts.parent),
        }),
        __provider: OUTCOME_PROVIDER_TEXT,
      },
      pulumi.mergeOptions(opts, { dependsOn: members.map(({ migration }) => migration) }),
    );
  }
}

/** What the outcome has to know of a migration. Whatever is an input is stored, so it is no more than that. */
async function toMember(
  { name, database, phase, isUploaded, checkDb, migration }: OutcomeMember,
  cleanup: CleanupMode | undefined,
) {
  // A migration that takes increments clears up itself.
  const isCleanedUp = cleanup === "afterOnline" && isUploaded && phase === undefined;
  const { objectKey, objectCrc64, status, statusText, migrateTaskId, sizeBytes, dataAsOf } = migration;
  const { startedAt, finishedAt, timeline, warnings, failure } = migration;
  return {
    ...{ name, database, phase },
    ...(isCleanedUp ? { checkDb } : {}),
    ...(await sentValues({
      ...(isCleanedUp ? { uploadedCrc64: objectCrc64 } : {}),
      objectKey,
      status,
      statusText,
      migrateTaskId,
      sizeBytes,
      dataAsOf,
      startedAt,
      finishedAt,
      timeline,
      warnings,
      failure,
    })),
  };
}

async function sentValues(outputs: Record<string, pulumi.Output<unknown>>): Promise<Record<string, unknown>> {
  const values = await Promise.all(Object.values(outputs).map(sentValue));
  return Object.fromEntries(Object.keys(outputs).map((name, index) => [name, values[index]]));
}
