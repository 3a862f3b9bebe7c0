import type { DatabaseFacts, InstanceFacts } from "../aliyun/rds-api";
import type { BackupFile } from "../backup/backup-file";
import { restoredSize } from "../backup/database-size";
import { nameKey } from "../model/names";
import type { NewDatabase } from "../model/new-database";
import { formatBytes } from "../model/quantities";
import { errorOf, type Finding, shared, warningOf } from "./finding";

/** Safety factor: databases grow while they are restored and opened. */
const MARGIN = 1.1;

/** Space that a restore needs, from the backup's header; without it the backup's size counts as data. */
export function sizesOf({
  sets,
  sizeBytes,
}: Pick<BackupFile, "sets" | "sizeBytes">): Omit<NewDatabase, "database" | "isPlanned"> {
  const [set] = sets;
  const restored = set === undefined ? { dataBytes: sizeBytes, logBytes: 0 } : restoredSize(set, sizeBytes);
  return { ...restored, backupBytes: sizeBytes };
}

export interface SpaceInput {
  instance: InstanceFacts;
  databases: readonly DatabaseFacts[];
  /** The new databases of this run in the order of declaration, this one last. */
  declared: readonly NewDatabase[];
}

/**
 * Whether the disk has room for all databases that this run adds. Only the first database that does not fit gets the
 * finding, with the running total; later ones would repeat it. Too little room for the data files, which the vendor's
 * guide counts, is an error; too little for log files, backup files and a margin is a warning.
 */
export function checkSpace(input: SpaceInput): Finding[] {
  const { storageBytes, usedBytes, instanceId: instance } = input.instance;
  const added = notRestoredYet(input);
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
  if (neededBytes(added) > free && neededBytes(before) <= free)
    return [shared(warningOf("SPACE_TIGHT", values(neededBytes(added))))];
  return [];
}

/** The new databases that the instance does not have yet: restored ones count in the used disk space. */
export function notRestoredYet({ declared, databases }: Pick<SpaceInput, "declared" | "databases">): NewDatabase[] {
  const present = new Set(databases.map(({ name }) => nameKey(name)));
  return declared.filter(({ database }) => !present.has(nameKey(database)));
}

const dataOf = (all: readonly NewDatabase[]): number => all.reduce((sum, { dataBytes }) => sum + dataBytes, 0);

/** Space for data, log and backup files, with a margin; bytes. */
export const neededBytes = (all: readonly NewDatabase[]): number =>
  all.reduce((sum, each) => sum + each.dataBytes + each.logBytes + each.backupBytes, 0) * MARGIN;

/** Whether the number of databases stays within the instance's limit; the first one above it gets the finding. */
export function checkCount(input: SpaceInput): Finding[] {
  const { maxDatabases: most, instanceId: instance } = input.instance;
  const added = notRestoredYet(input);
  const last = added.at(-1);
  if (most === undefined || last === undefined || last !== input.declared.at(-1)) return [];
  const present = input.databases.length;
  const isFirstTooMany = present + added.length > most && (added.length === 1 || present + added.length - 1 <= most);
  if (!isFirstTooMany) return [];
  return [errorOf("DATABASES_TOO_MANY", { instance, database: last.database, present, added: added.length, most })];
}
