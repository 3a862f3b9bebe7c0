import { canonicalJson, sha256Of } from "../../report/canonical-json";
import { type MigrationReport, migrationReport } from "../../report/migration-report";
import { reportPage } from "../../report/report-page";
import { reportText } from "../../report/report-text";
import { mergeStates } from "../../stack-state/exported-stack";
import { EXIT, type ExitStatus } from "../program/exit-status";
import type { CommandContext } from "../program/program";
import { UsageError } from "../program/usage-error";
import { readStackStates } from "../status/stack-state";
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
  console.out(json ? text.trimEnd() : reportText(report, digest));
  if (report.databases.length === 0) console.err(`${program}: the state has no database of this package`);
  return hasFindings(report) ? EXIT.findings : EXIT.ok;
}

const hasFindings = ({ databases, totals, unreadable, verifications }: MigrationReport): boolean =>
  databases.length === 0 ||
  totals.failed > 0 ||
  unreadable.length > 0 ||
  verifications.some(({ result }) => result === "failed");
