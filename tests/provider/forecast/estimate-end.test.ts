import { estimateEnd, type FleetMember } from "../../../provider/forecast/estimate-end";
import { formatEnd } from "../../../provider/forecast/format-end";
import { measureEnd } from "../../../testing/fleet-simulator/measure-end";

const NOW = Date.UTC(2026, 10, 28, 6);
const GB = 1e9;
const at = (seconds: number): string => new Date(NOW + seconds * 1000).toISOString();

/** Uploaded at 50 MB/s and restored at 25 MB/s and a minute each, in an earlier run. */
const finished = (gigabytes: number, index: number): FleetMember => {
  const begin = -1_000_000 + index * 10_000;
  const sent = begin + gigabytes * 20;
  return {
    ...{ database: `old${index}`, backupBytes: gigabytes * GB, restoredBytes: gigabytes * GB },
    ...{ mustUpload: false, hasEnded: true },
    timeline: {
      uploadStartedAt: at(begin),
      uploadFinishedAt: at(sent),
      submittedAt: at(sent),
      restoreStartedAt: at(sent + 30),
      endedAt: at(sent + 90 + gigabytes * 40),
    },
  };
};
const known = [2, 5, 10, 20, 3, 8, 30, 12].map(finished);
const erp = (rest: Partial<FleetMember> = {}): FleetMember => ({
  ...{
    database: "erp",
    backupBytes: 100 * GB,
    restoredBytes: 100 * GB,
    mustUpload: true,
    hasEnded: false,
    timeline: {},
  },
  ...rest,
});
const endOf = (member: FleetMember) => estimateEnd([...known, member], { startMs: NOW - 1000_000, nowMs: NOW })?.fleet;

describe("the end of the migrations of a run", () => {
  it("is not estimated before a restore has finished, and not where none is left", () => {
    const time = { startMs: NOW, nowMs: NOW };
    expect(estimateEnd([erp()], time)).toBeUndefined();
    expect(estimateEnd([erp({ timeline: { restoreStartedAt: at(-4000) } })], time)).toBeUndefined();
    expect(estimateEnd(known, time)).toBeUndefined();
  });

  it("follows what has finished: upload, wait and restore", () => {
    const { low, likely, high } = endOf(erp()) ?? { low: 0, likely: 0, high: 0 };
    const truth = 2000 + 30 + 60 + 4000;
    expect(Math.abs(likely / truth - 1)).toBeLessThan(0.1);
    expect(low).toBeLessThan(truth);
    expect(high).toBeGreaterThan(truth);
  });

  it("counts what is left of the upload, at the rate of this run instead of an earlier one", () => {
    const startMs = NOW - 1_000_000;
    const sending = { startMs, atMs: NOW, bytes: 10 * GB, leftBytes: 90 * GB };
    const { likely } = endOf(erp({ timeline: { uploadStartedAt: at(-1000) }, sending })) ?? { likely: 0 };
    // 10 MB/s in this run.
    expect(Math.abs(likely / (9000 + 30 + 60 + 4000) - 1)).toBeLessThan(0.1);
  });

  it("does not count DBCC CHECKDB, which runs when the database is online", () => {
    const { likely = 0 } = endOf(erp({ timeline: { submittedAt: at(-3000), restoreStartedAt: at(-3000) } })) ?? {};
    expect(likely).toBeGreaterThan(700);
    expect(likely).toBeLessThan(1500);
  });
});

/** bench/README.md has the figures of all fleets and more seeds. */
it("is near the true end of fleets that it has never seen", () => {
  const errors = measureEnd("light", [1000, 1021, 1035, 1049]);
  expect(errors.map(({ share, shown }) => [share, shown])).toEqual([
    [25, 100],
    [50, 100],
    [75, 100],
  ]);
  expect(errors[0]?.errorOfWhole).toBeLessThan(30);
  expect(errors[2]?.errorOfWhole).toBeLessThan(15);
});

describe("the text", () => {
  const text = (likely: number, low = likely * 0.8, high = likely * 1.3) =>
    formatEnd({ low, likely, high }, NOW + 61_000, "Asia/Shanghai");

  it("rounds the time as far as it is known, and names another day", () => {
    expect([200, 1200, 5000, 40_000].map((seconds) => text(seconds))).toEqual([
      "14:04, 2.5 to 4.5 min",
      "14:20, 16 to 26 min",
      "15:20, 66 to 109 min",
      "Sun 01:10, 8.5 to 15 h",
    ]);
  });
});
