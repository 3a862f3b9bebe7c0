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

it("returns every name once for any page size", () => {
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

it("returns the same common prefixes for small pages as for one large page", () => {
  fc.assert(
    fc.property(names, fc.constantFrom("", "a"), fc.integer({ min: 1, max: 5 }), (sorted, prefix, maxEntries) => {
      const { names: whole, commonPrefixes } = allPages(sorted, prefix, "/", 1000);
      const paged = allPages(sorted, prefix, "/", maxEntries);
      expect({ whole: paged.names, commonPrefixes: paged.commonPrefixes }).toEqual({ whole, commonPrefixes });
      expect(new Set(commonPrefixes).size).toBe(commonPrefixes.length);
    }),
  );
});
