import { plainErrorOf } from "../errors/plain-error";
import { parseGroupOutputs } from "../model/cutover-group";
import { nameKey } from "../model/names";
import { type OutcomeOutputs, parseOutcomeOutputs } from "../model/outcome";
import { parseOutputs, readableOutputs } from "../model/outputs";
import type { PlainObject } from "../model/plain";
import { kindOfType, type ResourceKind } from "../model/resource-type";
import { unmarkNames } from "../model/state-format";
import { secondsText } from "../model/status-command";
import type { DatabaseRow, MigrationRecord } from "./database-row";
import { currentResources, type StackResource, type StackState } from "./exported-stack";

/** The databases that a state records, and what could not be read. */
export interface RecordedDatabases {
  rows: DatabaseRow[];
  unreadable: { urn: string; error: unknown }[];
  /** Older records of databases that several migrations have, in several stacks for example. */
  superseded: { urn: string; instanceId: string; database: string }[];
}

/**
 * The last known status of every database of a stack, by instance and name. A migration that defers to an outcome returns while
 * its task is running, so the outcome often knows more; a cutover group knows which databases it has opened.
 */
export function recordedDatabases(state: StackState): RecordedDatabases {
  const rows = new Map<string, DatabaseRow>();
  const unreadable: RecordedDatabases["unreadable"] = [];
  const superseded: RecordedDatabases["superseded"] = [];
  const current = currentResources(state);
  const ofKind = (kind: ResourceKind) => current.filter(({ type }) => kindOfType(type) === kind);
  /** One resource that cannot be read does not hide the others. */
  const readEach = (kind: ResourceKind, read: (resource: StackResource, outputs: PlainObject) => void): void => {
    for (const resource of ofKind(kind)) {
      try {
        read(resource, unmarkNames(resource.outputs ?? {}));
      } catch (error) {
        unreadable.push({ urn: resource.urn, error });
      }
    }
  };
  const put = (row: DatabaseRow): void => void rows.set(keyOf(row), row);

  for (const resource of ofKind("DatabaseMigration")) {
    const row = rowOfMigration(resource);
    const { record, instanceId, database } = rows.get(keyOf(row)) ?? {};
    if (record !== undefined && record.urn !== resource.urn)
      superseded.push({ urn: record.urn, instanceId: instanceId ?? "", database: database ?? "" });
    put(row);
  }
  readEach("MigrationOutcome", ({ modified }, outputs) => {
    for (const row of rowsOfOutcome(parseOutcomeOutputs(outputs), modified)) put(laterOf(rows.get(keyOf(row)), row));
  });
  readEach("CutoverGroup", ({ modified }, outputs) => {
    for (const record of parseGroupOutputs(outputs).opened) {
      const row = rows.get(keyOf(record));
      const { status, openedAt, failure, migrateTaskId = row?.migrateTaskId } = record;
      if (row === undefined || row.status === "online" || row.migrateTaskId !== migrateTaskId) continue;
      if (status === "online")
        put({
          ...row,
          status,
          failure: undefined,
          finishedAt: openedAt ?? row.finishedAt,
          asOf: asOfText(modified) ?? row.asOf,
        });
      if (status === "failed") put({ ...row, status, failure, asOf: asOfText(modified) ?? row.asOf });
    }
  });
  for (const { resource, type } of state.pendingOperations) {
    if (kindOfType(resource.type) !== "DatabaseMigration") continue;
    const row = rowOfMigration(resource);
    // The recorded status of a pending operation is that before the step, which the state's own record has too.
    const known = rows.get(keyOf(row)) ?? { ...row, status: undefined };
    put({ ...known, pendingOperation: type });
  }
  return { rows: [...rows.values()], unreadable, superseded };
}

/** The engine writes nanoseconds. */
function asOfText(modified: string | undefined): string | undefined {
  const ms = Date.parse(modified ?? "");
  return Number.isNaN(ms) ? undefined : secondsText(ms);
}

/** SQL Server compares names without case. */
const keyOf = ({ instanceId, database }: { instanceId: string; database: string }): string =>
  `${instanceId}/${nameKey(database)}`;

/** Reads the members that are readable, so that state of every version has a row. */
function rowOfMigration(resource: StackResource): DatabaseRow {
  const { id = "", modified } = resource;
  const record = recordOfMigration(resource);
  const recorded = record.members;
  const { statusText, migrateTaskId, sizeBytes, dataAsOf, startedAt, finishedAt, timeline } = recorded;
  const { status, warnings = [], failure, region, profile, assumeRoleArn, adopt } = recorded;
  const [instance = "", ...rest] = id.split("/");
  return {
    instanceId: recorded.instanceId ?? instance,
    database: recorded.databaseName ?? rest.join("/"),
    phase: recorded.phase ?? (recorded.chain === undefined ? undefined : "restoring"),
    ...{ status, statusText, migrateTaskId, sizeBytes, dataAsOf, startedAt, finishedAt, timeline, warnings, failure },
    asOf: asOfText(modified),
    asked: false,
    scope: { region, profile, assumeRoleArn },
    isAdopted: adopt !== undefined,
    record,
  };
}

function recordOfMigration({ urn, inputs = {}, outputs, initErrors }: StackResource): MigrationRecord {
  const record = {
    urn,
    members: readableOutputs(unmarkNames({ ...inputs, ...outputs })),
    runErrors: initErrors ?? [],
  };
  try {
    if (outputs !== undefined) parseOutputs(unmarkNames(outputs));
    return record;
  } catch (error) {
    return { ...record, fault: plainErrorOf(error).message };
  }
}

const rowsOfOutcome = (outputs: OutcomeOutputs, modified: string | undefined): DatabaseRow[] => {
  const { instanceId, region, profile, assumeRoleArn, summary } = outputs;
  const scope = { region, profile, assumeRoleArn };
  return summary.map((each) => ({
    ...each,
    instanceId,
    asOf: asOfText(modified),
    asked: false,
    scope,
    isAdopted: false,
  }));
};

/** About the same task the outcome's row counts where the task has ended, or where it is newer. */
function laterOf(migration: DatabaseRow | undefined, outcome: DatabaseRow): DatabaseRow {
  if (migration === undefined) return outcome;
  if (migration.migrateTaskId !== outcome.migrateTaskId) return migration;
  const hasEnded = outcome.status === "online" || outcome.failure !== undefined;
  const isNewer = (Date.parse(outcome.asOf ?? "") || 0) >= (Date.parse(migration.asOf ?? "") || 0);
  return hasEnded || isNewer ? { ...outcome, isAdopted: migration.isAdopted, record: migration.record } : migration;
}
