import fc from "fast-check";
import { callBudget } from "../../../provider/decisions/call-budget";

const HOUR_MS = 3_600_000;
const NOW_MS = Date.parse("2026-05-01T12:00:00Z");
const hoursAgo = (...hours: number[]): number[] => hours.map((each) => NOW_MS - each * HOUR_MS);

test("reserves four of 20 calls in 24 hours for the cutover", () => {
  expect(callBudget([], NOW_MS, false)).toEqual({ left: 16 });
  expect(callBudget([], NOW_MS, true)).toEqual({ left: 20 });
  expect(callBudget(hoursAgo(1, 2, 25), NOW_MS, false)).toEqual({ left: 14 });
});

test("without calls left, the next one is free when the oldest counted call is a day old", () => {
  const sixteen = hoursAgo(23, ...Array.from({ length: 15 }, (_, at) => at));
  expect(callBudget(sixteen, NOW_MS, false)).toEqual({ left: 0, nextAtMs: NOW_MS + HOUR_MS });
  expect(callBudget(sixteen, NOW_MS, true)).toEqual({ left: 4 });
});

test("never allows more than 20 calls in any 24 hours, whenever they are made", () => {
  fc.assert(
    fc.property(
      fc.array(fc.integer({ min: 0, max: 40 * 60 }), { maxLength: 200 }),
      fc.boolean(),
      (minutes, forCutover) => {
        const sent: number[] = [];
        for (const minute of [...minutes].sort((one, other) => one - other)) {
          const atMs = minute * 60_000;
          if (callBudget(sent, atMs, forCutover).left > 0) sent.push(atMs);
        }
        const most = Math.max(
          0,
          ...sent.map((from) => sent.filter((at) => at >= from && at < from + 24 * HOUR_MS).length),
        );
        expect(most).toBeLessThanOrEqual(forCutover ? 20 : 16);
      },
    ),
  );
});
