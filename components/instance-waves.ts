import * as pulumi from "@pulumi/pulumi";
import { type DatabaseResult, resultOf } from "../provider/model/database-counts";
import type { DatabaseOutcome } from "../provider/model/outcome";
import { OUTCOME_SUFFIX } from "../provider/model/provider-text";
import { resourceName } from "../provider/model/terminal-text";
import { bucketNameOf } from "../provider/resources/bucket-argument";
import { MigrationOutcome } from "../provider/resources/migration-outcome";
import { type DeclaredMember, declareMember, rehearsalSuffix } from "./instance-members";
import type { InstanceMigrationArgs } from "./instance-migration-args";
import type { Wave } from "./waves";

/**
 * Declares the migrations and one outcome for each wave. The migrations of a wave depend on the outcome of the wave before, so a
 * failure there stops what has not begun, and get its result, because an outcome may end well before its databases are online.
 */
export function declareWaves(
  name: string,
  args: InstanceMigrationArgs,
  waves: readonly Wave[],
  parent: pulumi.Resource,
): { members: DeclaredMember[]; outcomes: MigrationOutcome[] } {
  const { instance, onFinding, wait, timeout, pollInterval, region, profile, assumeRoleArn, endpoint, cleanup } = args;
  const all: DeclaredMember[] = [];
  const outcomes: MigrationOutcome[] = [];
  for (const [index, { plan, databases }] of waves.entries()) {
    const before = outcomes.at(-1);
    const position = { wave: plan, gatePassed: before?.summary.apply(isRestored), dependsOn: before };
    const members = databases.map((database) => declareMember(name, args, database, parent, position));
    const earlier = all.map(({ name, database }) => ({ name, database }));
    const isLast = index === waves.length - 1;
    outcomes.push(
      new MigrationOutcome(
        plan === undefined ? `${name}${OUTCOME_SUFFIX}` : resourceName(`${name}-${plan.name}${OUTCOME_SUFFIX}`),
        {
          instanceId: pulumi.Resource.isInstance(instance) ? instance.id : instance,
          members,
          bucket: bucketNameOf(args.bucket),
          isRehearsal: rehearsalSuffix(args) === "" ? undefined : true,
          wave: plan && { name: plan.name, isLast, earlier: isLast ? earlier : [] },
          ...{ onFinding, wait, timeout, pollInterval, region, profile, assumeRoleArn, endpoint, cleanup },
        },
        { parent },
      ),
    );
    all.push(...members);
  }
  return { members: all, outcomes };
}

const RESTORED: readonly DatabaseResult[] = ["online", "waitingForIncrements"];

/** Whether every database of a wave is restored, so that the next wave may begin. */
const isRestored = (summary: readonly DatabaseOutcome[]): boolean =>
  summary.every((outcome) => RESTORED.includes(resultOf(outcome)));

/** Joins the results of all waves, in the order of the databases' names. */
export function joinSummaries(outcomes: readonly MigrationOutcome[]): pulumi.Output<DatabaseOutcome[]> {
  const [only, ...others] = outcomes.map(({ summary }) => summary);
  if (only !== undefined && others.length === 0) return only;
  return pulumi
    .all(outcomes.map(({ summary }) => summary))
    .apply((summaries) => summaries.flat().sort((one, other) => (one.database < other.database ? -1 : 1)));
}
