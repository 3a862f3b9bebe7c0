import fc from "fast-check";
import { toPlain } from "../../../provider/model/plain";

/** Whether the host's Struct.fromJavaScript accepts a value: null, booleans, numbers, texts, lists and objects of these. */
const isSendable = (value: unknown): boolean => {
  if (value === null || ["boolean", "number", "string"].includes(typeof value)) return true;
  if (Array.isArray(value)) return value.every(isSendable);
  return typeof value === "object" && Object.values(value).every(isSendable);
};

test("removes undefined members at any depth, and converts bigints and dates to text", () => {
  const at = new Date("2026-03-01T12:00:00Z");
  expect(toPlain({ a: undefined, b: { c: undefined, d: 1 }, lsn: 34000000097500206n, at })).toEqual({
    b: { d: 1 },
    lsn: "34000000097500206",
    at: "2026-03-01T12:00:00.000Z",
  });
});

test("the host can send every result", () => {
  const value = fc.anything({ withBigInt: true, withDate: true, withMap: true, withSet: true, withSparseArray: true });
  fc.assert(
    fc.property(fc.dictionary(fc.string(), value), (object) => {
      expect(isSendable(toPlain(object))).toBe(true);
    }),
  );
});
