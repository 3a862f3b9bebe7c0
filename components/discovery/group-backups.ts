import { parseBackupName } from "../../provider/backup/backup-name";
import type { BakinfoEntry } from "../../provider/backup/bakinfo-entry";
import { type DatabasePlan, planChains } from "../../provider/backup/chain";
import { describeReason } from "../../provider/backup/left-out";
import { nameKey } from "../../provider/model/names";
import type { DiscoveredDatabase, Discovery, SkippedFile } from "./discovery";

export interface GroupOptions {
  /** Whether the database's differential and log backups are applied. Otherwise only its full backup is used. */
  wantsIncrements: (database: string) => boolean;
  /** What such a database gets as its `increments`: for a folder the folder itself, so that later files count too. */
  incrementsOf: (files: readonly string[]) => string[];
}

const FULL = 1;
const INCREMENT_NAMES: Readonly<Record<number, string>> = { 2: "log", 5: "differential" };

/**
 * Groups files by database and chooses the full backup of each. Pure: the order of the files does not matter. A database
 * whose only full backup is unusable stays in the result, so that the check of its migration reports why.
 */
export function groupBackups(files: readonly BakinfoEntry[], options: GroupOptions): Discovery {
  const sorted = [...files].sort((one, other) => (one.file < other.file ? -1 : 1));
  const groups = new Map<string, { name: string; entries: BakinfoEntry[] }>();
  const skipped: SkippedFile[] = [];
  for (const entry of sorted) {
    const name = nameOf(entry);
    if (name === undefined) {
      const [fault] = entry.backup.problems;
      skipped.push({
        file: entry.file,
        reason: `is not a backup of a database (${fault?.code ?? "no name in its header"})`,
      });
      continue;
    }
    const group = groups.get(nameKey(name)) ?? { name, entries: [] };
    group.entries.push(entry);
    groups.set(nameKey(name), group);
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

/** The name in the header. Without a readable header, the name in a file name of the vendor's form. */
function nameOf({ file, backup }: BakinfoEntry): string | undefined {
  const fromHeader = backup.sets.find(({ DatabaseName }) => DatabaseName)?.DatabaseName;
  if (fromHeader) return fromHeader;
  const name = parseBackupName(file);
  return name.convention === "vendor" && name.type === FULL ? name.subject : undefined;
}

const typeOf = ({ backup }: BakinfoEntry): number | undefined => backup.sets[0]?.BackupType ?? undefined;

function chooseBackup(
  name: string,
  entries: readonly BakinfoEntry[],
  { wantsIncrements, incrementsOf }: GroupOptions,
): { chosen?: DiscoveredDatabase; skipped: SkippedFile[] } {
  const isIncrement = (entry: BakinfoEntry): boolean => INCREMENT_NAMES[typeOf(entry) ?? FULL] !== undefined;
  const fulls = entries.filter((entry) => !isIncrement(entry));
  const increments = entries.filter(isIncrement);
  const withIncrements = wantsIncrements(name);
  const plan = planOf(withIncrements ? entries : fulls);
  const skipped = withIncrements
    ? []
    : increments.map((entry) => ({ file: entry.file, reason: unusedIncrement(entry, name) }));
  const leftOut = (plan?.leftOut ?? [])
    // The migration reports its own increments: one that the chain does not use now may become usable.
    .filter(({ file }) => fulls.some((full) => full.file === file))
    .map(({ file, reason }) => ({ file, reason: describeReason(reason) }));
  if (plan?.chain !== undefined) {
    const { file } = plan.chain.full;
    const database = plan.chain.full.set.DatabaseName ?? name;
    const added = withIncrements ? { increments: incrementsOf(increments.map((entry) => entry.file)) } : {};
    return { chosen: { database, backup: file, ...added }, skipped: [...skipped, ...leftOut] };
  }
  const unusable = newestOf(fulls);
  if (unusable === undefined) {
    const reason = `is a backup of ${name}, of which there is no full backup here`;
    return { skipped: entries.map(({ file }) => ({ file, reason })) };
  }
  const problem = plan?.problems.find(({ code }) => code === "CHAIN_FAMILIES");
  const fault = problem && `${problem.code}: ${problem.message}`;
  const others = leftOut.filter(({ file }) => file !== unusable.file);
  return { chosen: { database: name, backup: unusable.file, fault }, skipped: [...skipped, ...others] };
}

const planOf = (entries: readonly BakinfoEntry[]): DatabasePlan | undefined => planChains(entries).databases[0];

const unusedIncrement = (entry: BakinfoEntry, database: string): string =>
  `is a ${INCREMENT_NAMES[typeOf(entry) ?? FULL]} backup; only the full one is taken, because no phase is set for ${database}`;

/** The newest by the time in the header; among equal times, the first by file name. */
const newestOf = (fulls: readonly BakinfoEntry[]): BakinfoEntry | undefined =>
  fulls.reduce<BakinfoEntry | undefined>(
    (best, next) => (best === undefined || startOf(next) > startOf(best) ? next : best),
    undefined,
  );

const startOf = ({ backup }: BakinfoEntry): string => backup.sets[0]?.BackupStartDate ?? "";
