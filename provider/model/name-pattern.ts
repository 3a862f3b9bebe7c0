/**
 * Database names or patterns, in the syntax of the vendor's backup script. One text has `;` or `,` as separators, and its
 * names may be in brackets and on several lines. An array has one name or pattern per element, and a name may contain a
 * separator. `*` matches any characters. Names are compared without case.
 * @see ApsaraDB RDS for SQL Server, instance-level migration, @backup_databases_list
 */
export type NameList = string | readonly string[];

/** One entry of a list. */
export interface NamePattern {
  /** As it was written. */
  text: string;
  /** Whether it has no `*` and so names one database. */
  isExact: boolean;
  matches(name: string): boolean;
}

export function parseNameList(list: NameList | undefined): NamePattern[] {
  const entries = typeof list === "string" ? splitList(list) : (list ?? []);
  return entries.map((entry) => entry.trim()).flatMap((text) => (text === "" ? [] : [patternOf(text)]));
}

/** Splits at separators outside of brackets. */
const splitList = (list: string): string[] => list.match(/(?:\[(?:[^\]]|\]\])*\]|[^;,])+/g) ?? [];

/** Only `*` is special, because a name may contain every other character. */
function patternOf(text: string): NamePattern {
  const bare = /^\[(?:[^\]]|\]\])*\]$/.test(text) ? text.slice(1, -1).replaceAll("]]", "]") : text;
  const pieces = bare.toLowerCase().split("*");
  return { text, isExact: pieces.length === 1, matches: (name) => matchesPieces(pieces, name.toLowerCase()) };
}

/** Whether the name begins with the first piece, ends with the last, and has the others between them in their order. */
function matchesPieces(pieces: readonly string[], name: string): boolean {
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
