import { counted } from "../../errors/message-text";
/** The largest page of DescribeMigrateTasks, DescribeDatabases and DescribeAccounts. */
export const PAGE_SIZE = 100;
/** The longest list that is read: 1,000,000 rows. A service keeps 3,500 tasks at most, 500 a day for a week. */
const MAX_PAGES = 10_000;

export interface Page<T> {
  rows: T[];
  /** The service's own count, where it gives one. */
  total?: number;
}

/** The rows of a reply. A count of 0 may come without them. @throws SyntaxError when they are missing */
export function rowsOf<T>(rows: T[] | undefined, total?: number): T[] {
  if (rows === undefined && total !== 0) throw new SyntaxError("the list is missing");
  return rows ?? [];
}

/** Reads pages until the service's count is reached. @throws SyntaxError for a list that ends before it, or does not end */
export async function allPages<T>(readPage: (pageNumber: number) => Promise<Page<T>>): Promise<T[]> {
  const all: T[] = [];
  let expected: number | undefined;
  for (let pageNumber = 1; pageNumber <= MAX_PAGES; pageNumber++) {
    const { rows, total } = await readPage(pageNumber);
    all.push(...rows);
    expected = total ?? expected;
    // Without a total a short page is the last one; with one it may be short because the service caps its pages.
    if (expected === undefined ? rows.length < PAGE_SIZE : all.length >= expected) return all;
    if (rows.length === 0) throw new SyntaxError(`the list ends after ${all.length} of ${expected} rows`);
  }
  throw new SyntaxError(`the list does not end after ${counted(all.length, "row")}`);
}
