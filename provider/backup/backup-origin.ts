import { isSameName } from "../model/names";
import type { BackupSet } from "./backup-file";
import type { ChainMember } from "./restore-path";

/**
 * Tells databases of one name apart. Two backups come from one database when they share the family and either the
 * recovery fork (replicas of an availability group have several servers and one fork) or the server (a restore to a point
 * in time starts a new fork there). A copy that was restored on another server and went its own way keeps the family, but
 * has neither in common.
 */
export function separateOrigins(members: readonly ChainMember[]): ChainMember[][] {
  const origins: ChainMember[][] = [];
  for (const member of members) {
    const related = origins.filter((origin) => origin.some((other) => isOneDatabase(other.set, member.set)));
    const joined = [...related.flat(), member];
    origins.splice(0, origins.length, ...origins.filter((origin) => !related.includes(origin)), joined);
  }
  return origins;
}

function isOneDatabase(one: BackupSet, other: BackupSet): boolean {
  const sameServer =
    one.ServerName !== null && other.ServerName !== null && isSameName(one.ServerName, other.ServerName);
  if (one.FamilyGUID === null || other.FamilyGUID === null) {
    return sameServer && one.DatabaseCreationDate === other.DatabaseCreationDate;
  }
  const sameFork = one.RecoveryForkID !== null && one.RecoveryForkID === other.RecoveryForkID;
  return one.FamilyGUID === other.FamilyGUID && (sameFork || sameServer);
}

/** Whether a member is what `wanted` names: a server, a family or a recovery fork. */
export const isNamed =
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
