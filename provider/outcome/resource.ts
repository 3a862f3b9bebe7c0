import * as pulumi from "@pulumi/pulumi";
import type { WaitPoint } from "../inputs";
import { OUTCOME_PROVIDER_TEXT, OUTCOME_TYPE } from "../provider-text";
import type { DatabaseMigration } from "../resource";
import type { DatabaseOutcome } from "./database-outcome";
import type { FindingMode } from "./outcome-inputs";

/** What an InstanceMigration declares its outcome with. */
export interface MigrationOutcomeArgs {
  instanceId: pulumi.Input<string>;
  /** The migrations by resource name, all with the same parent as the outcome. */
  members: { name: string; database: string; migration: DatabaseMigration }[];
  wait?: pulumi.Input<WaitPoint>;
  timeout?: pulumi.Input<string>;
  pollInterval?: pulumi.Input<string>;
  onFinding?: pulumi.Input<FindingMode>;
  region?: pulumi.Input<string>;
  profile?: pulumi.Input<string>;
  assumeRoleArn?: pulumi.Input<string>;
}

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
        members: members.map(toMember),
        preview: pulumi.runtime.isDryRun() ? true : undefined,
        resourceUrn: urnOf(name, opts),
        __provider: OUTCOME_PROVIDER_TEXT,
      },
      opts,
    );
  }
}

/** What the outcome has to know of a migration. Whatever is an input is stored, so it is no more than that. */
const toMember = ({ name, database, migration }: MigrationOutcomeArgs["members"][number]) => ({
  name,
  database,
  status: migration.status,
  statusText: migration.statusText,
  migrateTaskId: migration.migrateTaskId,
  sizeBytes: migration.sizeBytes,
  dataAsOf: migration.dataAsOf,
  startedAt: migration.startedAt,
  finishedAt: migration.finishedAt,
  warnings: migration.warnings,
  failure: migration.failure,
});

/** A plain promise, as for a migration: an Output would depend on the parent, which waits for its children. */
const urnOf = (name: string, opts: pulumi.CustomResourceOptions): Promise<string> =>
  new Promise((resolve) => {
    pulumi.createUrn(name, OUTCOME_TYPE, opts.parent).apply(resolve);
  });
