import Table from "cli-table3";
import type { BackupProblem, BackupSet } from "../../backup/backup-file";
import type { BakinfoEntry } from "../../backup/bakinfo-entry";
import type { ChainPlan, DatabasePlan } from "../../backup/chain";
import { describeReason, type LeftOut } from "../../backup/left-out";
import { NAME_OF_TYPE } from "../../backup/object-name";
import type { LeftOutFile } from "../../backup-files/select-files";
import { terminalLine } from "../../model/terminal-text";

/** One object for each file: HEADERONLY's column names, and the problems and warnings. */
export const reportItems = (entries: readonly BakinfoEntry[]): object[] =>
  entries.map(({ file, backup: { problems, ...backup }, warnings }) => ({ file, ...backup, problems, warnings }));

/** A table like RESTORE HEADERONLY's, one row for each backup set. */
export function tableReport(entries: readonly BakinfoEntry[]): string {
  const table = new Table({
    head: ["File", "Database", "Type", "Start", "Finish", "First LSN", "Last LSN", "Size", "Version", "Notes"],
    style: { head: [], border: [], compact: true },
  });
  for (const entry of entries) {
    if (entry.backup.sets.length === 0)
      table.push([terminalLine(entry.file), ...Array<string>(8).fill(""), notesOf(entry)]);
    for (const set of entry.backup.sets) table.push(rowOf(entry, set));
  }
  return table.toString();
}

function rowOf(entry: BakinfoEntry, set: BackupSet): string[] {
  const version = [set.SoftwareVersionMajor, set.SoftwareVersionMinor, set.SoftwareVersionBuild];
  return [
    terminalLine(entry.file),
    terminalLine(set.DatabaseName ?? ""),
    set.BackupType === null ? "?" : NAME_OF_TYPE[set.BackupType],
    set.BackupStartDate?.replace("T", " ") ?? "",
    set.BackupFinishDate?.replace("T", " ") ?? "",
    set.FirstLSN?.toString() ?? "",
    set.LastLSN?.toString() ?? "",
    sizeText(set.CompressedBackupSize ?? set.BackupSize ?? entry.backup.sizeBytes),
    version.includes(null) ? "" : version.join("."),
    notesOf(entry, set),
  ];
}

function notesOf({ backup, warnings }: BakinfoEntry, set?: BackupSet): string {
  const { media } = backup;
  const notes = [
    media?.FamilyCount && media.FamilyCount > 1 && `stripe ${media.FamilySequenceNumber} of ${media.FamilyCount}`,
    backup.sets.length > 1 && set && `set ${set.Position} of ${backup.sets.length}`,
    backup.container === "MSSQLBAK" && !backup.encrypted && "compressed",
    backup.encrypted && "encrypted",
    set?.IsCopyOnly && "copy-only",
    set?.IsReadOnly && "read-only",
    set?.IsSingleUser && "single-user",
    set?.IsDamaged && "database damaged",
    set?.HasNoRecovery && "tail",
    set?.HasBackupChecksums && "checksums",
    set?.RecoveryModel && set.RecoveryModel !== "FULL" && set.RecoveryModel.toLowerCase(),
    (media?.IsPasswordProtected || set?.IsPasswordProtected) && "password",
    ...[...backup.problems, ...warnings].map(({ code }) => code),
  ];
  return notes.filter(Boolean).join(", ");
}

const UNITS = ["B", "KiB", "MiB", "GiB", "TiB"] as const;

function sizeText(bytes: number): string {
  const power = Math.min(UNITS.length - 1, Math.floor(Math.log2(Math.max(1, bytes)) / 10));
  return `${(bytes / 2 ** (10 * power)).toFixed(power === 0 ? 0 : 1)} ${UNITS[power]}`;
}

/** Each database's chain in restore order, then each file outside the chain with the reason. */
export const chainReport = ({ databases }: ChainPlan): string => databases.map(describePlan).join("\n\n");

function describePlan({ database, chain, leftOut }: DatabasePlan): string {
  const name = terminalLine(database);
  if (!chain) return [`${name}: no chain`, ...leftOut.map(leftOutLine)].join("\n");
  const quiet = chain.quietUntil ? `, nothing written until ${chain.quietUntil.replace("T", " ")}` : "";
  const members = [chain.full, ...chain.increments];
  return [
    `${name}: data as of ${chain.dataAsOf?.replace("T", " ") ?? "an unknown time"} (source's local time)${quiet}, LSN ${chain.reachedLsn}`,
    ...members.map(
      ({ file, set }, index) => `  ${index + 1}. ${NAME_OF_TYPE[set.BackupType ?? 1].padEnd(4)}  ${terminalLine(file)}`,
    ),
    ...leftOut.map(leftOutLine),
  ].join("\n");
}

const leftOutLine = ({ file, reason }: LeftOut): string => terminalLine(`  -  ${file} ${describeReason(reason)}`);

/**
 * A problem for stderr: its first line, and the others indented below it. It leaves out the name of the resource's property, which
 * means nothing on the command line.
 */
export const problemText = (program: string, kind: "error" | "warning", { code, message }: BackupProblem): string =>
  faultText(program, `${code}: ${message}`, kind);

/** The same for a whole message, which begins with its code. */
export function faultText(program: string, message: string, kind: "error" | "warning" = "error"): string {
  const [first = "", ...others] = message.replace(/^(\w+: )\[\w+\] /, "$1").split("\n");
  return [`${program}: ${kind} ${first}`, ...others.map((line) => `  ${line}`)].map(terminalLine).join("\n");
}

/** More lines would hide the problems. */
const MAX_LEFT_OUT_LINES = 20;

/** Lines for stderr about the files of folders that are not read. */
export function leftOutLines(program: string, leftOut: readonly LeftOutFile[]): string[] {
  const shown = leftOut.slice(0, MAX_LEFT_OUT_LINES);
  const lines = shown.map(({ file, reason }) => `${program}: left out: ${terminalLine(`${file} ${reason}`)}`);
  const more = leftOut.length - shown.length;
  return more > 0 ? [...lines, `${program}: left out: ${more} more`] : lines;
}
