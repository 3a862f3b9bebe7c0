import fc from "fast-check";
import { compareNames, listPage } from "../../../emulator/oss/list-page";

const names = fc
  .uniqueArray(fc.stringMatching(/^[ab/ü]{1,6}$/), { maxLength: 30 })
  .map((list) => list.sort(compareNames));

function allPages(sorted: string[], prefix: string, delimiter: string, maxEntries: number) {
  const found = { names: [] as string[], commonPrefixes: [] as string[], pages: 0 };
  for (let after: string | undefined = ""; after !== undefined; ) {
    const page = listPage(sorted, { prefix, delimiter, after, maxEntries });
    expect(page.names.length + page.commonPrefixes.length).toBeLessThanOrEqual(maxEntries);
    found.names.push(...page.names);
    found.commonPrefixes.push(...page.commonPrefixes);
    found.pages += 1;
    after = page.nextAfter;
  }
  return found;
}

it("finds every name once, however small the pages are", () => {
  fc.assert(
    fc.property(
      names,
      fc.constantFrom("", "a", "a/"),
      fc.integer({ min: 1, max: 40 }),
      (sorted, prefix, maxEntries) => {
        expect(allPages(sorted, prefix, "", maxEntries).names).toEqual(
          sorted.filter((name) => name.startsWith(prefix)),
        );
      },
    ),
  );
});

it("folds at the delimiter the same way on small pages as on one large one", () => {
  fc.assert(
    fc.property(names, fc.constantFrom("", "a"), fc.integer({ min: 1, max: 5 }), (sorted, prefix, maxEntries) => {
      const { names: whole, commonPrefixes } = allPages(sorted, prefix, "/", 1000);
      const paged = allPages(sorted, prefix, "/", maxEntries);
      expect({ whole: paged.names, commonPrefixes: paged.commonPrefixes }).toEqual({ whole, commonPrefixes });
      expect(new Set(commonPrefixes).size).toBe(commonPrefixes.length);
    }),
  );
});
