import fc from "fast-check";
import { parseNameList } from "../../../provider/model/name-pattern";

const matching = (list: string | string[], names: string[]): string[] =>
  names.filter((name) => parseNameList(list).some(({ matches }) => matches(name)));

test.each([
  ["erp", ["erp", "ERP"]],
  ["erp; crm", ["erp", "ERP", "crm"]],
  ["erp,crm\n;hr ", ["erp", "ERP", "crm", "hr"]],
  ["[erp];[a;b]", ["erp", "ERP", "a;b"]],
  ["*r*", ["erp", "ERP", "crm", "hr"]],
  ["c*m", ["crm"]],
  ["e*r*p", ["erp", "ERP"]],
  ["erp*p", []],
  ["[x]]y]", ["x]y"]],
  ["*", ["erp", "ERP", "crm", "hr", "a;b", "x]y", "a?b"]],
  ["a?b", ["a?b"]],
  [" ; , ", []],
])("%j means %j", (list, expected) => {
  expect(matching(list, ["erp", "ERP", "crm", "hr", "a;b", "x]y", "a?b"])).toEqual(expected);
});

test("an element of an array is one name, even with separators", () => {
  expect(matching(["a;b", "erp"], ["a;b", "a", "b", "erp"])).toEqual(["a;b", "erp"]);
});

test("a name without a star matches itself in any case, and no name of another length", () => {
  const name = fc
    .string({ minLength: 1, maxLength: 40 })
    .filter((text) => !/[*[\]]/.test(text) && text.trim() === text);
  fc.assert(
    fc.property(name, (text) => {
      const [pattern] = parseNameList([text]);
      expect(pattern?.isExact).toBe(true);
      expect(pattern?.matches(text)).toBe(true);
      expect(pattern?.matches(`${text}x`)).toBe(false);
    }),
  );
});

test("a star matches any characters between the other pieces", () => {
  const piece = fc.stringMatching(/^[a-z._ -]{0,5}$/);
  fc.assert(
    fc.property(
      fc.array(piece, { minLength: 2, maxLength: 4 }),
      fc.array(piece, { minLength: 4, maxLength: 4 }),
      (pieces, fill) => {
        const list = [`x${pieces.join("*")}y`];
        const name = `x${pieces.map((each, index) => (index === 0 ? each : `${fill[index]}${each}`)).join("")}y`;
        expect(matching(list, [name])).toEqual([name]);
      },
    ),
  );
});
