import { writeFile } from "node:fs/promises";
import { canonicalJson, sha256Of } from "../../report/canonical-json";
import { type MigrationReport, migrationReport } from "../../report/migration-report";
import { reportPage } from "../../report/report-page";
import { reportText } from "../../report/report-text";
import { mergeStates } from "../../stack-state/exported-stack";
import { EXIT, type ExitStatus } from "../program/exit-status";
import type { CommandContext } from "../program/program";
import { readStackStates } from "../status/stack-state";

export interface ReportRequest {
  /** Files, or `-` for stdin. @default the output of `pulumi stack export` */
  state?: readonly string[];
  stack?: string;
  json?: boolean;
  /** Where to write the page. */
  html?: string;
}

/** Prints the report of one or several states, and writes its page. Reads the states only. */
export async function runReport(
  { state = [], stack, json, html }: ReportRequest,
  { console, program }: Pick<CommandContext, "console" | "program">,
): Promise<ExitStatus> {
  const report = migrationReport(mergeStates(await readStackStates({ state, stack })));
  const text = canonicalJson(report);
  const digest = sha256Of(text);
  if (html !== undefined) await writeFile(html, reportPage(report, digest));
  console.out(json ? text.trimEnd() : reportText(report, digest));
  if (report.databases.length === 0) console.err(`${program}: the state has no database of this package`);
  return hasFindings(report) ? EXIT.findings : EXIT.ok;
}

const hasFindings = ({ databases, totals, unreadable, verifications }: MigrationReport): boolean =>
  databases.length === 0 ||
  totals.failed > 0 ||
  unreadable.length > 0 ||
  verifications.some(({ result }) => result === "failed");
