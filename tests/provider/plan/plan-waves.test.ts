import * as fc from "fast-check";
import { DAILY_LIMITS } from "../../../provider/model/daily-limits";
import { advise } from "../../../provider/plan/advice";
import { SPACE_MARGIN } from "../../../provider/plan/fill-wave";
import type { Plan, PlanDatabase, PlanInput, PlannedDatabase } from "../../../provider/plan/plan";
import { planWaves } from "../../../provider/plan/plan-waves";
import { endWithin, lowerBoundSeconds } from "../../../testing/fleet-simulator/lower-bound";
import { planCases } from "../../../testing/fleet-simulator/plan-cases";

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const NOW = Date.UTC(2026, 10, 27, 20);
const GB = 1e9;

const database = (name: string, others: Partial<PlanDatabase> = {}): PlanDatabase => ({
  database: name,
  ...{ uploadBytes: GB, backupBytes: GB, restoredBytes: 2 * GB, restoreSeconds: 120, checkSeconds: 30, ...others },
});

const input = (databases: readonly PlanDatabase[], others: Partial<PlanInput> = {}): PlanInput => ({
  ...{ databases, nowMs: NOW, runners: [12.5e6], restoresAtOnce: 2, uploadsAtOnce: 1, queueSeconds: 60, ...others },
});

const placedIn = ({ waves }: Plan): PlannedDatabase[] => waves.flatMap(({ databases }) => databases);

/** Fleets with groups and priorities, against disk, growth, count, windows, earlier tasks and several machines. */
const inputs: fc.Arbitrary<PlanInput> = fc
  .record({
    sizes: fc.array(
      fc.record({
        restored: fc.integer({ min: 1, max: 400 }),
        compression: fc.integer({ min: 20, max: 90 }),
        isInBucket: fc.boolean(),
        group: fc.option(fc.constantFrom("a", "b", "c"), { nil: undefined, freq: 4 }),
        priority: fc.integer({ min: 0, max: 2 }),
      }),
      { minLength: 1, maxLength: 40 },
    ),
    free: fc.option(fc.integer({ min: 0, max: 8000 }), { nil: undefined }),
    growth: fc.array(
      fc.record({ hours: fc.integer({ min: 1, max: 60 }), gigabytes: fc.integer({ min: 1, max: 900 }) }),
      {
        maxLength: 2,
      },
    ),
    allowed: fc.option(fc.integer({ min: 0, max: 45 }), { nil: undefined }),
    windows: fc.option(
      fc.array(fc.record({ from: fc.integer({ min: 0, max: 60 }), hours: fc.integer({ min: 1, max: 24 }) }), {
        minLength: 1,
        maxLength: 3,
      }),
      { nil: undefined },
    ),
    used: fc.constantFrom(0, 3, 460, 480),
    usedOfFirst: fc.constantFrom(0, 19, 20),
    runners: fc.array(fc.integer({ min: 5, max: 100 }), { minLength: 1, maxLength: 4 }),
    restoresAtOnce: fc.integer({ min: 1, max: 4 }),
    uploadsAtOnce: fc.constantFrom(1, 2, 16),
  })
  .map(({ sizes, free, growth, allowed, windows, used, usedOfFirst, runners, ...others }) =>
    input(
      sizes.map(({ restored, compression, isInBucket, group, priority }, index) => {
        const backupBytes = (restored * GB * compression) / 100;
        return database(`db${index}`, {
          ...{ backupBytes, group, priority, restoredBytes: restored * GB, uploadBytes: isInBucket ? 0 : backupBytes },
          ...{ restoreSeconds: 30 + restored * 20, checkSeconds: restored * 10 },
        });
      }),
      {
        ...others,
        runners: runners.map((megabytes) => megabytes * 1e6),
        freeBytes: free === undefined ? undefined : free * GB,
        growth: growth.map(({ hours, gigabytes }) => ({ atMs: NOW + hours * HOUR, bytes: gigabytes * GB })),
        databasesAllowed: allowed,
        windows: windows?.map(({ from, hours }) => ({
          startMs: NOW + from * HOUR,
          endMs: NOW + (from + hours) * HOUR,
        })),
        tasks: [
          ...Array.from({ length: used }, (_, at) => ({
            databaseName: `old${at}`,
            createdAtMs: NOW - DAY + at * 170_000,
          })),
          ...Array.from({ length: usedOfFirst }, (_, at) => ({
            databaseName: "DB0",
            createdAtMs: NOW - 20 * HOUR + at,
          })),
        ],
      },
    ),
  );

