import { ASSUMED } from "./assumptions";
import type { ForecastDatabase, SharedFactors } from "./forecast-database";
import { jobLeft } from "./job-left";
import type { Rates } from "./learn-rates";
import { normal, seededRandom } from "./random";
import { type Range, rangeOf } from "./range";
import { endOf, simulate } from "./simulate";
import { spread } from "./simulate-uploads";
import type { SimulatedTimes } from "./simulated-job";
import { stageSeconds } from "./stage-model";

export interface ForecastInput {
  databases: readonly ForecastDatabase[];
  rates: Rates;
  /** The machines that upload. @default one */
  runners?: number;
  /** @default what Pulumi does on four processors */
  uploadsAtOnce?: number;
  quota?: { perDay: number; usedAt: readonly number[] };
  nowMs: number;
}

/** How long one database takes by itself, without waiting for others. */
export interface DatabaseForecast {
  database: string;
  upload: Range;
  queue: Range;
  restore: Range;
  check: Range;
  /** From now on until its check has ended, among all the others. */
  end: Range;
  /** All its stages, likely: seconds. */
  alone: number;
}

export interface Forecast {
  databases: DatabaseForecast[];
  /** From now on until the last check has ended. */
  fleet: Range;
}

const SEED = 20;
/** Simulated databases in total; more of them for a small fleet cost nothing. */
const WORK = 40_000;
const [FEWEST_RUNS, MOST_RUNS] = [25, 200];

/** Forecasts a fleet by simulating it with rates that differ as much as what is known about them. Pure: the same facts give the same forecast. */
export function forecast(input: ForecastInput): Forecast {
  const { databases, rates, runners = 1, uploadsAtOnce = ASSUMED.uploadsAtOnce, quota } = input;
  const random = seededRandom(SEED);
  const left = databases.map((database) => jobLeft(database, input));
  const equal = new Array<number>(runners).fill(1);
  const shares = spread(
    left.map(({ uploadBytes }) => uploadBytes),
    equal,
  );
  const count = Math.min(MOST_RUNS, Math.max(FEWEST_RUNS, Math.round(WORK / Math.max(1, databases.length))));
  const runs: SimulatedTimes[][] = [];
  for (let round = 0; round < count; round += 1) {
    const shared = drawShared(rates, random);
    const jobs = left.map((job, index) => ({ ...job.draw(shared, random), runner: shares[index] ?? 0 }));
    const bytesPerSecond = equal.map(() => rates.upload.bytesPerSecond * shared.upload);
    runs.push(simulate(jobs, { runners: bytesPerSecond, uploadsAtOnce, restoresAtOnce: shared.restoresAtOnce, quota }));
  }
  return {
    fleet: rangeOf(runs.map(endOf)),
    databases: databases.map((database, index) => ({
      ...stagesOf(database, rates),
      end: rangeOf(runs.map((times) => times[index]?.checked ?? 0)),
    })),
  };
}

function drawShared({ upload, restore, check, restoresAtOnce }: Rates, random: () => number): SharedFactors {
  const factor = (uncertainty: number) => Math.exp(normal(random) * uncertainty);
  const { least, likely, most } = restoresAtOnce;
  const draw = random();
  return {
    upload: factor(upload.uncertainty),
    restore: factor(restore.uncertainty),
    check: factor(check.uncertainty),
    restoresAtOnce: draw < 0.25 ? least : draw < 0.75 ? likely : most,
  };
}

function stagesOf(database: ForecastDatabase, rates: Rates): Omit<DatabaseForecast, "end"> {
  const { backupBytes, mustUpload } = database;
  const bytes = database[rates.sizedBy];
  const uploadSeconds = mustUpload ? backupBytes / rates.upload.bytesPerSecond : 0;
  const upload = around(uploadSeconds, [1], rates.upload.uncertainty);
  const queue = around(rates.queueSeconds, [0.5, 1, 2], 0);
  const restore = around(stageSeconds(rates.restore, bytes), rates.restore.ratios, rates.restore.uncertainty);
  const check = around(stageSeconds(rates.check, bytes), rates.check.ratios, rates.check.uncertainty);
  const alone = upload.likely + queue.likely + restore.likely + check.likely;
  return { database: database.database, upload, queue, restore, check, alone };
}

/** The range of a modelled duration: what differs between databases, and what is not known about all of them. */
function around(seconds: number, ratios: readonly number[], uncertainty: number): Range {
  const { low, high } = rangeOf(ratios);
  const spreadOut = (ratio: number) => Math.exp(Math.hypot(Math.log(ratio), 1.2816 * uncertainty));
  return { low: seconds / spreadOut(low), likely: seconds, high: seconds * spreadOut(high) };
}
