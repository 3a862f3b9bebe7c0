import fc from "fast-check";
import { FaultInjector } from "../../../emulator/faults/fault-injector";
import type { RequestTraits } from "../../../emulator/faults/fault-rule";

const part = (request: number, partNumber: number): RequestTraits => ({
  request,
  service: "oss",
  action: "UploadPart",
  method: "PUT",
  params: { bucket: "b", key: "k", partNumber: `${partNumber}` },
});
const reset = { kind: "reset", at: "before" } as const;

function struckRequests(injector: FaultInjector, traits: readonly RequestTraits[]): number[] {
  return traits.filter((one) => injector.draw(one).length > 0).map(({ request }) => request);
}

const twenty = Array.from({ length: 20 }, (_, index) => part(index + 1, (index % 5) + 1));

it.each([
  ["every request without conditions", {}, twenty.map(({ request }) => request)],
  ["a request by its number", { match: { request: 7 } }, [7]],
  [
    "requests by parameters, also given as numbers",
    { match: { params: { partNumber: 3, bucket: "b" } } },
    [3, 8, 13, 18],
  ],
  ["the nth matching request", { match: { params: { partNumber: "3" } }, nth: 2 }, [8]],
  ["several matching requests", { nth: [1, 5] }, [1, 5]],
  ["every sixth request", { every: 6 }, [6, 12, 18]],
  ["at most the given number of times", { every: 6, times: 2 }, [6, 12]],
  ["no request of another action", { match: { action: "PutObject" } }, []],
  ["one of several actions", { match: { action: ["PutObject", "UploadPart"], request: 2 } }, [2]],
  ["no request of another service", { match: { service: "rds" as const } }, []],
])("applies to %s", (_, rule, expected) => {
  const injector = new FaultInjector();
  injector.add({ ...rule, effect: reset });
  expect(struckRequests(injector, twenty)).toEqual(expected);
});

it("applies to the same requests with the same seed", () => {
  fc.assert(
    fc.property(fc.integer(), fc.double({ min: 0, max: 1, noNaN: true }), (seed, probability) => {
      const [one, other] = [new FaultInjector(), new FaultInjector()];
      for (const injector of [one, other]) injector.add({ probability, seed, effect: reset });
      expect(struckRequests(one, twenty)).toEqual(struckRequests(other, twenty));
    }),
  );
});

it("applies to a request independently of the order of other requests, with draws by identity", () => {
  const parts = [1, 2, 3].flatMap((number) => Array.from({ length: 20 }, (_, nth) => part(number * 100 + nth, number)));
  fc.assert(
    fc.property(fc.integer(), fc.shuffledSubarray([1, 2, 3], { minLength: 3 }), (seed, order) => {
      const [one, other] = [new FaultInjector(), new FaultInjector()];
      for (const injector of [one, other]) injector.add({ probability: 0.5, drawnBy: "identity", seed, effect: reset });
      // The twenty requests of each part keep their order; the order of the three parts changes.
      const mixed = order.flatMap((number) => parts.slice((number - 1) * 20, number * 20));
      expect(struckRequests(other, mixed).sort()).toEqual(struckRequests(one, parts));
    }),
  );
});

it.each(["arrival", "identity"] as const)("applies with about the given probability, drawn by %s", (drawnBy) => {
  const injector = new FaultInjector();
  injector.add({ probability: 0.25, drawnBy, seed: 7, effect: reset });
  const many = Array.from({ length: 4000 }, (_, index) => part(index + 1, index % 500));
  const share = struckRequests(injector, many).length / many.length;
  expect(share).toBeGreaterThan(0.2);
  expect(share).toBeLessThan(0.3);
});

it("lists, removes and clears rules", () => {
  const injector = new FaultInjector();
  const id = injector.add({ effect: reset });
  injector.add({ id: "mine", effect: reset });
  injector.draw(part(1, 1));
  expect(injector.list().map(({ rule, seen, struck }) => [rule.id, seen, struck])).toEqual([
    [id, 1, 1],
    ["mine", 1, 1],
  ]);
  injector.remove(id);
  expect(injector.list().map(({ rule }) => rule.id)).toEqual(["mine"]);
  injector.clear();
  expect(injector.draw(part(2, 1))).toEqual([]);
});

it("refuses a rule with a misspelt member", () => {
  expect(() => new FaultInjector().add({ match: { operation: "UploadPart" } as never, effect: reset })).toThrow(
    /operation/,
  );
});
