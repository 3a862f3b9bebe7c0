import { drawCases } from "../../faults/draw-cases";
import type { FaultCase } from "../../faults/fault-case";

const cases: FaultCase[] = Array.from({ length: 700 }, (_, index) => ({
  family: "F1",
  name: `case ${index}`,
  run: async () => {},
}));

test("N consecutive seeds select each of N cases once, from any start", () => {
  for (const seed of [0, 1, 4_711]) {
    const drawn = drawCases(cases, seed);
    expect(new Set(drawn.map(({ fault }) => fault.name)).size).toBe(cases.length);
  }
});

test("a seed selects the same case for any number of runs", () => {
  const [, , third] = drawCases(cases, 40, 10);
  expect(third?.seed).toBe(42);
  expect(drawCases(cases, 42, 1)).toEqual([third]);
});

test("more runs than cases repeat the cases with new seeds", () => {
  const drawn = drawCases(cases.slice(0, 3), 1, 7);
  expect(drawn.map(({ seed }) => seed)).toEqual([1, 2, 3, 4, 5, 6, 7]);
  expect(drawn[0]?.fault).toBe(drawn[3]?.fault);
});
