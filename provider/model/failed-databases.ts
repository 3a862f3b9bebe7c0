import { failureOfFindings } from "./failure-of-findings";
import { nameKey } from "./names";
import { parseOutcomeOutputs, recordedFindings } from "./outcome";
import { type Failure, parseOutputs } from "./outputs";
import { kindOfType, type ResourceKind } from "./resource-type";
import { unmarkNames } from "./state-format";

/** A database whose migration failed, as the stack's state records it. */
export interface FailedDatabase {
  /** The destination instance. */
  instanceId: string;
  /** Its name on the destination. */
  database: string;
  /** The URN of its DatabaseMigration. */
  urn: string;
  /** The id of the migration task that failed; absent if none was created. */
  migrateTaskId?: string;
  failure: Failure;
}

interface RecordedResource {
  type: string;
  urn: string;
  inputs?: Record<string, unknown>;
  outputs?: Record<string, unknown>;
}

/** A stack's state: the result of the Automation API's `exportStack`, or the JSON of `pulumi stack export`. */
export interface ExportedStack {
  deployment?: { resources?: RecordedResource[] };
}

/**
 * Returns the databases that failed in the last `up` or refresh of a stack, sorted by name, for a program that drives Pulumi by its
 * Automation API. A database that is not finished yet, for example after a timeout, is not among them.
 *
 * Findings of a preview are not in the state: see {@link findingOf}.
 *
 * @throws `STATE_NEWER`, `STATE_UNREADABLE`
 * @example
 * for (const { database, failure } of failedDatabases(await stack.exportStack()))
 *   console.error(database, failure.code, failure.remedy);
 */
export function failedDatabases(stack: ExportedStack): FailedDatabase[] {
  const resources = stack.deployment?.resources ?? [];
  const ofKind = (kind: ResourceKind) => resources.filter(({ type }) => kindOfType(type) === kind);
  const outcomes = ofKind("MigrationOutcome").map(readOutcome);
  const failed = ofKind("DatabaseMigration").flatMap(({ urn, outputs = {} }) => {
    const { instanceId, databaseName: database, migrateTaskId, failure: own } = parseOutputs(unmarkNames(outputs));
    const outcome = outcomes.find((each) => each.instanceId === instanceId && each.lists(database));
    const failure = own ?? outcome?.failureOf(database, migrateTaskId);
    return failure === undefined ? [] : [{ instanceId, database, urn, migrateTaskId, failure }];
  });
  return failed.sort((one, other) => (one.database < other.database ? -1 : 1));
}

/** An outcome records what its migrations do not: the end of a task that they did not wait for, and findings about changed inputs. */
interface RecordedOutcome {
  instanceId: string;
  lists(database: string): boolean;
  failureOf(database: string, migrateTaskId: string | undefined): Failure | undefined;
}

function readOutcome({ inputs = {}, outputs = {} }: RecordedResource): RecordedOutcome {
  const { instanceId, summary } = parseOutcomeOutputs(unmarkNames(outputs));
  const byName = new Map(summary.map((each) => [nameKey(each.database), each]));
  const findings = recordedFindings(unmarkNames(inputs));
  return {
    instanceId,
    lists: (database) => byName.has(nameKey(database)),
    failureOf(database, migrateTaskId) {
      const recorded = byName.get(nameKey(database));
      // A run that ended early leaves the summary of an earlier task.
      const isSameTask = migrateTaskId !== undefined && recorded?.migrateTaskId === migrateTaskId;
      if (isSameTask && recorded.failure !== undefined) return recorded.failure;
      const found = findings.find(
        (each) => each.database !== undefined && nameKey(each.database) === nameKey(database),
      );
      return found === undefined ? undefined : failureOfFindings(found.reasons);
    },
  };
}
