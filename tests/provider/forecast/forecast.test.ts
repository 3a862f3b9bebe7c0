import * as fc from "fast-check";
import { ASSUMED } from "../../../provider/forecast/assumptions";
import { describeForecast, describeRates, formatRange } from "../../../provider/forecast/describe-forecast";
import { forecast } from "../../../provider/forecast/forecast";
import type { ForecastDatabase } from "../../../provider/forecast/forecast-database";
import { learnRates, type ObservedMigration } from "../../../provider/forecast/learn-rates";
import { endOf, simulate } from "../../../provider/forecast/simulate";
import { spread } from "../../../provider/forecast/simulate-uploads";
import type { SimulatedJob } from "../../../provider/forecast/simulated-job";
import { measureForecast } from "../../../testing/fleet-simulator/measure-forecast";

const NOW = Date.UTC(2026, 10, 27, 22);
const GB = 1e9;
const at = (seconds: number): string => new Date(NOW + seconds * 1000).toISOString();
const NOTHING_LEARNT = learnRates({ runs: [], nowMs: NOW });

const sizes: fc.Arbitrary<ForecastDatabase[]> = fc
  .array(fc.record({ gigabytes: fc.integer({ min: 1, max: 500 }), mustUpload: fc.boolean() }), {
    minLength: 1,
    maxLength: 30,
  })
  .map((all) =>
    all.map(({ gigabytes, mustUpload }, index) => ({
      ...{ database: `db${index}`, restoredBytes: gigabytes * GB, backupBytes: (gigabytes * GB) / 2, mustUpload },
    })),
  );

const jobs: fc.Arbitrary<SimulatedJob[]> = fc.array(
  fc.record({
    uploadBytes: fc.integer({ min: 0, max: 1000 }),
    runner: fc.constant(0),
    queueSeconds: fc.integer({ min: 0, max: 60 }),
    restoreSeconds: fc.integer({ min: 1, max: 900 }),
    checkSeconds: fc.integer({ min: 0, max: 300 }),
  }),
  { minLength: 1, maxLength: 40 },
);

describe("a forecast", () => {
  it("has ordered ranges, and each database ends within the fleet", () => {
    fc.assert(
      fc.property(sizes, (databases) => {
        const { fleet, databases: each } = forecast({ databases, rates: NOTHING_LEARNT, nowMs: NOW });
        for (const { low, likely, high } of [
          fleet,
          ...each.flatMap((one) => [one.upload, one.restore, one.check, one.end]),
        ]) {
          expect(low).toBeGreaterThanOrEqual(0);
          expect(likely).toBeGreaterThanOrEqual(low);
          expect(high).toBeGreaterThanOrEqual(likely);
        }
        expect(Math.max(...each.map(({ end }) => end.high))).toBeLessThanOrEqual(fleet.high);
      }),
      { seed: 31, numRuns: 25 },
    );
  });

  it("grows with the bytes of a database, and is the same for the same facts", () => {
    const of = (gigabytes: number) =>
      forecast({
        databases: [{ database: "ERP", restoredBytes: gigabytes * GB, backupBytes: gigabytes * GB, mustUpload: true }],
        ...{ rates: NOTHING_LEARNT, nowMs: NOW },
      });
    const all = [1, 10, 100, 1000].map(of);
    for (const [index, { fleet }] of all.entries())
      expect(fleet.likely).toBeGreaterThan(all[index - 1]?.fleet.likely ?? 0);
    expect(of(100)).toEqual(of(100));
  });

  it("counts only the remaining time of stages that run", () => {
    const whole = { database: "ERP", restoredBytes: 500 * GB, backupBytes: 250 * GB, mustUpload: true };
    const likely = (timeline: ForecastDatabase["timeline"], nowMs = NOW) =>
      forecast({ databases: [{ ...whole, timeline }], rates: NOTHING_LEARNT, nowMs }).fleet.likely;
    const begun = { uploadStartedAt: at(-40_000), uploadFinishedAt: at(-20_000), submittedAt: at(-20_000) };
    const left = [
      likely(undefined),
      likely(begun),
      likely({ ...begun, restoreStartedAt: at(-7_000) }),
      likely({ ...begun, restoreStartedAt: at(-15_000), endedAt: at(0) }),
      likely({ ...begun, restoreStartedAt: at(-15_000), endedAt: at(-5_000), checkedAt: at(-1) }),
    ];
    expect(left).toEqual([...left].sort((one, other) => other - one));
    expect(new Set(left).size).toBe(5);
    expect(left.at(-1)).toBe(0);
  });
});

