import { ASSUMED, LEAST_UNCERTAINTY } from "./assumptions";
import type { ForecastDatabase, SharedRates } from "./forecast-database";
import { jobLeft } from "./job-left";
import type { Rates } from "./learn-rates";
import { normal, seededRandom } from "./random";
import { type Range, rangeOf } from "./range";
import { endOf, simulate } from "./simulate";
import { spread } from "./simulate-uploads";
import type { SimulatedTimes } from "./simulated-job";
import { type Fit, fitAt, stageRange } from "./stage-model";

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
  restore: Range;
  check: Range;
  /** From now on until it is online, among all the others. */
  online: Range;
  /** From now on until its check has ended, among all the others. */
  end: Range;
  /** All its stages, likely: seconds. */
  alone: number;
}

export interface Forecast {
  databases: DatabaseForecast[];
  /** From now on until the last database is online. */
  online: Range;
  /** From now on until the last check has ended. */
  fleet: Range;
}

/** A tenth of a normal distribution is further from its middle than so many standard deviations. */
const TENTH_DEVIATIONS = 1.2816;
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
    const bytesPerSecond = equal.map(() => shared.upload);
    runs.push(simulate(jobs, { runners: bytesPerSecond, uploadsAtOnce, restoresAtOnce: shared.restoresAtOnce, quota }));
  }
  return {
    online: rangeOf(runs.map((times) => Math.max(0, ...times.map(({ ended }) => ended)))),
    fleet: rangeOf(runs.map(endOf)),
    databases: databases.map((database, index) => ({
      ...stagesOf(database, rates),
      online: rangeOf(runs.map((times) => times[index]?.ended ?? 0)),
      end: rangeOf(runs.map((times) => times[index]?.checked ?? 0)),
    })),
  };
}

function drawShared({ upload, restore, check, restoresAtOnce }: Rates, random: () => number): SharedRates {
  const { least, likely, most } = restoresAtOnce;
  const draw = random();
  const varied = (fit: Fit): Fit => {
    const factor = Math.exp(normal(random) * LEAST_UNCERTAINTY);
    return {
      ...fit,
      overheadSeconds: fit.overheadSeconds * factor,
      secondsPerByte: fit.secondsPerByte * factor,
    };
  };
  return {
    upload: upload.bytesPerSecond * Math.exp(normal(random) * upload.uncertainty),
    restore: varied(fitAt(restore, random())),
    check: varied(fitAt(check, random())),
    restoresAtOnce: draw < 0.25 ? least : draw < 0.75 ? likely : most,
  };
}

function stagesOf(database: ForecastDatabase, rates: Rates): Omit<DatabaseForecast, "online" | "end"> {
  const { backupBytes, mustUpload } = database;
  const bytes = database[rates.sizedBy];
  const seconds = mustUpload ? backupBytes / rates.upload.bytesPerSecond : 0;
  const factor = Math.exp(TENTH_DEVIATIONS * rates.upload.uncertainty);
  const upload = { low: seconds / factor, likely: seconds, high: seconds * factor };
  const restore = stageRange(rates.restore, bytes);
  const check = stageRange(rates.check, bytes);
  const alone = upload.likely + rates.queueSeconds + restore.likely + check.likely;
  return { database: database.database, upload, restore, check, alone };
}
