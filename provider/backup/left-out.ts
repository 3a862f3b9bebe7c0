import type { BackupType } from "./backup-file";
import { describeType } from "./backup-type";
import { formatLsn } from "./lsn";

/** Why a file is not part of a chain. */
export type LeftOutReason =
  /** `why`: the reason as the end of such a sentence. */
  | { kind: "unsound"; code: string; why: string }
  | { kind: "severalSets"; count: number; own: number[] }
  | { kind: "stripe"; sequence: number | null; count: number }
  | { kind: "otherType"; type: BackupType | null | undefined }
  | { kind: "unknownLsn" }
  | { kind: "duplicate"; of: string }
  | { kind: "otherSource"; server: string | null }
  | { kind: "otherFull"; chosen: string }
  | { kind: "otherBase"; baseGuid: string | null; baseLsn: bigint | null; baseFile: string | undefined }
  | { kind: "otherFork"; forkId: string | null; wantedForkId: string | null }
  | { kind: "contained"; reached: bigint }
  | { kind: "empty" }
  | { kind: "gap"; missingFrom: bigint };

export interface LeftOut {
  file: string;
  reason: LeftOutReason;
}

const both = (lsn: bigint): string => `${lsn} (${formatLsn(lsn)})`;

/** The reason as the end of a sentence that starts with the file's name. */
export function describeReason(reason: LeftOutReason): string {
  switch (reason.kind) {
    case "unsound":
      return reason.why;
    case "severalSets":
      return `holds ${reason.count} backup sets${describeOwn(reason.own)}; RDS restores only files with one set`;
    case "stripe":
      return `is stripe ${reason.sequence ?? "?"} of ${reason.count}; a migration task takes one object per database`;
    case "otherType":
      return `is ${describeType(reason.type)}, which a migration task does not take`;
    case "unknownLsn":
      return "has no log sequence numbers in its header";
    case "duplicate":
      return `is the same backup as ${reason.of}`;
    case "otherSource":
      return `belongs to another database of that name, from ${reason.server ?? "an unknown server"}`;
    case "otherFull":
      return `is another full backup; ${reason.chosen} reaches a newer LSN, or the same LSN from a later start`;
    case "otherBase":
      return `is a differential of another full backup, ${describeBase(reason)}`;
    case "otherFork":
      return `belongs to recovery fork ${reason.forkId ?? "unknown"}, not to ${reason.wantedForkId ?? "unknown"}: the source database was restored to a point in time in between`;
    case "contained":
      return `is not needed: the chain reaches LSN ${both(reason.reached)} without it`;
    case "empty":
      return "is an empty log backup: the database was not written between this backup and the one before";
    case "gap":
      return `does not apply: the log from LSN ${both(reason.missingFrom)} on is missing`;
  }
}

/** The positions of the database's own sets. */
const describeOwn = (own: readonly number[]): string =>
  own.length === 0 ? "" : ` (of this database: set ${own.join(", ")})`;

function describeBase({ baseGuid, baseLsn, baseFile }: Extract<LeftOutReason, { kind: "otherBase" }>): string {
  if (baseFile !== undefined) return baseFile;
  const lsn = baseLsn === null ? "" : `checkpoint LSN ${both(baseLsn)}`;
  const guid = baseGuid === null ? "" : `backup set ${baseGuid}`;
  return `which is not among these files (${[guid, lsn].filter(Boolean).join(", ") || "its header does not name the base"})`;
}
