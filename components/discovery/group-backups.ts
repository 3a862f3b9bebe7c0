import type { BackupProblem } from "../../provider/backup/backup-file";
import type { BakinfoEntry } from "../../provider/backup/bakinfo-entry";
import { type ChainProblem, type DatabasePlan, databaseNamesOf, planChains, setsOf } from "../../provider/backup/chain";
import { describeReason } from "../../provider/backup/left-out";
import { reasonOf } from "../../provider/backup/problem-reason";
import { isSameName, nameKey } from "../../provider/model/names";
import type { DiscoveredDatabase, Discovery, SkippedBackup } from "./discovery";

export interface GroupOptions {
  /** Whether the database's differential and log backups are applied. Otherwise only its full backup is used. */
  wantsIncrements: (database: string) => boolean;
  /** What such a database gets as its `increments`: for a folder the folder itself, so that later files count too. */
  incrementsOf: (files: readonly string[]) => string[];
}

const INCREMENT_NAMES: Readonly<Record<number, string>> = { 2: "log", 5: "differential" };

/**
 * Groups files by database and chooses the full backup of each. Pure: the order of the files does not matter. A database
 * whose only full backup is unusable stays in the result, so that the check of its migration reports why.
 */
export function groupBackups(files: readonly BakinfoEntry[], options: GroupOptions): Discovery {
  const sorted = [...files].sort((one, other) => (one.file < other.file ? -1 : 1));
  const groups = new Map<string, { name: string; entries: BakinfoEntry[] }>();
  const skipped: SkippedBackup[] = [];
  for (const entry of sorted) {
    const names = databaseNamesOf(entry);
    if (names.length === 0) {
      const [fault] = entry.backup.problems;
      const { file } = entry;
      if (fault === undefined) skipped.push({ file, cause: "noName", reason: "has no database's name in its header" });
      else skipped.push({ file, cause: "unsound", reason: reasonOf(fault, file) });
    }
    for (const name of names) {
      const group = groups.get(nameKey(name)) ?? { name, entries: [] };
      group.entries.push(entry);
      groups.set(nameKey(name), group);
    }
  }
  const databases: DiscoveredDatabase[] = [];
  for (const { name, entries } of groups.values()) {
    const found = chooseBackup(name, entries, options);
    if (found.chosen !== undefined) databases.push(found.chosen);
    skipped.push(...found.skipped);
  }
  return { databases: byName(databases), skipped: skipped.sort((one, other) => (one.file < other.file ? -1 : 1)) };
}

/** Sorts by code units, because locales differ between machines. */
export const byName = (databases: readonly DiscoveredDatabase[]): DiscoveredDatabase[] =>
  [...databases].sort((one, other) => (one.database < other.database ? -1 : 1));

/** The type's name where a file holds only differential or log backups of the database. */
function incrementName(entry: BakinfoEntry, database: string): string | undefined {
  const names = setsOf(entry, database).map(({ BackupType }) => INCREMENT_NAMES[BackupType ?? 0]);
  return names.includes(undefined) ? undefined : names[0];
}

/** Faults that `check` cannot find, because it sees only the chosen file. */
const DISCOVERY_FAULTS = new Set(["CHAIN_FAMILIES", "BACKUP_NEWER_UNFIT"]);

function chooseBackup(
  name: string,
  entries: readonly BakinfoEntry[],
  { wantsIncrements, incrementsOf }: GroupOptions,
): { chosen?: DiscoveredDatabase; skipped: SkippedBackup[] } {
  const isIncrement = (entry: BakinfoEntry): boolean => incrementName(entry, name) !== undefined;
  const fulls = entries.filter((entry) => !isIncrement(entry));
  const increments = entries.filter(isIncrement);
  const withIncrements = wantsIncrements(name);
  const plan = planOf(name, withIncrements ? entries : fulls);
  const problem = plan?.problems.find(({ code }) => DISCOVERY_FAULTS.has(code));
  const skipped = withIncrements ? [] : increments.map((entry) => unusedIncrement(entry, name));
  const leftOut = (plan?.leftOut ?? [])
    // The migration reports its own increments: one that the chain does not use now may become usable.
    .filter(({ file }) => fulls.some((full) => full.file === file))
    .map(({ file, reason }): SkippedBackup => ({ file, cause: reason.kind, reason: describeReason(reason) }));
  if (plan?.chain !== undefined) {
    const { file } = plan.chain.full;
    const database = plan.chain.full.set.DatabaseName ?? name;
    const added = withIncrements ? { increments: incrementsOf(increments.map((entry) => entry.file)) } : {};
    const chosen = { database, backup: file, ...added, fault: problem && textOf(problem) };
    return { chosen, skipped: withFinding([...skipped, ...leftOut], problem) };
  }
  const unusable = newestOf(fulls, name);
  if (unusable === undefined) {
    const reason = `is a backup of ${name}, of which there is no full backup here`;
    return { skipped: entries.map(({ file }) => ({ file, cause: "noFull", reason })) };
  }
  const others = leftOut.filter(({ file }) => file !== unusable.file);
  // The check of one migration reads a file with several sets as a backup of its first set's database.
  const noFull =
    unusable.backup.sets.length > 1 ? plan?.problems.find(({ code }) => code === "CHAIN_NO_FULL") : undefined;
  const finding = problem ?? noFull;
  const chosen = { database: name, backup: unusable.file, fault: finding && textOf(finding) };
  return { chosen, skipped: withFinding([...skipped, ...others], finding) };
}

/** Marks the files that the finding of their database names. */
const withFinding = (skipped: readonly SkippedBackup[], finding: ChainProblem | undefined): SkippedBackup[] =>
  skipped.map((each) => (finding?.files.includes(each.file) ? { ...each, isInFinding: true } : each));

const planOf = (database: string, entries: readonly BakinfoEntry[]): DatabasePlan | undefined =>
  planChains(entries).databases.find((plan) => isSameName(plan.database, database));

const textOf = ({ code, message }: BackupProblem): string => `${code}: ${message}`;

const unusedIncrement = (entry: BakinfoEntry, database: string): SkippedBackup => ({
  file: entry.file,
  cause: "increment",
  reason: `is a ${incrementName(entry, database)} backup; only the full one is taken, because no phase is set for ${database}`,
});

/** The newest by the time in the header; among equal times, the first by file name. */
const newestOf = (fulls: readonly BakinfoEntry[], database: string): BakinfoEntry | undefined =>
  fulls.reduce<BakinfoEntry | undefined>(
    (best, next) => (best === undefined || startOf(next, database) > startOf(best, database) ? next : best),
    undefined,
  );

const startOf = (entry: BakinfoEntry, database: string): string =>
  setsOf(entry, database)
    .map(({ BackupStartDate }) => BackupStartDate ?? "")
    .sort()
    .at(-1) ?? "";
