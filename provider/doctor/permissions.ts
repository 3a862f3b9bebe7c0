import { PERMISSIONS } from "../aliyun/ram/permissions";
import type { MigrationError } from "../errors/migration-error";
import { isRefused, line, type ReportLine } from "./report-line";

/** How a call that needs one RAM action ended. */
export type Attempt =
  | { kind: "allowed" }
  | { kind: "failed"; error: MigrationError }
  | { kind: "notTried"; why: string };

/** Reading actions that cannot be tried without something that a doctor does not make. */
const NEEDS_SOMETHING: Readonly<Record<string, string>> = {
  "oss:ListParts": "because it needs an unfinished upload",
};

/** One line for each RAM action of a migration: whether the credentials may use it. Actions that change something are never tried. */
export const permissionLines = (attempts: ReadonlyMap<string, Attempt>): ReportLine[] =>
  [...PERMISSIONS].map(([action, { looks, use, isOptional }]) => {
    if (!looks) return line(action, "notTried", `because it changes something (${use})`);
    const missing = NEEDS_SOMETHING[action] ?? "because no check needed it";
    const attempt: Attempt = attempts.get(action) ?? { kind: "notTried", why: missing };
    if (attempt.kind === "allowed") return line(action, "ok", "allowed");
    if (attempt.kind === "notTried") return line(action, "notTried", attempt.why);
    if (!isRefused(attempt.error)) return line(action, "notTried", `because the call failed: ${attempt.error.code}`);
    const { what, remedy } = attempt.error;
    return line(action, isOptional ? "warning" : "failed", "refused", {
      details: [`For: ${use}`, ...what.split("\n")],
      remedy,
    });
  });
