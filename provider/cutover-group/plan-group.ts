import { isUnknown } from "../host/unknown";
import { phaseOf } from "../inputs";
import type { GroupInputs, GroupMember, GroupOutputs, OpenedMember } from "./group-inputs";

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
  return members.some(({ database, instanceId }) => {
    const known = recordOf(opened, { database, instanceId });
    return known === undefined || known.status !== "online";
  });
}

/** SQL Server compares names without case. */
export const recordOf = (
  opened: readonly OpenedMember[],
  { database, instanceId }: Pick<GroupMember, "database" | "instanceId">,
): OpenedMember | undefined =>
  opened.find((one) => one.database.toLowerCase() === database.toLowerCase() && one.instanceId === instanceId);
