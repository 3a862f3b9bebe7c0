/** Order of names in listings: by their UTF-8 bytes. */
export function compareNames(left: string, right: string): number {
  return Buffer.compare(Buffer.from(left), Buffer.from(right));
}

export interface ListRequest {
  prefix: string;
  delimiter: string;
  /** Names up to and including this one are skipped. */
  after: string;
  maxEntries: number;
}

/** One page: names, and what the delimiter folds together; both count towards the limit. */
export interface ListPage {
  names: string[];
  commonPrefixes: string[];
  /** Where the next page begins; undefined on the last one. */
  nextAfter?: string;
}

/** Pages through names that are already in order. */
export function listPage(sortedNames: readonly string[], request: ListRequest): ListPage {
  const { prefix, delimiter, after, maxEntries } = request;
  const page: ListPage = { names: [], commonPrefixes: [] };
  let last = after;
  for (const name of sortedNames) {
    if (!name.startsWith(prefix)) continue;
    const folded = foldAt(name, prefix, delimiter);
    const entry = folded ?? name;
    if (compareNames(entry, last) <= 0) continue; // also every further name below a prefix that is folded already
    if (page.names.length + page.commonPrefixes.length === maxEntries) return { ...page, nextAfter: last };
    if (folded === undefined) page.names.push(name);
    else page.commonPrefixes.push(folded);
    last = entry;
  }
  return page;
}

function foldAt(name: string, prefix: string, delimiter: string): string | undefined {
  if (delimiter === "") return undefined;
  const at = name.indexOf(delimiter, prefix.length);
  return at < 0 ? undefined : name.slice(0, at + delimiter.length);
}
