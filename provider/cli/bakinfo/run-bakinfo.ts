import type { BackupProblem } from "../../backup/backup-file";
import { unreadEntry } from "../../backup/bakinfo-entry";
import { planChains } from "../../backup/chain";
import { expandArguments } from "../../backup-files/list-backup-files";
import { EXIT, type ExitStatus } from "../program/exit-status";
import { jsonReport } from "../program/json-report";
import type { CommandContext } from "../program/program";
import { lazyStore, type StoreChoice } from "./object-store";
import { readEntries } from "./read-entries";
import { chainReport, faultLine, leftOutLines, problemLine, reportItems, tableReport } from "./report";
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
  const expanded = await expandArguments(request.paths, store, request.exclude);
  const { backups: files, leftOut, emptyFolders, unlisted } = expanded;
  const entries = [
    ...unlisted.map(({ folder, cause }) => unreadEntry(folder, cause)),
    ...(await readEntries(files, store, { deep })),
  ];
  for (const { backup, warnings } of entries) {
    for (const problem of backup.problems) err(problemLine(program, "error", problem));
    for (const warning of warnings) err(problemLine(program, "warning", warning));
  }
  for (const line of leftOutLines(program, leftOut)) err(line);
  for (const folder of emptyFolders) err(`${program}: error: there are no backup files in ${folder}.`);
  const plan = planChains(entries);
  if (request.json) out(jsonReport(reportItems(entries)));
  else out([tableReport(entries), chainReport(plan)].filter(Boolean).join("\n\n"));
  for (const { problems } of plan.databases)
    for (const problem of problems)
      err(problemLine(program, blocksManifest(request, problem) ? "error" : "warning", problem));
  const isSound = emptyFolders.length === 0 && entries.every(({ backup }) => backup.problems.length === 0);
  if (request.manifest === undefined) return isSound ? EXIT.ok : EXIT.findings;
  const notTaken = filesNotTaken(plan);
  for (const fault of notTaken) err(faultLine(program, fault));
  const refusal = await writeManifest(request.manifest, { entries, plan, isSound, notTaken });
  if (refusal !== undefined) err(`${program}: error: ${request.manifest} was not written: ${refusal}.`);
  return isSound && refusal === undefined ? EXIT.ok : EXIT.findings;
}

/** A gap only shortens a chain; the other problems of a database keep the manifest from being written. */
const blocksManifest = ({ manifest }: BakinfoRequest, { code }: BackupProblem): boolean =>
  manifest !== undefined && code !== "CHAIN_GAP";