describe("the simulation", () => {
  it("is never shorter than the work over what does it, or than the longest job", () => {
    fc.assert(
      fc.property(jobs, fc.integer({ min: 1, max: 4 }), (all, restoresAtOnce) => {
        const end = endOf(simulate(all, { runners: [10], uploadsAtOnce: 4, restoresAtOnce }));
        const restores = all.reduce((sum, { restoreSeconds }) => sum + restoreSeconds, 0) / restoresAtOnce;
        const uploads = all.reduce((sum, { uploadBytes }) => sum + uploadBytes, 0) / 10;
        const longest = Math.max(
          ...all.map((job) => job.uploadBytes / 10 + job.queueSeconds + job.restoreSeconds + job.checkSeconds),
        );
        expect(end).toBeGreaterThanOrEqual(Math.max(restores, uploads, longest) - 1e-6);
      }),
      { seed: 32 },
    );
  });

  it("with one restore at a time is never longer with more machines", () => {
    fc.assert(
      fc.property(jobs, fc.integer({ min: 1, max: 3 }), (all, count) => {
        const bytes = all.map(({ uploadBytes }) => uploadBytes);
        const endWith = (machines: number): number => {
          const runners = new Array<number>(machines).fill(10);
          const shares = spread(bytes, runners);
          // Without a wait and a check only the work of the one restore counts.
          const spreadOut = all.map((job, index) => ({
            ...job,
            runner: shares[index] ?? 0,
            queueSeconds: 0,
            checkSeconds: 0,
          }));
          return endOf(simulate(spreadOut, { runners, uploadsAtOnce: all.length, restoresAtOnce: 1 }));
        };
        expect(endWith(4 * count)).toBeLessThanOrEqual(endWith(1) + 1e-6);
      }),
      { seed: 33 },
    );
  });

  it("accepts no more tasks a day than the quota", () => {
    const all = Array.from({ length: 7 }, () => ({
      uploadBytes: 0,
      runner: 0,
      queueSeconds: 0,
      restoreSeconds: 1,
      checkSeconds: 0,
    }));
    const quota = { perDay: 3, usedAt: [-3600, -60] };
    const submitted = simulate(all, { runners: [1], uploadsAtOnce: 1, restoresAtOnce: 9, quota }).map(
      (each) => each.submitted,
    );
    const DAY = 24 * 3600;
    expect(submitted).toEqual([0, DAY - 3600, DAY - 60, DAY, 2 * DAY - 3600, 2 * DAY - 60, 2 * DAY]);
  });
});