const check = (property: (given: PlanInput) => void): void =>
  fc.assert(fc.property(inputs, property), { seed: 21, numRuns: 60 });

it("every database is in one wave, or among what does not fit, with a reason and a remedy", () => {
  check((given) => {
    const plan = planWaves(given);
    const names = [...placedIn(plan), ...plan.unplanned].map((each) => each.database).sort();
    expect(names).toEqual(given.databases.map((each) => each.database).sort());
    const advice = advise(given, plan);
    expect(advice.flatMap(({ databases }) => databases).sort()).toEqual(
      plan.unplanned.map((each) => each.database).sort(),
    );
    for (const { what, remedy } of advice)
      expect([what, remedy]).toEqual([expect.stringMatching(/\.$/), expect.stringMatching(/\.$/)]);
  });
});

it("no day has more tasks than the instance or a database may have", () => {
  const most = (times: number[]): number => {
    const sorted = [...times].sort((one, other) => one - other);
    return Math.max(0, ...sorted.map((from) => sorted.filter((at) => at >= from && at < from + DAY).length));
  };
  check((given) => {
    const placed = placedIn(planWaves(given)).map(({ database: databaseName, submitMs }) => ({
      databaseName,
      createdAtMs: submitMs,
    }));
    const all = [...(given.tasks ?? []), ...placed];
    expect(most(all.map(({ createdAtMs }) => createdAtMs))).toBeLessThanOrEqual(DAILY_LIMITS.perInstance);
    const first = all.filter(({ databaseName }) => databaseName.toLowerCase() === "db0");
    expect(most(first.map(({ createdAtMs }) => createdAtMs))).toBeLessThanOrEqual(DAILY_LIMITS.perDatabase);
  });
});

it("databases and the files that are being restored fit the disk at every time, and their number the instance", () => {
  check((given) => {
    const placed = placedIn(planWaves(given));
    const sizes = new Map(given.databases.map((each) => [each.database, each]));
    expect(placed.length).toBeLessThanOrEqual(given.databasesAllowed ?? Number.POSITIVE_INFINITY);
    for (const { restoreMs: atMs } of placed) {
      const grown = (given.growth ?? [])
        .filter((growth) => growth.atMs <= atMs)
        .reduce((sum, { bytes }) => sum + bytes, 0);
      const used = placed
        .filter(({ restoreMs }) => restoreMs <= atMs)
        .reduce((sum, { database: name, endMs }) => {
          const size = sizes.get(name) as PlanDatabase;
          const restoreEndMs = endMs - size.checkSeconds * 1000;
          return sum + size.restoredBytes * SPACE_MARGIN + (restoreEndMs > atMs + 2 ? size.backupBytes : 0);
        }, 0);
      expect(used).toBeLessThanOrEqual((given.freeBytes ?? Number.POSITIVE_INFINITY) + grown + 1);
    }
  });
});

it("waves are inside windows, one after the other, and hold whole groups on one machine", () => {
  check((given) => {
    const { waves } = planWaves(given);
    let last = NOW;
    for (const { startMs, endMs, databases, number } of waves) {
      expect(startMs).toBeGreaterThanOrEqual(last);
      expect(endMs).toBe(Math.max(...databases.map((each) => each.endMs)));
      expect(Math.min(...databases.map(({ submitMs }) => submitMs))).toBeGreaterThanOrEqual(startMs);
      expect(
        (given.windows ?? [{ startMs: 0, endMs: Infinity }]).some(
          (each) => each.startMs <= startMs && endMs <= each.endMs,
        ),
      ).toBe(true);
      expect(number).toBe(waves.findIndex((each) => each.startMs === startMs && each.databases === databases) + 1);
      last = endMs;
    }
    const placeOf = new Map<string, Set<string>>();
    for (const { database: name, group } of given.databases) {
      if (group === undefined) continue;
      const wave = waves.find(({ databases }) => databases.some((each) => each.database === name));
      const runner = wave?.databases.find((each) => each.database === name)?.runner;
      placeOf.set(group, (placeOf.get(group) ?? new Set()).add(`${wave?.number} ${runner}`));
    }
    for (const places of placeOf.values()) expect(places.size).toBe(1);
  });
});

it("the order in which databases are given does not matter", () => {
  check((given) => {
    const reversed = { ...given, databases: [...given.databases].reverse() };
    expect(planWaves(reversed)).toEqual(planWaves(given));
  });
});

