import { isSameName } from "../model/names";
import type { BackupSet } from "./backup-file";
import type { ChainMember } from "./restore-path";

/**
 * Groups backups of one database name by the database that they come from. Two backups come from the same database when
 * they share the family and either the recovery fork (replicas of an availability group have several servers and one
 * fork) or the server (a restore to a point in time starts a new fork on it). A copy that was restored on another
 * server and then changed keeps the family, but shares neither fork nor server.
 */
export function separateOrigins<Member extends ChainMember>(members: readonly Member[]): Member[][] {
  const origins: Member[][] = [];
  for (const member of members) {
    const related = origins.filter((origin) => origin.some((other) => isSameDatabase(other.set, member.set)));
    const joined = [...related.flat(), member];
    origins.splice(0, origins.length, ...origins.filter((origin) => !related.includes(origin)), joined);
  }
  return origins;
}

function isSameDatabase(one: BackupSet, other: BackupSet): boolean {
  const sameServer =
    one.ServerName !== null && other.ServerName !== null && isSameName(one.ServerName, other.ServerName);
  if (one.FamilyGUID === null || other.FamilyGUID === null) {
    return sameServer && one.DatabaseCreationDate === other.DatabaseCreationDate;
  }
  const sameFork = one.RecoveryForkID !== null && one.RecoveryForkID === other.RecoveryForkID;
  return one.FamilyGUID === other.FamilyGUID && (sameFork || sameServer);
}

/** Whether a member comes from the server, family or recovery fork `wanted`. */
export const comesFrom =
  (wanted: string) =>
  ({ set }: ChainMember): boolean =>
    [set.ServerName, set.FamilyGUID, set.RecoveryForkID].some((name) => name !== null && isSameName(name, wanted));

/** `SRV1 (family …, fork …): a.bak, b.trn`. */
export function describeOrigin(origin: readonly ChainMember[]): string {
  const distinct = (name: (set: BackupSet) => string | null): string =>
    [...new Set(origin.map(({ set }) => name(set) ?? "unknown"))].join(", ");
  const servers = distinct((set) => set.ServerName);
  const identity = `family ${distinct((set) => set.FamilyGUID)}, fork ${distinct((set) => set.RecoveryForkID)}`;
  return `${servers} (${identity}): ${origin.map(({ file }) => file).join(", ")}`;
}