describe("rates", () => {
  /** Uploads two at a time, restored one at a time at 25 MB/s and a minute each. */
  const record = (index: number, gigabytes: number): ObservedMigration => {
    const begin = index * 4000;
    const seconds = 60 + (gigabytes * GB) / 25e6;
    return {
      backupBytes: gigabytes * GB,
      restoredBytes: gigabytes * GB,
      timeline: {
        uploadStartedAt: at(begin),
        uploadFinishedAt: at(begin + gigabytes * 40),
        submittedAt: at(begin + gigabytes * 40),
        restoreStartedAt: at(begin + gigabytes * 40 + 30),
        endedAt: at(begin + gigabytes * 40 + 30 + seconds),
        checkedAt: at(begin + gigabytes * 40 + 30 + seconds + gigabytes * 5),
      },
    };
  };
  const records = [1, 2, 3, 5, 8, 13, 20, 2, 6, 30].map((gigabytes, index) => record(index, gigabytes));

  it("are learnt from finished migrations", () => {
    const rates = learnRates({ runs: [records], nowMs: NOW + 100_000 });
    expect(rates.upload.bytesPerSecond / 25e6).toBeCloseTo(1, 2);
    expect(rates.queueSeconds).toBe(30);
    expect(1 / rates.restore.best.secondsPerByte / 25e6).toBeGreaterThan(0.9);
    expect(1 / rates.restore.best.secondsPerByte / 25e6).toBeLessThan(1.1);
    expect(rates.restore.best.overheadSeconds).toBe(60);
    expect(1 / rates.check.best.secondsPerByte / 200e6).toBeGreaterThan(0.8);
    expect([rates.restore.samples, rates.sizedBy]).toEqual([10, "restoredBytes"]);
    expect(describeRates(rates)).toEqual(
      expect.arrayContaining([expect.stringMatching(/^restore 2\d\.\d MB\/s and 1m 0s each, from 10 restores$/)]),
    );
  });

  it("follow most of the restores, not the stalled one", () => {
    const stalled = record(11, 4);
    const slow = {
      ...stalled,
      timeline: { ...stalled.timeline, endedAt: at(11 * 4000 + 190 + 9000), checkedAt: undefined },
    };
    const rates = learnRates({ runs: [[...records, slow]], nowMs: NOW + 100_000 });
    expect(1 / rates.restore.best.secondsPerByte / 25e6).toBeGreaterThan(0.85);
  });

  it("count failed migrations nowhere, and restores without a known size by the backup's", () => {
    const failed = records.map((each) => ({ ...each, hasFailed: true }));
    expect(learnRates({ runs: [failed], nowMs: NOW })).toEqual(NOTHING_LEARNT);
    const unsized = records.map(({ restoredBytes: _restored, ...others }) => others);
    expect(learnRates({ runs: [unsized], nowMs: NOW }).sizedBy).toBe("backupBytes");
  });

  it("are assumed without a migration, and say so", () => {
    const texts = describeRates(NOTHING_LEARNT);
    expect(texts.filter((text) => text.endsWith(", assumed"))).toHaveLength(4);
    expect(texts[0]).toContain("12.5 MB/s");
    expect(NOTHING_LEARNT.restoresAtOnce).toEqual({ ...ASSUMED.restoresAtOnce, samples: 0 });
  });

  it("know how many restores run at once where others had to wait", () => {
    const waiting = (index: number): ObservedMigration => ({
      backupBytes: GB,
      timeline: {
        submittedAt: at(0),
        restoreStartedAt: at(60 + Math.floor(index / 3) * 2000),
        endedAt: at((1 + Math.floor(index / 3)) * 2000),
      },
    });
    const { restoresAtOnce } = learnRates({
      runs: [Array.from({ length: 9 }, (_, index) => waiting(index))],
      nowMs: NOW,
    });
    expect(restoresAtOnce).toMatchObject({ least: 3, likely: 3, most: 3 });
  });
});

it("says a forecast in one line", () => {
  const databases = [
    { database: "ERP", restoredBytes: 800 * GB, backupBytes: 300 * GB, mustUpload: true },
    { database: "CRM", restoredBytes: 100 * GB, backupBytes: 40 * GB, mustUpload: true },
  ];
  const sentence = describeForecast(forecast({ databases, rates: NOTHING_LEARNT, nowMs: NOW }), databases);
  expect(sentence).toMatch(/^2 databases, 316\.6 GiB: \d+ to \d+ h; the longest is ERP, 13 h$/);
  expect(formatRange({ low: 1500, likely: 1800, high: 2400 })).toBe("25 to 40 min");
  expect(formatRange({ low: 11.4 * 3600, likely: 0, high: 15.2 * 3600 })).toBe("11 to 16 h");
});

/** bench/README.md has the figures of all fleets and more seeds. */
it("learns from the first tenth of a fleet that it has never seen", () => {
  const errors = measureForecast("light", [1000, 1021, 1035, 1049]);
  const rehearsed = errors.find(({ moment }) => moment === "rehearsed");
  expect(rehearsed?.meanError).toBeLessThan(30);
  expect(errors.find(({ moment }) => moment === "50 %")?.meanError).toBeLessThan(35);
});
