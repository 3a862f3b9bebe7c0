import type { GroupInputs, GroupMember, GroupOutputs, OpenedMember } from "../model/cutover-group";
import { phaseOf } from "../model/inputs";
import { isSameName } from "../model/names";
import { isUnknown } from "../model/unknown";

/** Returns the members that cannot be opened, with the reasons. Members with unknown values are checked at `up`. */
export function membersNotReady(members: readonly GroupMember[]): { database: string; reasons: string[] }[] {
  return members.flatMap(({ database, status, readyForCutover, cutoverObstacles }) => {
    if (isUnknown(status) || status === "online" || readyForCutover === true) return [];
    if (status !== "waitingForIncrements") return [{ database, reasons: [`it is ${status}`] }];
    if (isUnknown(readyForCutover) || isUnknown(cutoverObstacles)) return [];
    return [{ database, reasons: cutoverObstacles ?? ["its migration does not report it as ready"] }];
  });
}

/** Pure decision behind `diff`: whether an update would open a database or record a member. */
export function wouldOpen(recorded: Partial<GroupOutputs>, wanted: Partial<GroupInputs>): boolean {
  const { opened = [] } = recorded;
  const { members = [] } = wanted;
  if (phaseOf(wanted) === "restoring") return opened.length !== members.length;
  return members.some((member) => recordOf(opened, member)?.status !== "online");
}

/**
 * Returns the record of a member. SQL Server compares names without case. A database that was migrated again has another task, so
 * the record of the earlier task does not apply to it.
 */
export const recordOf = (
  opened: readonly OpenedMember[],
  { database, instanceId, migrateTaskId }: Pick<GroupMember, "database" | "instanceId" | "migrateTaskId">,
): OpenedMember | undefined =>
  opened.find(
    (one) =>
      isSameName(one.database, database) &&
      one.instanceId === instanceId &&
      (isAbsent(one.migrateTaskId) || isAbsent(migrateTaskId) || one.migrateTaskId === migrateTaskId),
  );

const isAbsent = (taskId: string | undefined): boolean => taskId === undefined || isUnknown(taskId);

/** Returns the names of the databases that are already open. */
export const onlineOf = (members: readonly Pick<GroupMember | OpenedMember, "database" | "status">[]): string[] =>
  members.filter(({ status }) => status === "online").map(({ database }) => database);

/** Returns the group's status from those of its members. */
export function statusOf(opened: readonly OpenedMember[]): OpenedMember["status"] {
  if (opened.some(({ status }) => status === "failed")) return "failed";
  return opened.every(({ status }) => status === "online") ? "online" : "waiting";
}

export function recordOnline(record: OpenedMember, openedAtMs: number | undefined): void {
  record.status = "online";
  if (openedAtMs !== undefined) record.openedAt ??= new Date(openedAtMs).toISOString();
  record.failure = undefined;
}
