import { normal, seededRandom } from "../../provider/forecast/random";
import type { PlanDatabase, PlanInput } from "../../provider/plan/plan";

/** Cases on which plans are compared with a bound: what limits them differs. */
export interface PlanCase {
  name: string;
  input: PlanInput;
}

const NOW = Date.UTC(2026, 10, 27, 22);

function databasesOf(count: number, middleBytes: number, sigma: number, seed: number): PlanDatabase[] {
  const random = seededRandom(seed);
  return Array.from({ length: count }, (_, index) => {
    const restoredBytes = Math.round(middleBytes * Math.exp(normal(random) * sigma));
    const backupBytes = Math.round(restoredBytes * (0.3 + 0.3 * random()));
    return {
      database: `db${String(index).padStart(5, "0")}`,
      restoredBytes,
      backupBytes,
      uploadBytes: backupBytes,
      restoreSeconds: 60 + restoredBytes / 50e6,
      checkSeconds: 10 + restoredBytes / 100e6,
    };
  });
}

function planCase(
  name: string,
  databases: PlanDatabase[],
  {
    runners = 1,
    megabytes = 12.5,
    restoresAtOnce = 2,
  }: { runners?: number; megabytes?: number; restoresAtOnce?: number },
): PlanCase {
  const input: PlanInput = {
    databases,
    nowMs: NOW,
    runners: new Array<number>(runners).fill(megabytes * 1e6),
    restoresAtOnce,
    uploadsAtOnce: 1,
    queueSeconds: 60,
  };
  return { name, input };
}

const inBucket = (databases: readonly PlanDatabase[]): PlanDatabase[] =>
  databases.map((each) => ({ ...each, uploadBytes: 0 }));

/** The cases of bench/README.md. */
export const planCases = (): PlanCase[] => [
  planCase("20 databases, network-bound", databasesOf(20, 20e9, 0.8, 1), {}),
  planCase("200 databases, network-bound", databasesOf(200, 15e9, 1.3, 2), {}),
  planCase("200 databases, 4 machines", databasesOf(200, 15e9, 1.3, 2), { runners: 4 }),
  planCase("200 databases, restore-bound", databasesOf(200, 15e9, 1.3, 3), { megabytes: 100 }),
  planCase("200 databases in the bucket, 4 restores at once", inBucket(databasesOf(200, 15e9, 1.3, 4)), {
    restoresAtOnce: 4,
  }),
  planCase(
    "200 databases, one of 3 TB",
    [...databasesOf(199, 10e9, 1, 5), ...databasesOf(1, 3e12, 0.01, 6).map((each) => ({ ...each, database: "large" }))],
    { megabytes: 50 },
  ),
  planCase("1,200 small databases: the day's quota", databasesOf(1200, 1e9, 0.8, 7), {
    megabytes: 100,
    restoresAtOnce: 4,
  }),
  planCase("10,000 databases, 8 machines", databasesOf(10_000, 3e9, 1.3, 8), {
    runners: 8,
    megabytes: 50,
    restoresAtOnce: 4,
  }),
];
