import { type NameList, parseNameList } from "../../provider/model/name-pattern";

/** Selects the databases of the source to migrate. Names are compared without case. */
export interface DatabaseFilter {
  /**
   * The databases to migrate, for example `"erp; crm*"` or `["erp", "crm*"]`.
   * @default every database that has a backup, except system databases
   * @throws `DATABASES_NOT_FOUND` for an entry that matches no database with a backup
   */
  include?: NameList;
  /** The databases to leave out. Takes precedence over `include`. @default none */
  exclude?: NameList;
}

/** The result of a filter. */
export interface FilteredNames {
  chosen: string[];
  /** Each with the reason, as the rest of a sentence. */
  leftOut: { database: string; reason: string }[];
  /** Entries of `include` that match no name. */
  unmatched: string[];
}

/** Whether a name is that of a system database of SQL Server or RDS, which RDS does not restore. */
export type IsSystemName = (name: string) => boolean;

/** Applies a filter. System databases are chosen only when `include` names them exactly; then the preflight reports them. */
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
      result.leftOut.push({ database: name, reason: "is a system database, which RDS does not restore" });
    else result.chosen.push(name);
  }
  result.unmatched = wanted.filter(({ matches }) => !names.some((name) => matches(name))).map(({ text }) => text);
  return result;
}
