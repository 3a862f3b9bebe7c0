import { drawCases } from "../../faults/draw-cases";
import type { FaultCase } from "../../faults/fault-case";

const cases: FaultCase[] = Array.from({ length: 700 }, (_, index) => ({
  family: "F1",
  name: `case ${index}`,
  run: async () => {},
}));

test("as many consecutive seeds as there are cases meet each of them once, wherever they begin", () => {
  for (const seed of [0, 1, 4_711]) {
    const drawn = drawCases(cases, seed);
    expect(new Set(drawn.map(({ fault }) => fault.name)).size).toBe(cases.length);
  }
});

test("a seed stands for its case however many runs are asked for", () => {
  const [, , third] = drawCases(cases, 40, 10);
  expect(third?.seed).toBe(42);
  expect(drawCases(cases, 42, 1)).toEqual([third]);
});

test("more runs than cases go round again with new seeds", () => {
  const drawn = drawCases(cases.slice(0, 3), 1, 7);
  expect(drawn.map(({ seed }) => seed)).toEqual([1, 2, 3, 4, 5, 6, 7]);
  expect(drawn[0]?.fault).toBe(drawn[3]?.fault);
});
