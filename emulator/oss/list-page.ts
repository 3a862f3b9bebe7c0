/** Compares names by their UTF-8 bytes, the order of OSS listings. */
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

/** One page: names and common prefixes; both count towards `maxEntries`. */
export interface ListPage {
  names: string[];
  commonPrefixes: string[];
  /** `after` of the next page; undefined on the last page. */
  nextAfter?: string;
}

/** Returns one page of names that are sorted by `compareNames`. */
export function listPage(sortedNames: readonly string[], request: ListRequest): ListPage {
  const { prefix, delimiter, after, maxEntries } = request;
  const page: ListPage = { names: [], commonPrefixes: [] };
  let last = after;
  for (const name of sortedNames) {
    if (!name.startsWith(prefix)) continue;
    const folded = foldAt(name, prefix, delimiter);
    const entry = folded ?? name;
    if (compareNames(entry, last) <= 0) continue; // also skips further names below a common prefix already returned
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
