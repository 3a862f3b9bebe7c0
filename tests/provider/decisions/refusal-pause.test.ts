import { refusalPause } from "../../../provider/decisions/refusal-pause";

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const pauses = (code: string, count: number) =>
  Array.from({ length: count }, (_, index) => refusalPause(code, index + 1, 30 * SECOND));

test("the pause after a temporary refusal grows to five minutes", () => {
  expect(pauses("API_INSTANCE_STATE", 6)).toEqual([0.5, 1, 2, 4, 5, 5].map((minutes) => minutes * MINUTE));
});

test.each(["API_DAILY_LIMIT_INSTANCE", "API_DAILY_LIMIT_DATABASE"])(
  "%s may pass soon or within the day: asked again at once, and in the end hourly",
  (code) => {
    expect(pauses(code, 10)).toEqual([0.5, 1, 2, 4, 8, 16, 32, 60, 60, 60].map((minutes) => minutes * MINUTE));
  },
);

test("a poll interval above the longest pause is reduced to it", () => {
  expect(refusalPause("THROTTLED", 1, 600 * SECOND)).toBe(5 * MINUTE);
  expect(refusalPause("THROTTLED", 5_000, 30 * SECOND)).toBe(5 * MINUTE);
});
