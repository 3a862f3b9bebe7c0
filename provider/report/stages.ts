import { appliedAt } from "../stack-state/applied-at";
import type { DatabaseRow } from "../stack-state/database-row";

/**
 * - `upload`: the backup was compared or sent;
 * - `queue`: the task was accepted and had not been seen running;
 * - `restore`: the task was running;
 * - `queueOrRestore`: both, because no run saw the task begin to run;
 * - `increment`: a differential or log backup was applied;
 * - `check`: the database was online, and DBCC CHECKDB had no result yet;
 * - `whole`: everything, in state of versions that did not record stages.
 */
export const STAGE_KINDS = ["upload", "queue", "restore", "queueOrRestore", "increment", "check", "whole"] as const;
export type StageKind = (typeof STAGE_KINDS)[number];

/** One stage of a migration, between two times that the program observed; UTC, ISO 8601. */
export interface Stage {
  kind: StageKind;
  startedAt: string;
  /** Absent where the state records no end. */
  endedAt?: string;
  seconds?: number;
}

/** Returns the stages that a state records of a database, in order. A time that is not recorded is never guessed. */
export function stagesOf({ timeline, startedAt, finishedAt, record }: DatabaseRow): Stage[] {
  const { uploadStartedAt, uploadFinishedAt, submittedAt, restoreStartedAt, checkedAt } = timeline ?? {};
  if (uploadStartedAt === undefined && submittedAt === undefined)
    return [...stage("whole", startedAt, finishedAt ?? timeline?.endedAt), ...incrementsOf(record)];
  const endedAt = timeline?.endedAt ?? finishedAt;
  const restoredAt = fullRestoredAt(record) ?? endedAt;
  return [
    ...stage("upload", uploadStartedAt, uploadFinishedAt ?? submittedAt ?? endedAt),
    ...(restoreStartedAt === undefined && restoredAt !== undefined
      ? stage("queueOrRestore", submittedAt, restoredAt)
      : stage("queue", submittedAt, restoreStartedAt)),
    ...stage("restore", restoreStartedAt, restoredAt),
    ...incrementsOf(record),
    ...(checkedAt === undefined ? [] : stage("check", endedAt, checkedAt)),
  ];
}

function stage(kind: StageKind, startedAt: string | undefined, endedAt: string | undefined): Stage[] {
  if (startedAt === undefined) return [];
  return endedAt === undefined
    ? [{ kind, startedAt }]
    : [{ kind, startedAt, endedAt, seconds: secondsBetween(startedAt, endedAt) }];
}

/** The clocks of this machine and of the service may differ, so an end may seem earlier than its start. */
const secondsBetween = (from: string, to: string): number =>
  Math.max(0, Math.round((Date.parse(to) - Date.parse(from)) / 1000));

type ChainRecord = DatabaseRow["record"];

const filesOf = (record: ChainRecord) => record?.members.chain?.files ?? [];

/** When the full backup of a migration with increments was restored. */
function fullRestoredAt(record: ChainRecord): string | undefined {
  const full = filesOf(record).find(({ type }) => type === "FULL");
  return full === undefined ? undefined : appliedAt(full);
}

const incrementsOf = (record: ChainRecord): Stage[] =>
  filesOf(record)
    .filter(({ type }) => type !== "FULL")
    .flatMap((file) => stage("increment", file.sentAt, appliedAt(file)));

/** The duration of a stage; of increments the sum. Undefined where a start or an end is not recorded. */
export function secondsIn(stages: readonly Stage[], kind: StageKind): number | undefined {
  const seconds = stages.filter((each) => each.kind === kind).map((each) => each.seconds);
  return seconds.length === 0 || seconds.includes(undefined)
    ? undefined
    : seconds.reduce<number>((sum, each) => sum + (each ?? 0), 0);
}
