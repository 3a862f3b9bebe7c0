import { migrationError } from "../errors/migration-error";
import type { CheckResult } from "../model/check-result";
import { PHASES, phaseOf } from "../model/inputs";
import type { PlainObject } from "../model/plain";
import { containsUnknown } from "../model/unknown";
import type { Session } from "../session/session";
import type { GroupInputs } from "./group-inputs";
import { membersNotReady, onlineOf } from "./plan-group";

/** One way, as for each member; and at the preview of the cutover, what cannot be undone and who is not ready. */
export function checkGroup(session: Session, olds: PlainObject, news: PlainObject): CheckResult {
  const { members = [], phase, resourceUrn } = news as unknown as Partial<GroupInputs>;
  const failures: string[] = [];
  if (phase !== undefined && !containsUnknown(phase) && !PHASES.includes(phase)) {
    const remedy = `Write one of: ${PHASES.join(", ")}.`;
    failures.push(
      migrationError("INPUT_INVALID", { property: "phase", fault: `is ${JSON.stringify(phase)}`, remedy }).message,
    );
  }
  if (members.length === 0)
    failures.push(
      migrationError("INPUT_INVALID", {
        property: "members",
        fault: "is empty",
        remedy: "Give at least one migration.",
      }).message,
    );
  const before = olds as Partial<GroupInputs>;
  const databases = members.map(({ database }) => (containsUnknown(database) ? "…" : database)).join(", ");
  const wasOnline = before.members !== undefined && phaseOf(before) === "online";
  if (containsUnknown(phase)) return result(news, failures);
  if (wasOnline && phase === "restoring")
    failures.push(migrationError("PHASE_ONE_WAY", { database: databases }).message);
  if (phaseOf({ phase }) === "online" && !wasOnline && failures.length === 0) {
    const waiting = membersNotReady(members);
    if (waiting.length > 0)
      failures.push(
        migrationError("GROUP_NOT_READY", { members: waiting, of: members.length, open: onlineOf(members) }).message,
      );
    else
      session.engine.log(
        "warning",
        resourceUrn,
        `CUTOVER of ${databases}: they are opened one after the other, in this order. POINT OF NO RETURN: an open database takes ` +
          "no more logs. Stop every application that writes to them first; all are looked at before the first is opened, and if " +
          "one then fails, those before it stay open.",
      );
  }
  return result(news, failures);
}

const result = (inputs: PlainObject, failures: readonly string[]): CheckResult => ({
  inputs,
  failures: failures.map((reason) => ({ property: "", reason })),
});
