import { isSameName } from "../model/names";
import type { Baseline, DatabaseBaseline } from "./baseline";
import { compareCheckDb, compareSettings, compareSwitches } from "./compare-settings";
import { compareChecksums, compareTables } from "./compare-tables";
import { compareUsers } from "./compare-users";
import { type Difference, differs, type Found, grouped } from "./difference";
import { cannotTell, type NotRead } from "./not-read";

export interface ComparisonOptions {
  /** Databases that have another name on the destination: source name → destination name. */
  renamed?: ReadonlyMap<string, string>;
}

/** Differences of every database of `before`. Databases that are only in `after` are ignored. */
export function compareBaselines(before: Baseline, after: Baseline, { renamed }: ComparisonOptions = {}): Difference[] {
  const server: NotRead = { source: before.notRead, destination: after.notRead };
  return before.databases.flatMap((old) => {
    const name = renamed?.get(old.name) ?? old.name;
    const now = after.databases.find((each) => isSameName(each.name, name));
    const found =
      now === undefined
        ? [differs("database", `the database ${name} does not exist on the destination`)]
        : compareDatabase(old, now, server);
    return found.map(({ items, ...difference }) => ({
      database: old.name,
      ...difference,
      items: items.map((item) => ({ ...item, name: `${old.name}/${item.name}` })),
    }));
  });
}

/** @param server what could not be read about the servers */
function compareDatabase(before: DatabaseBaseline, after: DatabaseBaseline, server: NotRead): Found[] {
  const is = (state: string | null): string => state ?? "in an unknown state";
  if (after.state !== "ONLINE") return [differs("state", `it is ${is(after.state)}, not ONLINE`)];
  // The tail log of a cutover leaves the source RESTORING, and a restoring database cannot be read.
  if (before.state !== "ONLINE")
    return [
      differs(
        "state",
        `it was ${is(before.state)} when the baseline of the source was taken, so nothing can be compared; ` +
          "take the baseline before the tail log closes the source",
      ),
    ];
  const settings = [
    ...cannotTell("database", "its settings are the same", server),
    ...compareSettings(before, after),
    ...compareSwitches(before, after),
    ...compareCheckDb(before, after),
  ];
  const own: NotRead = { source: before.notRead, destination: after.notRead };
  const hidden = cannotTell("definitions", "its contents are the same", own);
  if (hidden.length > 0) return [...hidden, ...settings];
  /** The differences of one kind of facts, or why they cannot be compared. */
  const unlessHidden = (what: string, statement: string, compare: () => Found[]): Found[] => {
    const unknown = cannotTell(what, statement, own);
    return unknown.length > 0 ? unknown : compare();
  };
  const hiddenLogins = cannotTell("logins", "users have their logins", server);
  return [
    ...compareContents(before, after),
    ...unlessHidden("table", "its tables are the same", () => compareTables(before, after)),
    ...unlessHidden("checksum", "the rows are the same", () => compareChecksums(before, after)),
    ...unlessHidden("file", "its files are the same", () => missingNames("file", before.files, after.files)),
    ...unlessHidden("assembly", "its assemblies are the same", () =>
      missingNames("assembly", before.assemblies, after.assemblies),
    ),
    ...unlessHidden("user", "its users are the same", () => [
      ...missingNames("user", before.users, after.users),
      ...(hiddenLogins.length > 0 ? hiddenLogins : compareUsers(before, after)),
    ]),
    ...settings,
  ];
}

type Contents = NonNullable<DatabaseBaseline["contents"]>;
/** Counts that are compared. Rows are compared per table; tables of change data capture are covered by its setting. */
const COUNTED: readonly (readonly [keyof Contents, words: string])[] = [
  ["tables", "tables"],
  ["views", "views"],
  ["procedures", "stored procedures"],
  ["functions", "functions"],
  ["triggers", "triggers"],
  ["databaseTriggers", "database triggers"],
  ["synonyms", "synonyms"],
  ["sequences", "sequences"],
  ["queues", "queues"],
  ["types", "user-defined types"],
  ["indexes", "indexes"],
  ["foreignKeys", "foreign keys"],
  ["constraints", "constraints"],
  ["untrustedConstraints", "untrusted constraints"],
  ["partitionedTables", "partitioned tables"],
  ["columnstoreIndexes", "columnstore indexes"],
  ["fulltextIndexes", "full-text indexes"],
  ["brokerServices", "Service Broker services"],
  ["memoryOptimizedFilegroups", "memory-optimized filegroups"],
  ["masterKeys", "database master keys"],
  ["symmetricKeys", "symmetric keys"],
  ["certificates", "certificates"],
];

function compareContents(
  { contents: before, ...old }: DatabaseBaseline,
  { contents: after, ...now }: DatabaseBaseline,
): Found[] {
  if (before === undefined || after === undefined) {
    const [side, facts] = before === undefined ? (["source", old] as const) : (["destination", now] as const);
    const why = facts.notRead.find(({ what }) => what === "contents")?.why ?? "no message";
    return [differs(`not read/contents/${side}`, `its contents were not read on the ${side}: ${why}`)];
  }
  return COUNTED.flatMap(([key, words]) => {
    const [was, is] = [before[key], after[key]];
    return was === is || was === null
      ? []
      : [differs(`count/${words}`, `${words}: ${was} before, ${is ?? "unknown"} after`)];
  });
}

interface Named {
  name: string;
}

function missingNames(what: string, before: readonly Named[], after: readonly Named[]): Found[] {
  const present = new Set(after.map(({ name }) => name));
  return grouped({
    kind: "differs",
    name: `missing ${what}`,
    members: before.flatMap(({ name }) => (present.has(name) ? [] : [{ name }])),
    text: (list) => `missing: ${what} ${list}`,
  });
}
