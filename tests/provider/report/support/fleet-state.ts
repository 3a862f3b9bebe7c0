import { dynamicType, type ResourceKind } from "../../../../provider/model/resource-type";
import { markOutputs } from "../../../../provider/model/state-format";
import type { StackResource, StackState } from "../../../../provider/stack-state/exported-stack";

export const INSTANCE = "rm-2zesz5774ud8s71i5";
const START_MS = Date.parse("2026-11-27T22:00:00Z");
const MINUTE_MS = 60_000;

export interface ResourceInput {
  kind: ResourceKind;
  name: string;
  id?: string;
  outputs: object;
  inputs?: object;
  stack?: string;
  modified?: string;
  initErrors?: string[];
  /** The type of the resource; by default that of the dynamic host. */
  type?: string;
}

export const WRITTEN = "2026-11-29T06:00:00.123456789Z";

/** A resource as `pulumi stack export` prints it. */
export function resource(input: ResourceInput): StackResource {
  const { kind, name, id = name, outputs, inputs, stack = "prod", modified = WRITTEN, initErrors } = input;
  const type = input.type ?? dynamicType(kind);
  return {
    ...{ urn: `urn:pulumi:${stack}::weekend::${type}::${name}`, type, id, modified, initErrors },
    ...{ inputs: inputs && { ...inputs }, outputs: markOutputs({ ...outputs }) },
  };
}

/** The record of a migration that ended well, with what `members` replaces. */
export const migration = (database: string, members: object = {}, others: Partial<ResourceInput> = {}): StackResource =>
  resource({
    kind: "DatabaseMigration",
    name: database,
    id: `${INSTANCE}/${database}`,
    outputs: { ...ONLINE, databaseName: database, ...members },
    ...others,
  });

export const at = (minutes: number): string => new Date(START_MS + minutes * MINUTE_MS).toISOString();

export const ONLINE = {
  ...{
    instanceId: INSTANCE,
    bucket: "acme-migration",
    backup: "./backups/erp.bak",
    objectKey: "erp_FULL_20261127220100.bak",
  },
  ...{ status: "online", statusText: "Success: Success to DBCC checkdb asynchronously.", migrateTaskId: "106121" },
  ...{ objectCrc64: "11716802462112668994", sizeBytes: 1_288_490_189, dataAsOf: "2026-11-27T22:01:00" },
  backupInfo: {
    ...{ DatabaseName: "ERP", ServerName: "SQL01", SoftwareVersion: "15.0.4312" },
    ...{ BackupSetGUID: "D944EF79-743F-7879-D082-FF694C244686" },
    ...{ BackupStartDate: "2026-11-27T21:40:00", BackupFinishDate: "2026-11-27T22:01:00" },
  },
  ...{ startedAt: at(0), finishedAt: at(70) },
  timeline: {
    ...{ uploadStartedAt: at(0), uploadFinishedAt: at(20), submittedAt: at(21), restoreStartedAt: at(30) },
    ...{ endedAt: at(70), checkedAt: at(80) },
  },
  warnings: [],
};

export const FAILURE = {
  code: "TASK_NO_SPACE",
  cause: "the migration of crm failed: the disk is full.\nRDS: Not Enough Disk Space for restoring.",
  remedy: "Enlarge the instance’s disk, then run `pulumi up` again.",
  ...{ retry: "afterFix", retryable: true, requestId: "5D1E6A1B-AAAA-4CDE-9F00-1C2D3E4F5A6B" },
};

export const stateOf = (...resources: StackResource[]): StackState => ({ resources, pendingOperations: [] });

const NAMES = ["erp", "crm", "hr", "billing", "warehouse", "portal", "archive", "reporting", "telemetry", "identity"];

