import { type Difference, decide, differenceOf, NO_DIFFERENCE, withIgnored } from "../../../engine/stand-in/decide";
import type { ResourceState } from "../../../engine/stand-in/resource-state";

const old: ResourceState = { urn: "urn:pulumi:s::p::t::n", custom: true, type: "t" };
const some: Difference = { ...NO_DIFFERENCE, changed: true };
const replacing: Difference = { ...some, replaces: ["value"], deleteBeforeReplace: true };
const decideOf = (comparison: Partial<Parameters<typeof decide>[0]>) =>
  decide({ old, difference: NO_DIFFERENCE, deleteBeforeReplace: undefined, ...comparison });

describe("the decision about an existing resource", () => {
  test.each([
    ["nothing differs", {}, { kind: "same" }],
    ["something differs", { difference: some }, { kind: "update" }],
    ["it has init errors", { old: { ...old, initErrors: ["no"] } }, { kind: "update" }],
    ["an input replaces", { difference: replacing }, { kind: "replace", deleteFirst: true, keys: ["value"] }],
    [
      "the program's choice of the order takes precedence over the provider's",
      { difference: replacing, deleteBeforeReplace: false },
      { kind: "replace", deleteFirst: false, keys: ["value"] },
    ],
    [
      "a replacement was interrupted, although nothing changed",
      { old: { ...old, pendingReplacement: true }, deleteBeforeReplace: true },
      { kind: "replace", deleteFirst: true, keys: [] },
    ],
    ["replaces without a change are ignored", { difference: { ...replacing, changed: false } }, { kind: "same" }],
  ])("%s", (_name, comparison, decision) => {
    expect(decideOf(comparison)).toEqual(decision);
  });

  test("the engine compares inputs, ignoring member order, for a provider without diff", () => {
    const answer = { changes: "unknown" as const, replaces: [], deleteBeforeReplace: false };
    expect(differenceOf(answer, { a: { x: 1, y: [2] } }, { a: { y: [2], x: 1 } }).changed).toBe(false);
    expect(differenceOf(answer, { a: 1 }, { a: 1, b: null }).changed).toBe(true);
    expect(differenceOf({ ...answer, changes: "none" }, { a: 1 }, { a: 2 }).changed).toBe(false);
  });
});

describe("ignoreChanges", () => {
  test("keeps the old value of a property, of a member of one, of all, and the absence of one", () => {
    const before = { a: 1, tags: { owner: "x", left: 1 } };
    const now = { a: 2, b: 3, tags: { owner: "y", left: 2 } };
    expect(withIgnored(now, before, ["a", "tags.owner"])).toEqual({ a: 1, b: 3, tags: { owner: "x", left: 2 } });
    expect(withIgnored(now, before, ["b"])).toEqual({ a: 2, tags: { owner: "y", left: 2 } });
    expect(withIgnored(now, before, ["*"])).toEqual(before);
    expect(now).toEqual({ a: 2, b: 3, tags: { owner: "y", left: 2 } });
  });
});
