import fc from "fast-check";
import { timeScale } from "../../../provider/report/time-scale";

const HOUR = 3_600_000;
const span = fc.tuple(fc.integer({ min: 0, max: 10_000 * HOUR }), fc.integer({ min: 0, max: 20 * HOUR }));

test("every span is on the axis, later times stand further right, and ticks are inside", () => {
  fc.assert(
    fc.property(fc.array(span, { minLength: 1, maxLength: 30 }), (given) => {
      const spans = given.map(([from, length]): [number, number] => [from, from + length]);
      const { x, ticks, pieces } = timeScale(spans, 1000);
      expect(pieces.length).toBeLessThanOrEqual(6);
      const places = spans
        .flat()
        .sort((one, other) => one - other)
        .map(x);
      expect(places).toEqual([...places].sort((one, other) => one - other));
      for (const place of [...places, ...ticks.map((tick) => tick.x)]) {
        expect(place).toBeGreaterThanOrEqual(0);
        expect(place).toBeLessThanOrEqual(1000.001);
      }
    }),
  );
});

test("two weekends have a break between them, and each its date", () => {
  const monday = Date.parse("2026-11-23T00:00:00Z");
  const { pieces, ticks } = timeScale(
    [
      [monday, monday + 3 * HOUR],
      [monday + 100 * HOUR, monday + 103 * HOUR],
    ],
    1000,
  );
  expect(pieces.map(({ width }) => width)).toEqual([490, 490]);
  expect(ticks.flatMap(({ date = [] }) => date)).toEqual(["2026-11-23", "2026-11-27"]);
});
