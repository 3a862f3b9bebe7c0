import { parseMessage } from "../errors/message-text";
import { plainErrorOf } from "../errors/plain-error";
import { type CountedDatabase, countDatabases, type DatabaseCounts, resultOf } from "../model/database-counts";
import { type MemberFindings, recordedFindings } from "../model/outcome";
import type { Failure, FileState, RetriedFailure } from "../model/outputs";
import { kindOfType } from "../model/resource-type";
import { unmarkNames } from "../model/state-format";
import type { DatabaseRow } from "../stack-state/database-row";
import { currentResources, type StackState } from "../stack-state/exported-stack";
import { recordedDatabases } from "../stack-state/recorded-databases";
import { type BackupEvidence, backupEvidence, type ChainEvidence, chainEvidence } from "./evidence";
import { type Stage, stagesOf } from "./stages";
import { recordedVerifications, type VerificationEvidence, verificationsOf } from "./verification-evidence";

/** Raise it when a reader of an older report would misread a newer one. */
const REPORT_VERSION = 1;

/** A warning in its parts. */
export interface Notice {
  code?: string;
  what: string;
  /** Empty where nothing can be advised. */
  remedy: string;
}

/** One database of a report. Times are UTC, ISO 8601, unless the name says otherwise. */
export interface ReportedDatabase {
  database: string;
  instanceId: string;
  region?: string;
  /** `unknown`: a run has begun to create the migration and not recorded it. */
  status: NonNullable<DatabaseRow["status"]> | "unknown";
  result: keyof Omit<DatabaseCounts, "total">;
  /** The service's own words. */
  statusText?: string;
  /** Only for a database with increments. */
  phase?: DatabaseRow["phase"];
  /** The step that a run has begun and not ended. */
  pendingOperation?: string;
  /** The database or its task existed before the program. */
  isAdopted: boolean;
  migrateTaskId?: string;
  sizeBytes?: number;
  /** The source server's local time. */
  dataAsOf?: string;
  startedAt?: string;
  finishedAt?: string;
  /** When the state was written. */
  knownAt?: string;
  stages: readonly Stage[];
  backup?: BackupEvidence;
  chain?: ChainEvidence;
  /** The files of the task, as the service lists them. */
  files?: readonly FileState[];
  /** Whether `cleanup` deleted the uploaded object. */
  cleanedUp?: boolean;
  warnings: readonly Notice[];
  failure?: Failure;
  firstFailure?: Failure;
  retriedAfter?: readonly RetriedFailure[];
  /** Errors of the last update that the migration itself does not record as its failure. */
  runErrors: readonly string[];
  /** The verifications that name the database. */
  verifications: readonly string[];
  /** The resource; absent where only the instance's outcome has the database. */
  resource?: string;
  /** Why a part of the record cannot be read. */
  fault?: string;
}

/** Everything that one or several states record about migrations. It depends on nothing but their content. */
export interface MigrationReport {
  format: "sqlserver-migration-report";
  version: number;
  /** The stacks, as `project/stack`. */
  stacks: readonly string[];
  /** When the latest record was written. */
  knownAt?: string;
  totals: DatabaseCounts & {
    /** Sum of the full backups' sizes that are recorded. */
    sizeBytes: number;
    warnings: number;
    /** The first start and the last end that are recorded, and the time between them. */
    startedAt?: string;
    endedAt?: string;
    seconds?: number;
  };
  databases: readonly ReportedDatabase[];
  /** Findings of the last check about an instance as a whole. */
  findings: readonly (MemberFindings & { instanceId: string })[];
  verifications: readonly VerificationEvidence[];
  /** Records that this version cannot read. */
  unreadable: readonly { resource: string; message: string }[];
  /** Records of databases that another record replaces, because it was written later. */
  superseded: readonly { resource: string; instanceId: string; database: string }[];
}

/**
 * Returns the report of a state. The order of its records does not matter.
 * @param current the state's rows after RDS was asked; by default they are as recorded
 */
