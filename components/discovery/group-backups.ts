import { parseBackupName } from "../../provider/backup/backup-name";
import type { BakinfoEntry } from "../../provider/backup/bakinfo-entry";
import { type DatabasePlan, planChains } from "../../provider/backup/chain";
import { describeReason } from "../../provider/backup/left-out";
import { nameKey } from "../../provider/model/names";
import type { DiscoveredDatabase, Discovery, SkippedFile } from "./discovered";

export interface GroupOptions {
  /** Whether a database's differential and log backups are applied; of the others only the full one is taken. */
  wantsIncrements: (database: string) => boolean;
  /** What such a database is given as its increments: the place where all of these files are. */
  incrementsOf: (files: readonly string[]) => string[];
}

const FULL = 1;
const INCREMENT_NAMES: Readonly<Record<number, string>> = { 2: "log", 5: "differential" };

/**
 * Sorts the files of a folder or a list by database and chooses each one's full backup. Pure: the same files give the same
 * answer in any order. A database whose only full backup is unusable is in it all the same, so that its migration says why.
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

/** In the order of code units: what a locale says differs between machines. */
export const byName = (databases: readonly DiscoveredDatabase[]): DiscoveredDatabase[] =>
  [...databases].sort((one, other) => (one.database < other.database ? -1 : 1));

/** The header tells; of a file without a readable one the name does, where it has the vendor's form. */
function nameOf({ file, backup }: BakinfoEntry): string | undefined {
  const told = backup.sets.find(({ DatabaseName }) => DatabaseName)?.DatabaseName;
  if (told) return told;
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
    : increments.map((entry) => ({ file: entry.file, reason: notTaken(entry, name) }));
  const leftOut = (plan?.leftOut ?? [])
    // What a chain does not use now it may use later: the migration itself tells of its increments.
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

const notTaken = (entry: BakinfoEntry, database: string): string =>
  `is a ${INCREMENT_NAMES[typeOf(entry) ?? FULL]} backup; only the full one is taken, because no phase is set for ${database}`;

/** By the time in the header, then by the file's name. */
const newestOf = (fulls: readonly BakinfoEntry[]): BakinfoEntry | undefined =>
  fulls.reduce<BakinfoEntry | undefined>(
    (best, next) => (best === undefined || startOf(next) > startOf(best) ? next : best),
    undefined,
  );

const startOf = ({ backup }: BakinfoEntry): string => backup.sets[0]?.BackupStartDate ?? "";
