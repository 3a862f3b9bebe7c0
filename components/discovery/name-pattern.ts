/**
 * Names of databases as the vendor's backup script lists them: several in one text with `;` or `,` between them, brackets and
 * line breaks allowed; `*` stands for any characters. As an array, each element is one name or pattern, so that a name may
 * hold a separator.
 * @see ApsaraDB RDS for SQL Server, instance-level migration, @backup_databases_list
 */
export type NameList = string | readonly string[];

/** One entry of a list. */
export interface NamePattern {
  /** As it was written. */
  text: string;
  /** Names one database only: no `*` stands in it. */
  isExact: boolean;
  matches(name: string): boolean;
}

export function parseNameList(list: NameList | undefined): NamePattern[] {
  const entries = typeof list === "string" ? splitList(list) : (list ?? []);
  return entries.map((entry) => entry.trim()).flatMap((text) => (text === "" ? [] : [patternOf(text)]));
}

/** Separators inside brackets belong to the name. */
const splitList = (list: string): string[] => list.match(/(?:\[(?:[^\]]|\]\])*\]|[^;,])+/g) ?? [];

/** SQL Server compares names without case. Only `*` is special: every other character may stand in a name. */
function patternOf(text: string): NamePattern {
  const bare = /^\[(?:[^\]]|\]\])*\]$/.test(text) ? text.slice(1, -1).replaceAll("]]", "]") : text;
  const pieces = bare.toLowerCase().split("*");
  return { text, isExact: pieces.length === 1, matches: (name) => fits(pieces, name.toLowerCase()) };
}

/** The pieces between the stars, in their order; the first and the last at the ends. */
function fits(pieces: readonly string[], name: string): boolean {
  const [first = "", ...others] = pieces;
  const last = others.pop();
  if (last === undefined) return name === first;
  if (!name.startsWith(first) || name.length < first.length + last.length || !name.endsWith(last)) return false;
  let at = first.length;
  for (const piece of others) {
    const found = name.indexOf(piece, at);
    if (found < 0) return false;
    at = found + piece.length;
  }
  return at <= name.length - last.length;
}