export function migrationReport(state: StackState, current?: readonly DatabaseRow[]): MigrationReport {
  const { rows: recorded, unreadable, superseded } = recordedDatabases(state);
  const rows = current ?? recorded;
  const verified = recordedVerifications(state);
  const verifications = sortedBy(verified.verifications, ({ resource }) => resource);
  const databases = sortedBy(
    rows.map((row) => reportedDatabase(row, verifications)),
    ({ instanceId, database }) => `${instanceId}/${database}`,
  );
  return {
    format: "sqlserver-migration-report",
    version: REPORT_VERSION,
    stacks: stacksOf(state),
    knownAt: latest(rows.map(({ asOf }) => asOf)),
    totals: totalsOf(rows, databases),
    databases,
    findings: instanceFindings(state),
    verifications,
    unreadable: sortedBy(
      [...unreadable, ...verified.unreadable].map(({ urn, error }) => ({
        resource: urn,
        message: plainErrorOf(error).message,
      })),
      ({ resource }) => resource,
    ),
    superseded: sortedBy(
      superseded.map(({ urn, ...place }) => ({ resource: urn, ...place })),
      ({ resource }) => resource,
    ),
  };
}

function reportedDatabase(row: DatabaseRow, verifications: readonly VerificationEvidence[]): ReportedDatabase {
  const { database, instanceId, status, statusText, phase, pendingOperation, isAdopted, migrateTaskId } = row;
  const { sizeBytes, dataAsOf, startedAt, finishedAt, asOf, failure, record, scope } = row;
  const { files, firstFailure, cleanedUp, retriedAfter } = record?.members ?? {};
  return {
    ...{ database, instanceId, region: scope.region, status: status ?? "unknown", result: resultOf(row), statusText },
    ...{ phase, pendingOperation, isAdopted, migrateTaskId, sizeBytes, dataAsOf, startedAt, finishedAt },
    knownAt: asOf,
    stages: stagesOf(row),
    backup: backupEvidence(row),
    chain: chainEvidence(row),
    files,
    cleanedUp: row.cleanedUp ?? cleanedUp,
    warnings: row.warnings.map(noticeOf),
    ...{ failure, firstFailure, retriedAfter: row.retriedAfter ?? retriedAfter },
    runErrors: failure === undefined ? (record?.runErrors ?? []) : [],
    verifications: verificationsOf(verifications, database),
    resource: record?.urn,
    fault: record?.fault,
  };
}

export const noticeOf = (text: string): Notice => parseMessage(text) ?? { what: text, remedy: "" };

function totalsOf(rows: readonly CountedDatabase[], databases: readonly ReportedDatabase[]): MigrationReport["totals"] {
  const stages = databases.flatMap((each) => each.stages);
  const startedAt = earliest([...databases.map((each) => each.startedAt), ...stages.map((each) => each.startedAt)]);
  const endedAt = latest([...databases.map((each) => each.finishedAt), ...stages.map((each) => each.endedAt)]);
  const ms = Date.parse(endedAt ?? "") - Date.parse(startedAt ?? "");
  return {
    ...countDatabases(rows),
    sizeBytes: databases.reduce((sum, { sizeBytes = 0 }) => sum + sizeBytes, 0),
    warnings: databases.reduce((sum, { warnings }) => sum + warnings.length, 0),
    ...{ startedAt, endedAt, seconds: Number.isNaN(ms) ? undefined : Math.round(ms / 1000) },
  };
}

/** Times of state are ISO 8601 in UTC, but with and without fractions of a second. */
const byTime = (times: readonly (string | undefined)[]): string[] =>
  times
    .flatMap((time) => (time === undefined || Number.isNaN(Date.parse(time)) ? [] : [time]))
    .sort((one, other) => Date.parse(one) - Date.parse(other));
const earliest = (times: readonly (string | undefined)[]): string | undefined => byTime(times)[0];
const latest = (times: readonly (string | undefined)[]): string | undefined => byTime(times).at(-1);

/** A URN is `urn:pulumi:<stack>::<project>::…`. */
const stacksOf = ({ resources }: StackState): string[] =>
  [
    ...new Set(
      resources.flatMap(({ urn, type }) => {
        const [, stack, project] = /^urn:pulumi:(.*?)::(.*?)::/.exec(urn) ?? [];
        return kindOfType(type) === undefined || stack === undefined ? [] : [`${project}/${stack}`];
      }),
    ),
  ].sort();

/** Findings about one database are its failure. */
const instanceFindings = (state: StackState): MigrationReport["findings"] =>
  currentResources(state)
    .filter(({ type }) => kindOfType(type) === "MigrationOutcome")
    .flatMap(({ id = "", inputs = {} }) =>
      recordedFindings(unmarkNames(inputs))
        .filter(({ database, reasons }) => database === undefined && reasons.length > 0)
        .map((each) => ({ instanceId: id, ...each })),
    );

function sortedBy<T>(items: readonly T[], key: (item: T) => string): T[] {
  return [...items].sort((one, other) => (key(one) < key(other) ? -1 : 1));
}
