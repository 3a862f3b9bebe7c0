import { groupCutoverHeadline } from "../decisions/cutover-notice";
import { migrationError } from "../errors/migration-error";
import { faultMessages } from "../model/arguments";
import type { CheckResult } from "../model/check-result";
import { groupFaults, knownGroupInputs, oldGroupInputs } from "../model/cutover-group";
import { phaseOf } from "../model/inputs";
import type { PlainObject } from "../model/plain";
import { containsUnknown } from "../model/unknown";
import type { HandlerContext } from "../session/handler-context";
import { membersNotReady, onlineOf } from "./plan-group";

/** Checks the arguments and the one-way phase. For a cutover, refuses members that are not ready and warns that it cannot be undone. */
export function checkGroup({ log }: HandlerContext, olds: PlainObject, news: PlainObject): CheckResult {
  const failures = faultMessages(groupFaults(news));
  if (failures.length > 0 || containsUnknown(news.phase)) return result(news, failures);
  const { members = [], phase } = knownGroupInputs(news);
  const before = oldGroupInputs(olds);
  const databases = members.map(({ database }) => (containsUnknown(database) ? "…" : database));
  const wasOnline = before.members !== undefined && phaseOf(before) === "online";
  if (wasOnline && phase === "restoring")
    failures.push(migrationError("PHASE_ONE_WAY", { database: databases.join(", ") }).message);
  if (phaseOf({ phase }) === "online" && !wasOnline && failures.length === 0) {
    const notReady = membersNotReady(members);
    if (notReady.length > 0)
      failures.push(
        migrationError("GROUP_NOT_READY", { members: notReady, of: members.length, open: onlineOf(members) }).message,
      );
    else
      log.warning(
        `${groupCutoverHeadline(databases)}\n` +
          "The databases are opened one after the other, in this order. No log can be applied to an open database. First stop every " +
          "application that writes to them. All are checked before the first is opened; if one then fails, those " +
          "before it stay open.",
      );
  }
  return result(news, failures);
}

const result = (inputs: PlainObject, failures: readonly string[]): CheckResult => ({
  inputs,
  failures: failures.map((reason) => ({ property: "", reason })),
});
