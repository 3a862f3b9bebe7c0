import { readFileSync } from "node:fs";
import { join } from "node:path";
import { planParts } from "../../provider/aliyun/oss/part-plan";

const page = readFileSync(join(__dirname, "..", "..", "docs", "reference", "billing.md"), "utf8");
/** Cells of the table of objects: what, GB, days, GB·days, parts. */
const rows = [...page.matchAll(/^\| (`\w+`, [^|]+|sum) \| ([\d.]+) \| ([^|]*) \| (\d+) \| (\d+) \|$/gm)].map(
  ([, object = "", gb, days = "", gbDays, parts]) => ({
    ...{ object, gb: Number(gb), days, gbDays: Number(gbDays), parts: Number(parts) },
  }),
);
const objects = rows.slice(0, -1);

test.each(objects)("$object has the GB-days and the parts of its size", ({ object, gb, days, gbDays, parts }) => {
  const count = Number(/(\d+) logs/.exec(object)?.[1] ?? 1);
  const bytes = (gb / count) * 1e9;
  const stored = Number(/(?:= )?(\d+)(?: for .*)?$/.exec(days)?.[1]);
  expect(gbDays).toBe((gb / count) * stored);
  expect(parts).toBe(count * planParts({ sizeBytes: bytes }).partCount);
});

test("the sums are those of the rows", () => {
  expect(objects).toHaveLength(8);
  const sum = (of: (row: (typeof rows)[number]) => number) => objects.reduce((total, row) => total + of(row), 0);
  expect(rows.at(-1)).toMatchObject({
    gb: sum(({ gb }) => gb),
    gbDays: sum(({ gbDays }) => gbDays),
    parts: sum(({ parts }) => parts),
  });
});
