import type { BackupProblem } from "../../backup/backup-file";
import { planChains } from "../../backup/chain";
import { EXIT, type ExitStatus } from "../program/exit-status";
import { jsonReport } from "../program/json-report";
import type { CommandContext } from "../program/program";
import { lazyStore, type StoreChoice } from "./object-store";
import { readBackups } from "./read-entries";
import { chainReport, faultText, leftOutLines, problemText, reportItems, tableReport } from "./report";
import { filesNotTaken, writeManifest } from "./write-manifest";

export interface BakinfoRequest extends StoreChoice {
  /** Files, folders and `oss://` locations. */
  paths: readonly string[];
  json?: boolean;
  /** Reads every file to its end. */
  deep?: boolean;
  /** Patterns of files that are left out of folders and prefixes. */
  exclude?: readonly string[];
  /** Where to write the manifest. */
  manifest?: string;
}

/** Reads the backups and prints the report; problems go to stderr. */
export async function runBakinfo(
  request: BakinfoRequest,
  context: Pick<CommandContext, "console" | "program">,
): Promise<ExitStatus> {
  const { program } = context;
  const { out, err } = context.console;
  const { deep = false } = request;
  const store = lazyStore(request, context);
  const { entries, leftOut, emptyFolders } = await readBackups(request.paths, store, {
    deep,
    exclude: request.exclude,
  });
  for (const { backup, warnings } of entries) {
    for (const problem of backup.problems) err(problemText(program, "error", problem));
    for (const warning of warnings) err(problemText(program, "warning", warning));
  }
  for (const line of leftOutLines(program, leftOut)) err(line);
  const plan = planChains(entries);
  if (request.json) out(jsonReport(reportItems(entries)));
  else if (entries.length > emptyFolders.length)
    out([tableReport(entries), chainReport(plan)].filter(Boolean).join("\n\n"));
  for (const { problems } of plan.databases)
    for (const problem of problems)
      err(problemText(program, blocksManifest(request, problem) ? "error" : "warning", problem));
  const isSound = entries.every(({ backup }) => backup.problems.length === 0);
  if (request.manifest === undefined) return isSound ? EXIT.ok : EXIT.findings;
  const notTaken = filesNotTaken(plan);
  for (const fault of notTaken) err(faultText(program, fault));
  const refusal = await writeManifest(request.manifest, { entries, plan, isSound, notTaken });
  if (refusal !== undefined) err(`${program}: error: ${request.manifest} was not written: ${refusal}.`);
  return isSound && refusal === undefined ? EXIT.ok : EXIT.findings;
}

/** A gap only shortens a chain; the other problems of a database keep the manifest from being written. */
const blocksManifest = ({ manifest }: BakinfoRequest, { code }: BackupProblem): boolean =>
  manifest !== undefined && code !== "CHAIN_GAP";