it("waves that have begun stay as they are when the fleet changes", () => {
  fc.assert(
    fc.property(inputs, fc.integer({ min: 0, max: 3 }), (given, count) => {
      const begun = planWaves(given).waves.slice(0, count);
      const more = [...given.databases, database("added", { restoredBytes: GB, backupBytes: GB / 2 })];
      const nowMs = Math.max(NOW, ...begun.map(({ startMs }) => startMs));
      const { waves, unplanned } = planWaves({ ...given, databases: more, nowMs, begun });
      expect(waves.slice(0, begun.length)).toEqual(begun);
      const names = [...waves.flatMap(({ databases }) => databases), ...unplanned].map((each) => each.database);
      expect(names.sort()).toEqual(more.map((each) => each.database).sort());
    }),
    { seed: 22, numRuns: 30 },
  );
});

it("no plan is shorter than the lower bound", () => {
  check((given) => {
    const plan = planWaves({ ...given, tasks: [] });
    if (plan.unplanned.length > 0) return;
    const endMs = plan.waves.at(-1)?.endMs ?? NOW;
    const windows = given.windows ?? [{ startMs: NOW, endMs: Number.POSITIVE_INFINITY }];
    const sorted = [...windows].sort((one, other) => one.startMs - other.startMs);
    const hasOverlap = sorted.some(({ startMs }, index) => startMs < (sorted[index - 1]?.endMs ?? 0));
    if (!hasOverlap)
      expect(endMs).toBeGreaterThanOrEqual(endWithin(sorted, lowerBoundSeconds({ ...given, tasks: [] }), NOW) - 1000);
  });
});

it.each(planCases().map(({ name, input: given }) => [name, given] as const))(
  "%s: within 5 %% of the lower bound",
  (_name, given) => {
    const { waves, unplanned } = planWaves(given);
    expect(unplanned).toEqual([]);
    const seconds = ((waves.at(-1)?.endMs ?? 0) - given.nowMs) / 1000;
    expect(seconds / lowerBoundSeconds(given)).toBeLessThan(1.05);
  },
);

it("advises the disk, the window and the machines that are enough", () => {
  const large = database("large", { backupBytes: 100 * GB, uploadBytes: 0, restoredBytes: 300 * GB });
  const space = input([database("small"), large], { freeBytes: 50 * GB });
  const missing = advise(space, planWaves(space));
  expect(missing).toMatchObject([{ limit: "space", databases: ["large"] }]);
  const bytes = 302 * SPACE_MARGIN * GB + 200 * GB - 50 * GB;
  expect(missing[0]?.remedy).toContain(`${(bytes / 2 ** 30).toFixed(1)} GiB more disk`);
  expect(planWaves({ ...space, freeBytes: 50 * GB + bytes }).unplanned).toEqual([]);

  // 20 uploads of 80 s each take 27 min on one machine and half of that on two.
  const windows = [{ startMs: NOW, endMs: NOW + 25 * 60_000 }];
  const fleet = input(
    Array.from({ length: 20 }, (_, at) => database(`db${at}`)),
    { windows, restoresAtOnce: 4 },
  );
  const [time] = advise(fleet, planWaves(fleet));
  expect(time).toMatchObject({ limit: "window" });
  expect(time?.remedy).toMatch(/^Another window of \d+m \d+s holds them\. So do 2 machines instead of 1\.$/);
  expect(planWaves({ ...fleet, runners: [12.5e6, 12.5e6] }).unplanned).toEqual([]);

  const long = input([database("long", { restoreSeconds: 7200 })], { windows });
  expect(advise(long, planWaves(long))).toMatchObject([
    { limit: "windowLength", what: expect.stringContaining("long 2h 2m") },
  ]);
  const many = input([database("a"), database("b")], { databasesAllowed: 1 });
  expect(advise(many, planWaves(many))).toMatchObject([{ limit: "count", databases: ["b"] }]);
});

test("a wave may begin when its window opens, and no earlier than the disk arrives that it needs", () => {
  const window = { startMs: NOW + HOUR, endMs: NOW + 20 * HOUR };
  const growth = [{ atMs: NOW + 9 * HOUR, bytes: 10 * GB }];
  const { waves } = planWaves(input([database("a"), database("b")], { windows: [window], freeBytes: 5 * GB, growth }));
  expect(waves.map((wave) => [wave.window, wave.databases.length])).toEqual([
    [window, 1],
    [{ ...window, startMs: NOW + 9 * HOUR }, 1],
  ]);
});
