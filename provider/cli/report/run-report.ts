import { canonicalJson, sha256Of } from "../../report/canonical-json";
import { type MigrationReport, migrationReport } from "../../report/migration-report";
import { reportPage } from "../../report/report-page";
import { reportText } from "../../report/report-text";
import { mergeStates } from "../../stack-state/exported-stack";
import { EXIT, type ExitStatus } from "../program/exit-status";
import type { CommandContext } from "../program/program";
import { UsageError } from "../program/usage-error";
import { NO_DATABASE, readStackStates } from "../status/stack-state";
import { replaceFile } from "./replace-file";
import type { ReportRequest } from "./report-request";

/** It loads the cloud's SDK, which a report does not need. */
const loadWatch = () => require("./watch-report") as typeof import("./watch-report");

/** Prints the report of one or several states, and writes its page. Reads the states only. */
export async function runReport(
  request: ReportRequest,
  context: Pick<CommandContext, "console" | "program">,
): Promise<ExitStatus> {
  const { state = [], stack, json, html, watch, eventLog } = request;
  const { console, program } = context;
  if (watch === undefined && eventLog !== undefined) throw new UsageError("--event-log needs --watch");
  if (watch !== undefined) await loadWatch().watchReport(request, context);
  const report = migrationReport(mergeStates(await readStackStates({ state, stack })));
  const text = canonicalJson(report);
  const digest = sha256Of(text);
  if (html !== undefined) await replaceFile(html, reportPage(report, { digest }));
  if (json) console.out(text.trimEnd());
  else if (!isEmpty(report)) console.out(reportText(report, digest));
  if (report.databases.length === 0) console.err(`${program}: ${NO_DATABASE}`);
  return hasFindings(report) ? EXIT.findings : EXIT.ok;
}

/** Whether the states have nothing to report, so that a summary would be a list of zeros. */
const isEmpty = ({ databases, unreadable, verifications }: MigrationReport): boolean =>
  databases.length + unreadable.length + verifications.length === 0;

const hasFindings = ({ databases, totals, unreadable, verifications }: MigrationReport): boolean =>
  databases.length === 0 ||
  totals.failed > 0 ||
  unreadable.length > 0 ||
  verifications.some(({ result }) => result === "failed");
