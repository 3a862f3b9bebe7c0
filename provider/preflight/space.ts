import type { DatabaseFacts, InstanceFacts } from "../aliyun/rds-api";
import type { BackupFile } from "../backup/backup-file";
import { isSameName } from "../model/names";
import type { NewDatabase } from "../model/new-database";
import { formatBytes } from "../model/quantities";
import { errorOf, type Finding, warningOf } from "./finding";

/** Kept free besides: databases grow while they are restored and opened. */
const MARGIN = 1.1;

/** What a restore takes, by the backup's header; where it does not tell, the backup's own size stands for the data. */
export function sizesOf(
  { sets, sizeBytes }: Pick<BackupFile, "sets" | "sizeBytes">,
  manifest?: { restoredBytes?: number },
): Omit<NewDatabase, "database"> {
  const [set] = sets;
  if (set === undefined && manifest?.restoredBytes !== undefined) {
    // A manifest has the sum of data and log files only. An error must be certain, so as much counts as data as was backed up.
    const dataBytes = Math.min(manifest.restoredBytes, sizeBytes);
    return { dataBytes, logBytes: manifest.restoredBytes - dataBytes, backupBytes: sizeBytes };
  }
  const sum = (isLog: boolean): number =>
    (set?.files ?? []).reduce((total, { Type, Size }) => total + ((Type === "L") === isLog ? (Size ?? 0) : 0), 0);
  return { dataBytes: sum(false) || (set?.BackupSize ?? sizeBytes), logBytes: sum(true), backupBytes: sizeBytes };
}

export interface SpaceInput {
  instance: InstanceFacts;
  databases: readonly DatabaseFacts[];
  /** The new databases of this run in the order in which they were declared, this one last. */
  declared: readonly NewDatabase[];
}

/**
 * Whether the disk holds all that this run adds. The first database that no longer fits is told, with the running total;
 * those behind it would only repeat it. Data files alone are what the vendor's guide counts: beyond them it is an error;
 * with log files, backup files and a margin a warning.
 */
export function checkSpace(input: SpaceInput): Finding[] {
  const { storageBytes, usedBytes, instanceId: instance } = input.instance;
  const added = notThereYet(input);
  const last = added.at(-1);
  if (storageBytes === undefined || usedBytes === undefined || last !== input.declared.at(-1) || last === undefined)
    return [];
  const free = Math.max(0, storageBytes - usedBytes);
  const before = added.slice(0, -1);
  const values = (needed: number) => ({
    ...{ instance, database: last.database, databases: added.length },
    ...{ needed: formatBytes(needed), free: formatBytes(free) },
  });
  if (dataOf(added) > free) return dataOf(before) > free ? [] : [errorOf("SPACE_TOO_SMALL", values(dataOf(added)))];
  if (wholeOf(added) > free && wholeOf(before) <= free) return [warningOf("SPACE_TIGHT", values(wholeOf(added)))];
  return [];
}

/** What was restored meanwhile is on the disk already, and counted there. */
const notThereYet = ({ declared, databases }: Pick<SpaceInput, "declared" | "databases">): NewDatabase[] =>
  declared.filter(({ database }) => !databases.some(({ name }) => isSameName(name, database)));

const dataOf = (all: readonly NewDatabase[]): number => all.reduce((sum, { dataBytes }) => sum + dataBytes, 0);

const wholeOf = (all: readonly NewDatabase[]): number =>
  all.reduce((sum, each) => sum + each.dataBytes + each.logBytes + each.backupBytes, 0) * MARGIN;

/** Whether the instance takes as many databases; again the first one that is too many is told. */
export function checkCount(input: SpaceInput): Finding[] {
  const { maxDatabases: most, instanceId: instance } = input.instance;
  const added = notThereYet(input);
  const last = added.at(-1);
  if (most === undefined || last === undefined || last !== input.declared.at(-1)) return [];
  const present = input.databases.length;
  const isFirstTooMany = present + added.length > most && (added.length === 1 || present + added.length - 1 <= most);
  if (!isFirstTooMany) return [];
  return [errorOf("DATABASES_TOO_MANY", { instance, database: last.database, present, added: added.length, most })];
}
