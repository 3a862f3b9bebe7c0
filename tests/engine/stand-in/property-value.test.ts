import {
  markSecretsLike,
  redacted,
  revealed,
  sameValue,
  secret,
  UNKNOWN,
} from "../../../engine/stand-in/property-value";

const SIGNATURE = "4dabf18193072939515e22adb298388d";
const reference = { [SIGNATURE]: "5cf8f73096256a8f31e491e813e4eb8e", urn: "urn:pulumi:s::p::t::n", id: "i-1" };

describe("property values", () => {
  test("reveals secrets and replaces resource references by ids for a provider", () => {
    const { id, ...component } = reference;
    const wrapped = { a: secret([secret("x")]), b: reference, c: component, d: { ...reference, id: "" } };
    expect(revealed(wrapped)).toEqual({ a: ["x"], b: id, c: reference.urn, d: UNKNOWN });
  });

  test("marks values whose inputs were secret: objects by member, lists as a whole", () => {
    const marked = markSecretsLike(
      { plain: 1, word: "x", object: { inner: "y", other: 2 }, list: [1, 2] },
      { word: secret("x"), object: { inner: secret("y") }, list: [1, secret(2)], gone: secret(1) },
    );
    expect(marked).toEqual({
      plain: 1,
      word: secret("x"),
      object: { inner: secret("y"), other: 2 },
      list: secret([1, 2]),
    });
  });

  test("redacts secrets for display", () => {
    expect(redacted({ a: secret("x"), b: [UNKNOWN, secret({ c: 1 })] })).toEqual({
      a: "[secret]",
      b: [UNKNOWN, "[secret]"],
    });
  });

  test("compares values and ignores only the order of members", () => {
    expect(sameValue({ a: 1, b: [null, "x"] }, { b: [null, "x"], a: 1 })).toBe(true);
    expect(sameValue({ a: undefined as never }, {})).toBe(false);
    expect(sameValue([1, 2], [2, 1])).toBe(false);
    expect(sameValue(undefined, null)).toBe(false);
  });
});
