import type { Assert, SameKeys } from "../../../provider/model/same-keys";

export type Equal = Assert<SameKeys<"a" | "b", "b" | "a">>;
// @ts-expect-error: a public argument that the schema lacks does not compile.
export type Unknown = Assert<SameKeys<"a" | "b", "a">>;
// @ts-expect-error: an argument of the schema that is not public does not compile.
export type Missing = Assert<SameKeys<"a", "a" | "b">>;

test("the type check holds public arguments and schemas to the same keys", () => {
  // The assertions are the three types above: tsc fails where an expected error is absent.
  const equal: SameKeys<"a", "a"> = true;
  expect(equal).toBe(true);
});
