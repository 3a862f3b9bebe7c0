import type { MigrationInputs } from "../model/inputs";
import { dedupeFindings } from "../preflight/dedupe-findings";
import type { Finding } from "../preflight/finding";
import type { HandlerContext } from "../session/handler-context";

/** The state of one `check` call. */
export interface CheckRun {
  context: HandlerContext;
  /** Known inputs only. Unknown ones are checked at `up`, when their values are known. */
  inputs: Partial<MigrationInputs>;
  olds: Partial<MigrationInputs>;
  failures: string[];
}

/**
 * Turns errors into failures and logs the others. A deferred migration leaves those that are about all databases to its outcome,
 * because checks run in parallel and would log them under an arbitrary database.
 */
export function reportFindings(run: CheckRun, findings: readonly Finding[]): void {
  const { context, inputs, failures } = run;
  const forOutcome = inputs.deferred === true ? findings.filter(({ isShared }) => isShared) : [];
  const { sharedFindings } = context.session.run;
  if (forOutcome.length > 0)
    sharedFindings.set(context.urn, [...(sharedFindings.get(context.urn) ?? []), ...forOutcome]);
  const own = findings.filter((finding) => !forOutcome.includes(finding));
  for (const { severity, message } of dedupeFindings(own)) {
    if (severity === "error") failures.push(message);
    else logOncePerRun(run, message, severity === "note" ? "info" : "warning");
  }
  const errors = forOutcome.filter(({ severity }) => severity === "error");
  failures.push(...dedupeFindings(errors).map(({ message }) => message));
}

/** Logs a message once a run: five hundred resources may have the same one, and only the first shows it. */
export function logOncePerRun(
  { context }: Pick<CheckRun, "context">,
  message: string,
  severity: "warning" | "info" = "warning",
): void {
  const { logged } = context.session.run;
  if (logged.has(message)) return;
  logged.add(message);
  context.log.write(severity, message);
}
