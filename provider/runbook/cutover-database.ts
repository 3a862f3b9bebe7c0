import type { Manifest, ManifestDatabase } from "../backup/manifest";
import { nameOfFile } from "../model/increment";
import type { CheckDbMode } from "../model/inputs";
import { listedIncrements } from "../model/inputs";
import { isSameName } from "../model/names";
import type { ChainFile } from "../model/outputs";
import { appliedAt } from "../stack-state/applied-at";
import type { DatabaseRow } from "../stack-state/database-row";

/** When the steps of a cutover took place, as far as a state records it; UTC, ISO 8601. */
export interface RecordedTimes {
  /** The file of the last log was written. */
  lastLogAt?: string;
  appliedAt?: string;
  openedAt?: string;
  /** DBCC CHECKDB had a result. */
  checkedAt?: string;
}

/** What a runbook needs to know about one database. */
export interface CutoverDatabase {
  /** Its name on the destination. */
  database: string;
  /** Its name on the source. */
  source: string;
  sourceServer?: string;
  instanceId?: string;
  /** The stack that records it. */
  stack?: string;
  /** Folder or prefix of its differential and log backups. */
  incrementsFolder?: string;
  backupBytes: number;
  restoredBytes?: number;
  /** The files that were applied before the last log, and how long each took. */
  applied: readonly { bytes: number; seconds: number }[];
  /** Size of the largest log before the last one. */
  largestLogBytes?: number;
  checkDb: CheckDbMode;
  recorded: RecordedTimes;
  row?: DatabaseRow;
}

export function databaseOfRow(row: DatabaseRow, manifest: Manifest | undefined): CutoverDatabase {
  const { record, database, instanceId, timeline } = row;
  const { backupInfo, chainStart, chain, checkDb, increments } = record?.members ?? {};
  const source = backupInfo?.DatabaseName ?? chainStart?.databaseName ?? database;
  const entry = manifest?.databases.find((each) => isSameName(each.database, source));
  const files = chain?.files.filter(({ type }) => type !== "FULL") ?? [];
  const last = files.findLast((file) => isLast(file, record?.members.cutover?.final));
  const before = files.filter((file) => file !== last);
  return {
    ...{ database, source, instanceId, row, stack: stackOfUrn(record?.urn) },
    sourceServer: backupInfo?.ServerName ?? chainStart?.serverName ?? undefined,
    incrementsFolder: commonFolder(listedIncrements({ increments }).map(({ file }) => file)) ?? folderOf(entry),
    backupBytes: row.sizeBytes ?? entry?.backup.sizeBytes ?? 0,
    restoredBytes: entry?.backup.restoredBytes,
    applied: before.flatMap(({ sizeBytes, seconds }) => (seconds === undefined ? [] : [{ bytes: sizeBytes, seconds }])),
    largestLogBytes: largest(before) ?? largest(entry?.increments ?? []),
    checkDb: checkDb ?? "async",
    recorded: {
      lastLogAt: last?.modifiedAt,
      appliedAt: last && appliedAt(last),
      openedAt: row.status === "online" ? (row.finishedAt ?? timeline?.endedAt) : undefined,
      checkedAt: timeline?.checkedAt,
    },
  };
}

export const databaseOfManifest = (entry: ManifestDatabase, instanceId: string | undefined): CutoverDatabase => ({
  ...{ database: entry.database, source: entry.database, instanceId, incrementsFolder: folderOf(entry) },
  ...{ backupBytes: entry.backup.sizeBytes, restoredBytes: entry.backup.restoredBytes },
  ...{ applied: [], largestLogBytes: largest(entry.increments), checkDb: "async", recorded: {} },
});

/** A log taken WITH NORECOVERY, or the one that the program declares the last. */
const isLast = ({ tail, source, objectKey }: ChainFile, final: string | undefined): boolean =>
  tail === true || (final !== undefined && nameOfFile(source ?? objectKey) === nameOfFile(final));

function largest(files: readonly { type: string; sizeBytes: number }[]): number | undefined {
  const sizes = files.filter(({ type }) => type === "LOG").map(({ sizeBytes }) => sizeBytes);
  return sizes.length === 0 ? undefined : Math.max(...sizes);
}

const folderOf = (entry: ManifestDatabase | undefined): string | undefined =>
  commonFolder(entry?.increments.map(({ file }) => file) ?? []);

/** The folder of files that are all in one; undefined otherwise. */
function commonFolder(files: readonly string[]): string | undefined {
  const folders = new Set(files.map((file) => file.slice(0, -nameOfFile(file).length)));
  const [folder] = folders;
  return folders.size === 1 ? folder || "." : undefined;
}

/** A URN is `urn:pulumi:<stack>::<project>::…`. */
export const stackOfUrn = (urn: string | undefined): string | undefined => /^urn:pulumi:(.*?)::/.exec(urn ?? "")?.[1];
