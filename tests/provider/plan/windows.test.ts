import { formatLocalTime, isTimeZone, parseLocalTime, parseWindow } from "../../../provider/plan/windows";

const iso = (windows: { startMs: number; endMs: number }[] | undefined) =>
  windows?.map(({ startMs, endMs }) => [new Date(startMs).toISOString(), new Date(endMs).toISOString()]);
/** A Wednesday. */
const NOW = Date.parse("2026-11-25T12:00:00Z");

it("finds the next periods of a weekly window in its time zone", () => {
  expect(iso(parseWindow("Fri 22:00/Mon 06:00", "Asia/Shanghai", NOW, 2))).toEqual([
    ["2026-11-27T14:00:00.000Z", "2026-11-29T22:00:00.000Z"],
    ["2026-12-04T14:00:00.000Z", "2026-12-06T22:00:00.000Z"],
  ]);
  expect(iso(parseWindow("saturday 22:00/Sat 06:00", "UTC", NOW, 1))).toEqual([
    ["2026-11-21T22:00:00.000Z", "2026-11-28T06:00:00.000Z"],
  ]);
});

it("counts the period that is open now", () => {
  expect(iso(parseWindow("Tue 22:00/Thu 06:00", "UTC", NOW, 1))).toEqual([
    ["2026-11-24T22:00:00.000Z", "2026-11-26T06:00:00.000Z"],
  ]);
});

it("follows the change to and from summer time", () => {
  expect(iso(parseWindow("Sat 22:00/Sun 06:00", "Europe/Berlin", Date.parse("2026-03-26T00:00:00Z"), 1))).toEqual([
    ["2026-03-28T21:00:00.000Z", "2026-03-29T04:00:00.000Z"],
  ]);
  // 02:30 does not exist on this day, and comes twice on the other.
  expect(parseLocalTime("2026-03-29 02:30", "Europe/Berlin")).toBe(Date.parse("2026-03-29T01:30:00Z"));
  expect(parseLocalTime("2026-10-25 02:30", "Europe/Berlin")).toBe(Date.parse("2026-10-25T00:30:00Z"));
});

it("takes dated periods, and nothing else", () => {
  expect(iso(parseWindow("2026-12-04 22:00/2026-12-07 06:00", "Asia/Shanghai", NOW, 1))).toEqual([
    ["2026-12-04T14:00:00.000Z", "2026-12-06T22:00:00.000Z"],
  ]);
  for (const text of [
    "",
    "Fri 22:00",
    "Fri 25:00/Mon 06:00",
    "Fri 22:61/Mon 06:00",
    "Foo 22:00/Mon 06:00",
    "a/b/c",
    "2026-12-07 06:00/2026-12-04 22:00",
  ])
    expect(parseWindow(text, "UTC", NOW, 1)).toBeUndefined();
  expect([isTimeZone("Asia/Shanghai"), isTimeZone("Asia/Nowhere")]).toEqual([true, false]);
});

it("prints the time of a zone", () => {
  expect(formatLocalTime(Date.parse("2026-11-27T16:30:00Z"), "Asia/Shanghai")).toBe("Sat 2026-11-28 00:30");
});
