import fc from "fast-check";
import { deleteOrder, dependentsOf } from "../../../engine/stand-in/delete-order";
import { dependenciesOf, type ResourceState } from "../../../engine/stand-in/resource-state";

const urnOf = (index: number): string => `urn:pulumi:s::p::t::r${index}`;

/** Each resource depends on some of those before it, in one of the three ways. */
const stacks = fc
  .array(fc.array(fc.tuple(fc.nat(), fc.constantFrom("dependency", "property", "parent")), { maxLength: 3 }), {
    maxLength: 12,
  })
  .map((links) =>
    links.map((wanted, index): ResourceState => {
      const state: ResourceState = { urn: urnOf(index), custom: true, type: "t" };
      for (const [number, how] of index === 0 ? [] : wanted) {
        const urn = urnOf(number % index);
        if (how === "dependency") state.dependencies = [...(state.dependencies ?? []), urn];
        else if (how === "property") state.propertyDependencies = { input: [urn] };
        else state.parent = urn;
      }
      return state;
    }),
  );

describe("the order of deletes", () => {
  test("contains every resource once, and none before its dependents", () => {
    fc.assert(
      fc.property(stacks, (stack) => {
        const groups = deleteOrder(stack);
        const turn = new Map(groups.flatMap((group, index) => group.map((state) => [state.urn, index] as const)));
        expect([...turn.keys()].sort()).toEqual(stack.map((state) => state.urn).sort());
        for (const state of stack) {
          for (const urn of dependenciesOf(state)) expect(turn.get(urn)).toBeGreaterThan(turn.get(state.urn) ?? 0);
        }
      }),
    );
  });

  test("terminates for a damaged state with a dependency cycle", () => {
    const ring: ResourceState[] = [0, 1].map((index) => ({
      urn: urnOf(index),
      custom: true,
      type: "t",
      dependencies: [urnOf(1 - index)],
    }));
    expect(deleteOrder(ring)).toEqual([ring]);
  });

  test("dependents are found through others", () => {
    const [a, b, c]: ResourceState[] = [[], [urnOf(0)], [urnOf(1)]].map((dependencies, index) => ({
      urn: urnOf(index),
      custom: true,
      type: "t",
      dependencies,
    }));
    if (!a || !b || !c) throw new Error("expected three resources");
    expect(dependentsOf(a, [a, b, c])).toEqual([b, c]);
    expect(dependentsOf(c, [a, b, c])).toEqual([]);
  });
});
