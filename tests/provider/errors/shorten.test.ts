import fc from "fast-check";
import { SHORT_VALUE_LENGTH, shorten } from "../../../provider/errors/shorten";

test("a text that fits stays as it is", () => {
  expect(shorten("a".repeat(SHORT_VALUE_LENGTH))).toBe("a".repeat(SHORT_VALUE_LENGTH));
  expect(shorten("", 1)).toBe("");
});

test("a longer path keeps its beginning and more of its end, which holds the file name", () => {
  expect(shorten("/mnt/backups/production/sql01/erp_FULL_20260501020000.bak")).toBe("/mnt/back…L_20260501020000.bak");
});

test("the length is met exactly, and no character is split", () => {
  fc.assert(
    fc.property(
      fc.string({ unit: "grapheme-composite", minLength: 1 }),
      fc.integer({ min: 1, max: 60 }),
      (text, length) => {
        const shown = shorten(text, length);
        expect(Array.from(shown).length).toBe(Math.min(length, Array.from(text).length));
        expect(shown).not.toMatch(/\p{Surrogate}/u);
      },
    ),
  );
});
