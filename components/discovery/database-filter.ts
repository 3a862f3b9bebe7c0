import { type NameList, parseNameList } from "./name-pattern";

/** Which databases of the source are migrated. */
export interface DatabaseFilter {
  /**
   * Only these: `"erp; crm*"` or `["erp", "crm*"]`. One that no backup is of is an error.
   * @default all of which there is a backup
   */
  include?: NameList;
  /** Not these; wins over `include`. */
  exclude?: NameList;
}

/** What a filter says about a set of names. */
export interface FilteredNames {
  chosen: string[];
  /** With the reason, as the rest of a sentence. */
  leftOut: { database: string; reason: string }[];
  /** Entries of `include` that no name fits. */
  unmatched: string[];
}

/** SQL Server's own databases, which RDS does not let anybody restore, and RDS's. */
export type IsSystemName = (name: string) => boolean;

/** Applies a filter. System databases are chosen only when they are asked for by name: then the preflight says what it says. */
export function filterNames(
  names: readonly string[],
  { include, exclude }: DatabaseFilter,
  isSystem: IsSystemName,
): FilteredNames {
  const wanted = parseNameList(include);
  const unwanted = parseNameList(exclude);
  const result: FilteredNames = { chosen: [], leftOut: [], unmatched: [] };
  for (const name of names) {
    const exclusion = unwanted.find(({ matches }) => matches(name));
    const isNamed = wanted.some(({ isExact, matches }) => isExact && matches(name));
    if (exclusion !== undefined) result.leftOut.push({ database: name, reason: `is excluded by ${exclusion.text}` });
    else if (wanted.length > 0 && !wanted.some(({ matches }) => matches(name)))
      result.leftOut.push({ database: name, reason: "is not among the databases to include" });
    else if (isSystem(name) && !isNamed)
      result.leftOut.push({ database: name, reason: "is a system database, which RDS does not let anybody restore" });
    else result.chosen.push(name);
  }
  result.unmatched = wanted.filter(({ matches }) => !names.some((name) => matches(name))).map(({ text }) => text);
  return result;
}
