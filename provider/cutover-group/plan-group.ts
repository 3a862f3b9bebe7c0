import type { GroupInputs, GroupMember, GroupOutputs, OpenedMember } from "../model/cutover-group";
import { phaseOf } from "../model/inputs";
import { isUnknown } from "../model/unknown";

/** Members of which it is known that they cannot be opened, with the reasons; unknown ones are judged at `up`. */
export function membersNotReady(members: readonly GroupMember[]): { database: string; reasons: string[] }[] {
  return members.flatMap(({ database, status, readyForCutover, cutoverObstacles }) => {
    if (isUnknown(status) || status === "online" || readyForCutover === true) return [];
    if (status !== "waitingForIncrements") return [{ database, reasons: [`it is ${status}`] }];
    if (isUnknown(readyForCutover) || isUnknown(cutoverObstacles)) return [];
    return [{ database, reasons: cutoverObstacles ?? ["it does not say that it is ready"] }];
  });
}

/** Pure decision behind `diff`: whether an update would open something, or has something to record. */
export function wouldOpen(recorded: Partial<GroupOutputs>, wanted: Partial<GroupInputs>): boolean {
  const { opened = [] } = recorded;
  const { members = [] } = wanted;
  if (phaseOf(wanted) === "restoring") return opened.length !== members.length;
  return members.some((member) => recordOf(opened, member)?.status !== "online");
}

/**
 * What is recorded of a member. SQL Server compares names without case; a database that was migrated anew has another task,
 * and what became of the one before says nothing of it.
 */
export const recordOf = (
  opened: readonly OpenedMember[],
  { database, instanceId, migrateTaskId }: Pick<GroupMember, "database" | "instanceId" | "migrateTaskId">,
): OpenedMember | undefined =>
  opened.find(
    (one) =>
      one.database.toLowerCase() === database.toLowerCase() &&
      one.instanceId === instanceId &&
      (isAbsent(one.migrateTaskId) || isAbsent(migrateTaskId) || one.migrateTaskId === migrateTaskId),
  );

const isAbsent = (taskId: string | undefined): boolean => taskId === undefined || isUnknown(taskId);

/** Names of the databases that are open already. */
export const onlineOf = (members: readonly Pick<GroupMember | OpenedMember, "database" | "status">[]): string[] =>
  members.filter(({ status }) => status === "online").map(({ database }) => database);

/** What the group has come to with its members. */
export function statusOf(opened: readonly OpenedMember[]): OpenedMember["status"] {
  if (opened.some(({ status }) => status === "failed")) return "failed";
  return opened.every(({ status }) => status === "online") ? "online" : "waiting";
}

export function recordOnline(record: OpenedMember, openedAtMs: number | undefined): void {
  record.status = "online";
  if (openedAtMs !== undefined) record.openedAt ??= new Date(openedAtMs).toISOString();
  record.failure = undefined;
}
