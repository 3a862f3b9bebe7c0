import { isSameName } from "../model/names";
import type { Baseline, DatabaseBaseline } from "./baseline";
import { compareSettings, compareSwitches } from "./compare-settings";
import { type Difference, differs, type Found, todo } from "./difference";
import { listed } from "./listed";
import { cannotTell } from "./not-read";

export interface ComparisonOptions {
  /** Databases that have another name on the destination: source name → destination name. */
  renamed?: ReadonlyMap<string, string>;
}

/** Differences of every database of `before`. Databases that are only in `after` are ignored. */
export function compareBaselines(before: Baseline, after: Baseline, { renamed }: ComparisonOptions = {}): Difference[] {
  return before.databases.flatMap((old) => {
    const name = renamed?.get(old.name) ?? old.name;
    const now = after.databases.find((each) => isSameName(each.name, name));
    const found =
      now === undefined
        ? [differs(`the database ${name} does not exist on the destination`)]
        : compareDatabase(
            old,
            now,
            cannotTell("logins", "users have their logins", { source: before, destination: after }),
          );
    return found.map((difference) => ({ database: old.name, ...difference }));
  });
}

/** @param hiddenLogins not empty where a missing login may be one that could not be seen */
function compareDatabase(before: DatabaseBaseline, after: DatabaseBaseline, hiddenLogins: readonly Found[]): Found[] {
  if (after.state !== "ONLINE") return [differs(`it is ${after.state ?? "in an unknown state"}, not ONLINE`)];
  // The tail log of a cutover leaves the source RESTORING, and a restoring database cannot be read.
  if (before.state !== "ONLINE")
    return [
      differs(
        `it was ${before.state ?? "in an unknown state"} when the baseline of the source was taken, so nothing can be compared; ` +
          "take the baseline before the tail log closes the source",
      ),
    ];
  const settings = [...compareSettings(before, after), ...compareSwitches(before, after)];
  const hidden = cannotTell("definitions", "its contents are the same", { source: before, destination: after });
  if (hidden.length > 0) return [...hidden, ...settings];
  return [
    ...compareContents(before, after),
    ...compareTables(before, after),
    ...compareNames("file", before.files, after.files),
    ...compareNames("assembly", before.assemblies, after.assemblies),
    ...(hiddenLogins.length > 0
      ? [...compareNames("user", before.users, after.users), ...hiddenLogins]
      : compareUsers(before, after)),
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
    return [differs(`its contents were not read on the ${side}: ${why}`)];
  }
  return COUNTED.flatMap(([key, words]) => {
    const [was, is] = [before[key], after[key]];
    return was === is || was === null ? [] : [differs(`${words}: ${was} before, ${is ?? "unknown"} after`)];
  });
}

function compareTables(before: DatabaseBaseline, after: DatabaseBaseline): Found[] {
  const rowsAfter = new Map(after.tables.map(({ name, rows }) => [name, rows]));
  const rowsBefore = new Map(before.tables.map(({ name, rows }) => [name, rows]));
  const missing = before.tables.filter(({ name }) => !rowsAfter.has(name)).map(({ name }) => name);
  const added = after.tables.filter(({ name }) => !rowsBefore.has(name)).map(({ name }) => name);
  const changed = before.tables
    .filter(({ name, rows }) => rowsAfter.has(name) && rowsAfter.get(name) !== rows)
    .map(({ name, rows }) => `${name} (${rows ?? "?"} before, ${rowsAfter.get(name) ?? "?"} after)`);
  const found: Found[] = [];
  if (missing.length > 0) found.push(differs(`missing tables: ${listed(missing)}`));
  if (added.length > 0) found.push(differs(`tables that the source does not have: ${listed(added)}`));
  if (changed.length > 0)
    found.push(
      differs(`tables with another number of rows: ${listed(changed)}; the source may have written after its baseline`),
    );
  return found;
}

interface Named {
  name: string;
}

function compareNames(what: string, before: readonly Named[], after: readonly Named[]): Found[] {
  const present = new Set(after.map(({ name }) => name));
  const missing = before.filter(({ name }) => !present.has(name)).map(({ name }) => name);
  return missing.length === 0 ? [] : [differs(`missing: ${what} ${listed(missing)}`)];
}

function compareUsers(before: DatabaseBaseline, after: DatabaseBaseline): Found[] {
  const now = new Map(after.users.map((user) => [user.name, user]));
  const withoutLogin = before.users
    .filter(({ name, login }) => login !== null && now.get(name)?.login === null)
    .map(({ name, login }) => (name === login ? name : `${name} (login ${login})`));
  const otherLogin = before.users.flatMap(({ name, login }) => {
    const loginNow = now.get(name)?.login ?? null;
    return login === null || loginNow === null || loginNow === login
      ? []
      : [`${name} (${login} before, ${loginNow} after)`];
  });
  const disabled = before.users
    .filter(({ name, isLoginDisabled }) => isLoginDisabled === false && now.get(name)?.isLoginDisabled === true)
    .map(({ name }) => name);
  const found = compareNames("user", before.users, after.users);
  if (withoutLogin.length > 0)
    found.push(
      todo(
        `users without their login: ${listed(withoutLogin)}; run the output of logins.sql, or ALTER USER … WITH LOGIN`,
      ),
    );
  if (disabled.length > 0)
    found.push(todo(`users whose login is disabled now: ${listed(disabled)}; ALTER LOGIN … ENABLE`));
  if (otherLogin.length > 0) found.push(todo(`users with another login: ${listed(otherLogin)}`));
  return found;
}
