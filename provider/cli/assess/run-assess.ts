import { writeFile } from "node:fs/promises";
import type { BakinfoEntry } from "../../backup/bakinfo-entry";
import { expandArguments } from "../../backup-files/list-backup-files";
import { assess } from "../../report/assessment";
import { assessmentPage } from "../../report/assessment-page";
import { assessmentText } from "../../report/assessment-text";
import { canonicalJson, sha256Of } from "../../report/canonical-json";
import { lazyStore, type StoreChoice } from "../bakinfo/object-store";
import { readEntries } from "../bakinfo/read-entries";
import { problemLine } from "../bakinfo/report";
import { EXIT, type ExitStatus } from "../program/exit-status";
import type { CommandContext } from "../program/program";
import { requireBaseline } from "../source/read-baseline";

export interface AssessRequest extends StoreChoice {
  baseline: string;
  /** A folder, or `oss://bucket/prefix/`, with the backups of the source. */
  backups?: string;
  engineVersion?: string;
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
  const backups = request.backups === undefined ? undefined : await readBackups(request.backups, request, context);
  const assessment = assess({ baseline, engineVersion: request.engineVersion, backups });
  const text = canonicalJson(assessment);
  const digest = sha256Of(text);
  if (request.html !== undefined) await writeFile(request.html, assessmentPage(assessment, digest));
  out(request.json ? text.trimEnd() : assessmentText(assessment, digest));
  return assessment.totals.blocked > 0 ? EXIT.findings : EXIT.ok;
}

async function readBackups(
  folder: string,
  choice: StoreChoice,
  context: Pick<CommandContext, "console" | "program">,
): Promise<BakinfoEntry[]> {
  const store = lazyStore(choice, context);
  const { backups } = await expandArguments([folder], store);
  const entries = await readEntries(backups, store, { deep: false });
  for (const { backup } of entries)
    for (const problem of backup.problems) context.console.err(problemLine(context.program, "error", problem));
  return entries;
}
