import * as pulumi from "@pulumi/pulumi";
import type { DatabaseOutcome } from "../provider/model/outcome";
import type { MigrationStatus } from "../provider/model/outputs";
import type { DatabaseMigration } from "../provider/resources/database-migration";

/** The outputs that the outcome sees change after the migration has returned. */
const FOLLOWED = ["status", "statusText", "finishedAt", "timeline"] as const;

/**
 * Returns the migration with the outputs that it has at the end of the `up`. The migration itself returns when its task exists and
 * records the end only at the next refresh; until then its outputs come from the result that the instance's outcome recorded.
 *
 * The returned object is the same resource. It inherits from the migration and replaces only outputs, because the outcome's own
 * inputs are the outputs that the migration recorded.
 */
export function currentMigration(
  migration: DatabaseMigration,
  source: string,
  databases: pulumi.Output<Record<string, DatabaseOutcome>>,
): DatabaseMigration {
  const current: DatabaseMigration = Object.create(migration);
  const { status, migrateTaskId } = migration;
  const resultByName = () => databases.apply(({ [source]: found }) => found);
  // In a preview an output that is missing from the state is unknown, so each is read only where it decides.
  const resultOfTask = () =>
    pulumi
      .all([migrateTaskId, databases])
      .apply(([task, { [source]: found }]) => (found?.migrateTaskId === task ? found : undefined));
  for (const name of FOLLOWED) {
    const own: pulumi.Output<unknown> = migration[name];
    defineLazily(current, name, () =>
      status.apply((recorded) =>
        isFinal(recorded) ? own : resultOfTask().apply((found) => (found === undefined ? own : found[name])),
      ),
    );
  }
  defineLazily(current, "failure", () =>
    status.apply((recorded) => {
      if (recorded === "failed") return migration.failure;
      // The state of an online migration has no `failure`, which a preview would report as unknown.
      const found = recorded === "online" ? resultByName() : resultOfTask();
      return found.apply((result) =>
        result === undefined || (recorded === "online" && result.status !== "online")
          ? migration.failure
          : result.failure,
      );
    }),
  );
  defineLazily(current, "warnings", () =>
    status.apply((recorded) =>
      pulumi
        .all([migration.warnings, isFinal(recorded) ? resultByName() : resultOfTask()])
        .apply(([own, found]) => [...new Set([...(own ?? []), ...(found?.warnings ?? [])])]),
    ),
  );
  return current;
}

const isFinal = (status: MigrationStatus): boolean => status === "online" || status === "failed";

/** Each Output costs a stack trace, and most programs read none of them. */
function defineLazily(target: object, name: string, create: () => unknown): void {
  let created: unknown;
  Object.defineProperty(target, name, { get: () => (created ??= create()) });
}