/** A fleet of which most databases are online, some have failed, run, or wait; the same for the same count. */
export function fleetState(count: number): StackState {
  const resources = Array.from({ length: count }, (_, index) => {
    const database = `${NAMES[index % NAMES.length]}_${String(index).padStart(4, "0")}`;
    const begin = Math.floor(index / 8) * 6 + (index % 8);
    const gib = 0.2 + ((index * 7919) % 997) / 60;
    const upload = 1 + gib * 0.6;
    const queue = 1 + (index % 5) * 2;
    const restore = 2 + gib * 1.8;
    const submitted = begin + upload + 0.4;
    const ended = submitted + queue + restore;
    const timeline = {
      ...{ uploadStartedAt: at(begin), uploadFinishedAt: at(begin + upload), submittedAt: at(submitted) },
      ...{ restoreStartedAt: at(submitted + queue), endedAt: at(ended), checkedAt: at(ended + 1 + gib * 0.3) },
    };
    const members = {
      ...{ migrateTaskId: String(106_121 + index * 2), sizeBytes: Math.round(gib * 2 ** 30) },
      ...{ startedAt: at(begin), finishedAt: at(ended), timeline, backup: `./backups/${database}.bak` },
      ...{
        objectKey: `${database}_FULL_20261127220100.bak`,
        files: [{ name: `${database}_FULL_20261127220100.bak`, status: "Restored" }],
      },
      warnings:
        index % 9 === 4
          ? [
              `SOURCE_LOGINS: Database ${database}: its users need the logins app, batch, which a backup does not contain.\nRun sql/logins.sql on the source and its output on the destination, before the application starts.`,
            ]
          : [],
    };
    const written = index % 23 === 11 || index % 23 === 19 ? ended + 90 : ended + 20;
    return migration(database, { ...members, ...stateOfIndex(index, database, members) }, { modified: at(written) });
  });
  return { resources, pendingOperations: [] };
}

function stateOfIndex(
  index: number,
  database: string,
  {
    timeline,
  }: {
    timeline: {
      submittedAt: string;
      restoreStartedAt: string;
      endedAt: string;
      uploadStartedAt: string;
      uploadFinishedAt: string;
    };
  },
): object {
  const { uploadStartedAt, uploadFinishedAt, submittedAt, restoreStartedAt, endedAt } = timeline;
  switch (index % 23) {
    case 7: {
      const cause = `the migration of ${database} failed: the disk is full.`;
      const failed = { uploadStartedAt, uploadFinishedAt, submittedAt, restoreStartedAt, endedAt };
      return { status: "failed", finishedAt: undefined, failure: { ...FAILURE, cause }, timeline: failed };
    }
    case 11:
      return {
        ...{ status: "restoring", statusText: "Running: restoring", finishedAt: undefined },
        timeline: { uploadStartedAt, uploadFinishedAt, submittedAt, restoreStartedAt },
      };
    case 17:
      return { timeline: { uploadStartedAt, uploadFinishedAt, submittedAt, endedAt } };
    case 19:
      return waiting(timeline);
    default:
      return {};
  }
}

const waiting = ({
  submittedAt,
  restoreStartedAt,
  uploadStartedAt,
  uploadFinishedAt,
}: {
  submittedAt: string;
  restoreStartedAt: string;
  uploadStartedAt: string;
  uploadFinishedAt: string;
}): object => {
  const sentAt = (minutes: number): string =>
    new Date(Date.parse(restoreStartedAt) + minutes * MINUTE_MS).toISOString();
  const file = { state: "applied", sizeBytes: 52_428_800 };
  return {
    ...{ status: "waitingForIncrements", statusText: "Waiting", phase: "restoring", finishedAt: undefined },
    timeline: { uploadStartedAt, uploadFinishedAt, submittedAt, restoreStartedAt },
    ...{
      nextLsn: "34000000170800001",
      readyForCutover: false,
      cutoverObstacles: ["the last file is no log taken WITH NORECOVERY"],
    },
    chain: {
      reachedLsn: "34000000170800001",
      files: [
        {
          ...file,
          type: "FULL",
          objectKey: "full.bak",
          lastLsn: "34000000106000001",
          sentAt: submittedAt,
          seconds: 900,
        },
        {
          ...file,
          type: "DIFF",
          objectKey: "diff.bak",
          lastLsn: "34000000150000001",
          sentAt: sentAt(60),
          seconds: 240,
          crc64: "9",
        },
        { ...file, type: "LOG", objectKey: "log1.trn", lastLsn: "34000000170800001", sentAt: sentAt(90), seconds: 60 },
      ],
    },
  };
};
