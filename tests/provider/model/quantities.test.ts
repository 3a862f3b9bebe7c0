import { formatBytes, formatDuration, formatRate } from "../../../provider/model/quantities";

test.each([
  [0, "0 B"],
  [1023, "1023 B"],
  [1024, "1.0 KiB"],
  [1.5 * 2 ** 30, "1.5 GiB"],
  [3 * 2 ** 40, "3.0 TiB"],
  [5000 * 2 ** 40, "5000.0 TiB"],
])("%d bytes are %s", (bytes, text) => {
  expect(formatBytes(bytes)).toBe(text);
});

test.each([
  [0.04, "0.0s"],
  [9.94, "9.9s"],
  [9.97, "10s"],
  [59.4, "59s"],
  [59.6, "1m 0s"],
  [3599, "59m 59s"],
  [3599.7, "1h 0m"],
  [4_800, "1h 20m"],
  [90_000, "25h 0m"],
])("%d seconds are %s", (seconds, text) => {
  expect(formatDuration(seconds)).toBe(text);
});

test("rates are decimal, as is usual for networks", () => {
  expect(formatRate(85_200_000)).toBe("85.2 MB/s");
  expect(formatRate(0)).toBe("0.0 MB/s");
  expect(formatRate(60_000)).toBe("60 kB/s"); // neither 0.0 nor above a limit of 60,000
});
