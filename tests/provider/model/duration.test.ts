import fc from "fast-check";
import { parseDurationMs } from "../../../provider/model/duration";

test.each([
  ["5h", 18_000_000],
  ["90m", 5_400_000],
  ["30s", 30_000],
  ["1.5 h", 5_400_000],
  [" 2 days ", 172_800_000],
  ["200ms", 200],
  // customTimeouts accept Go's durations, which may have several parts.
  ["1h30m", 5_400_000],
  ["5m0s", 300_000],
])("%j are %d ms", (text, ms) => {
  expect(parseDurationMs(text)).toBe(ms);
});

test.each(["", "5", "5x", "h", "-5h", "0s", "0h0m", "5h ago", "1e3s", "5h30", "Infinity h", "5 h x 3 m"])(
  "%j is no duration",
  (text) => {
    expect(parseDurationMs(text)).toBeUndefined();
  },
);

test("for any text the result is a finite number above zero or undefined", () => {
  const parts = fc.array(fc.constantFrom("1", "0", "9".repeat(400), ".", "h", "m", "ms", " ", "y", "-"), {
    maxLength: 8,
  });
  fc.assert(
    fc.property(
      fc.oneof(
        fc.string(),
        parts.map((each) => each.join("")),
      ),
      (text) => {
        const ms = parseDurationMs(text);
        expect(ms === undefined || (ms > 0 && Number.isFinite(ms))).toBe(true);
      },
    ),
  );
});
