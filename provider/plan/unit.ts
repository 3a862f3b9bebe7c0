import { nameKey } from "../model/names";
import type { PlanDatabase } from "./plan";

/** Databases that are planned together: a group, or a single database. */
export interface Unit {
  members: readonly PlanDatabase[];
  priority: number;
  uploadBytes: number;
  restoredBytes: number;
  restoreSeconds: number;
  /** The largest backup file. */
  backupBytes: number;
  /** Restore and check of the member that takes longest. */
  tailSeconds: number;
}

/** Groups and single databases, independent of the order in which they are given: by priority, then by name. */
export function unitsOf(databases: readonly PlanDatabase[]): Unit[] {
  const byKey = new Map<string, PlanDatabase[]>();
  for (const database of databases) {
    const key = database.group === undefined ? `d ${nameKey(database.database)}` : `g ${database.group}`;
    const members = byKey.get(key) ?? [];
    members.push(database);
    byKey.set(key, members);
  }
  return [...byKey]
    .map(([key, members]) => ({ key, unit: unitOf(members) }))
    .sort((one, other) => one.unit.priority - other.unit.priority || (one.key < other.key ? -1 : 1))
    .map(({ unit }) => unit);
}

function unitOf(members: readonly PlanDatabase[]): Unit {
  const sorted = [...members].sort((one, other) => (nameKey(one.database) < nameKey(other.database) ? -1 : 1));
  const sum = (of: (each: PlanDatabase) => number) => sorted.reduce((total, each) => total + of(each), 0);
  const most = (of: (each: PlanDatabase) => number) => sorted.reduce((top, each) => Math.max(top, of(each)), 0);
  return {
    members: sorted,
    priority: sorted.reduce((first, { priority = 0 }) => Math.min(first, priority), Number.POSITIVE_INFINITY),
    uploadBytes: sum(({ uploadBytes }) => uploadBytes),
    restoredBytes: sum(({ restoredBytes }) => restoredBytes),
    restoreSeconds: sum(({ restoreSeconds }) => restoreSeconds),
    backupBytes: most(({ backupBytes }) => backupBytes),
    tailSeconds: most(({ restoreSeconds, checkSeconds }) => restoreSeconds + checkSeconds),
  };
}
