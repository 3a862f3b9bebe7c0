import { writeFile } from "node:fs/promises";
import { assess } from "../../report/assessment";
import { assessmentPage } from "../../report/assessment-page";
import { assessmentText } from "../../report/assessment-text";
import { canonicalJson, sha256Of } from "../../report/canonical-json";
import { lazyStore, type StoreChoice } from "../bakinfo/object-store";
import { type ReadBackups, readBackups } from "../bakinfo/read-entries";
import { problemText } from "../bakinfo/report";
import { EXIT, type ExitStatus } from "../program/exit-status";
import type { CommandContext } from "../program/program";
import { requireBaseline } from "../source/read-baseline";
import { readPrices } from "./read-prices";

export interface AssessRequest extends StoreChoice {
  baseline: string;
  /** A folder, or `oss://bucket/prefix/`, with the backups of the source. */
  backups?: string;
  engineVersion?: string;
  /** A file with prices, for the monthly cost. */
  prices?: string;
  json?: boolean;
  /** Where to write the page. */
  html?: string;
}

/** Prints the assessment of a source and writes its page. Reads the baseline and the headers of the backups only. */
export async function runAssess(
  request: AssessRequest,
  context: Pick<CommandContext, "console" | "program">,
): Promise<ExitStatus> {
  const { out } = context.console;
  const baseline = await requireBaseline(request.baseline);
  const backups = request.backups === undefined ? undefined : await readFolder(request.backups, request, context);
  const prices = request.prices === undefined ? undefined : await readPrices(request.prices);
  const { engineVersion } = request;
  const assessment = assess({ baseline, engineVersion, backups: backups?.entries, prices });
  const text = canonicalJson(assessment);
  const digest = sha256Of(text);
  if (request.html !== undefined) await writeFile(request.html, assessmentPage(assessment, digest));
  out(request.json ? text.trimEnd() : assessmentText(assessment, digest));
  const hasUnread = backups?.entries.some(({ backup }) => backup.problems.length > 0);
  return assessment.totals.blocked > 0 || hasUnread ? EXIT.findings : EXIT.ok;
}

/** What cannot be read is on stderr, as `bakinfo` prints it. */
async function readFolder(
  folder: string,
  choice: StoreChoice,
  context: Pick<CommandContext, "console" | "program">,
): Promise<ReadBackups> {
  const { console, program } = context;
  const read = await readBackups([folder], lazyStore(choice, context), { deep: false });
  for (const { backup } of read.entries)
    for (const problem of backup.problems) console.err(problemText(program, "error", problem));
  return read;
}
