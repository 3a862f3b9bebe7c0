import type { DatabaseBaseline } from "./baseline";
import { differs, type Found, grouped } from "./difference";

type ReadTable = DatabaseBaseline["checksums"][number];

const byName = <T extends { name: string }>(rows: readonly T[]): Map<string, T> =>
  new Map(rows.map((row) => [row.name, row]));

/**
 * Tables that only one side has, and those whose rows differ: by the counts that both sides made, else by those that SQL
 * Server keeps.
 */
export function compareTables(before: DatabaseBaseline, after: DatabaseBaseline): Found[] {
  const [tablesBefore, tablesAfter] = [byName(before.tables), byName(after.tables)];
  const [readBefore, readAfter] = [byName(before.checksums), byName(after.checksums)];
  const changed = before.tables.flatMap(({ name, rows }) => {
    const now = tablesAfter.get(name);
    if (now === undefined) return [];
    const exact = bothRead(readBefore.get(name), readAfter.get(name));
    const [was, is] = exact === undefined ? [rows, now.rows] : [exact.before.rows, exact.after.rows];
    return was === is ? [] : [{ name, detail: `${was ?? "?"} before, ${is ?? "?"} after` }];
  });
  return [
    ...grouped({
      kind: "differs",
      name: "missing table",
      members: before.tables.filter(({ name }) => !tablesAfter.has(name)),
      text: (list) => `missing tables: ${list}`,
    }),
    ...grouped({
      kind: "differs",
      name: "new table",
      members: after.tables.filter(({ name }) => !tablesBefore.has(name)),
      text: (list) => `tables that the source does not have: ${list}`,
    }),
    ...grouped({
      kind: "differs",
      name: "rows",
      members: changed,
      text: (list) => `tables with another number of rows: ${list}; the source may have written after its baseline`,
    }),
  ];
}

/** The checksums of the tables that both sides have. One side without any, and a table that could not be read, prove nothing. */
export function compareChecksums(before: DatabaseBaseline, after: DatabaseBaseline): Found[] {
  const sides = { source: before, destination: after };
  const [one, other] = [before.checksums.length, after.checksums.length];
  if (one === 0 && other === 0) return [];
  const skipped = Object.entries(sides).find(
    ([, { checksums, tables }]) => checksums.length === 0 && tables.length > 0,
  );
  if (skipped !== undefined) {
    const [side] = skipped;
    return [differs(`not read/checksum/${side}`, `cannot tell whether ${SAME_ROWS}: on the ${side}, @checksums was 0`)];
  }
  const now = byName(after.checksums);
  return [
    ...grouped({
      kind: "differs",
      name: "checksum",
      members: before.checksums.filter(({ name, ...was }) => {
        const both = bothRead({ name, ...was }, now.get(name));
        // Another number of rows is reported as such.
        return (
          both !== undefined && both.before.rows === both.after.rows && both.before.checksum !== both.after.checksum
        );
      }),
      text: (list) => `tables with other contents, by their checksums: ${list}`,
    }),
    ...Object.entries(sides).flatMap(([side, { checksums }]) =>
      grouped({
        kind: "differs",
        name: `not read/checksum/${side}`,
        members: checksums.flatMap(({ name, why }) => (why === null ? [] : [{ name, detail: why }])),
        text: (list) => `cannot tell whether ${SAME_ROWS}: on the ${side}, not read: ${list}`,
      }),
    ),
  ];
}

const SAME_ROWS = "the rows are the same";

function bothRead(before: ReadTable | undefined, after: ReadTable | undefined) {
  if (before === undefined || after === undefined || before.why !== null || after.why !== null) return undefined;
  return { before, after };
}
