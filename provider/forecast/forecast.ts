import { ASSUMED, LEAST_UNCERTAINTY } from "./assumptions";
import type { ForecastDatabase, SharedRates } from "./forecast-database";
import { jobsLeft } from "./job-left";
import { latinHypercube } from "./latin-hypercube";
import type { Rates } from "./learn-rates";
import { rateUncertainty } from "./learn-upload-rate";
import { normalQuantile, seededRandom } from "./random";
import { type Range, rangeOf } from "./range";
import { endOf, restoreOrder, simulateRestores } from "./simulate";
import { simulateUploads, spread } from "./simulate-uploads";
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
  const left = jobsLeft(databases, input);
  const equal = new Array<number>(runners).fill(1);
  const shares = spread(
    left.map(({ uploadBytes }) => uploadBytes),
    equal,
  );
  // All machines have the same rate, so that a run only stretches the uploads over a network of one byte per second.
  const stretched = simulateUploads(
    left.map(({ uploadBytes }, index) => ({ uploadBytes, runner: shares[index] ?? 0 })),
    { runners: equal, uploadsAtOnce },
  );
  const order = restoreOrder(left, stretched);
  const deviation = rateUncertainty(rates.upload, Math.max(0, ...stretched) / rates.upload.bytesPerSecond);
  const count = Math.min(MOST_RUNS, Math.max(FEWEST_RUNS, Math.round(WORK / Math.max(1, databases.length))));
  const runs = latinHypercube(count, UNKNOWNS, random).map((draws) => {
    const { upload, restoresAtOnce, ...shared } = drawShared(rates, deviation, draws);
    const jobs = left.map((job) => job.draw(shared, random));
    const uploaded = stretched.map((bytes) => bytes / upload);
    return simulateRestores(jobs, { uploaded, order, restoresAtOnce, quota });
  });
  return {
    online: rangeOf(runs.map((times) => times.reduce((latest, { ended }) => Math.max(latest, ended), 0))),
    fleet: rangeOf(runs.map(endOf)),
    databases: databases.map((database, index) => ({
      ...stagesOf(database, rates),
      online: rangeOf(runs.map((times) => times[index]?.ended ?? 0)),
      end: rangeOf(runs.map((times) => times[index]?.checked ?? 0)),
    })),
  };
}

/** What `drawShared` draws. */
const UNKNOWNS = 6;

/**
 * @param uploadDeviation of the logarithm of the network's rate
 * @param draws as many numbers from 0 to 1 as there are unknowns
 */
function drawShared(
  { upload, restore, check, restoresAtOnce }: Rates,
  uploadDeviation: number,
  draws: readonly number[],
): SharedRates {
  const [rate = 0.5, atOnce = 0.5, restoreFit = 0.5, restoreDrift = 0.5, checkFit = 0.5, checkDrift = 0.5] = draws;
  const { least, likely, most } = restoresAtOnce;
  const varied = (fit: Fit, drift: number): Fit => {
    const factor = Math.exp(normalQuantile(drift) * LEAST_UNCERTAINTY);
    return {
      ...fit,
      overheadSeconds: fit.overheadSeconds * factor,
      secondsPerByte: fit.secondsPerByte * factor,
    };
  };
  return {
    upload: upload.bytesPerSecond * Math.exp(normalQuantile(rate) * uploadDeviation),
    restore: varied(fitAt(restore, restoreFit), restoreDrift),
    check: varied(fitAt(check, checkFit), checkDrift),
    restoresAtOnce: atOnce < 0.25 ? least : atOnce < 0.75 ? likely : most,
  };
}

function stagesOf(database: ForecastDatabase, rates: Rates): Omit<DatabaseForecast, "online" | "end"> {
  const { backupBytes, mustUpload } = database;
  const bytes = database[rates.sizedBy];
  const seconds = mustUpload ? backupBytes / rates.upload.bytesPerSecond : 0;
  const factor = Math.exp(TENTH_DEVIATIONS * rateUncertainty(rates.upload, seconds));
  const upload = { low: seconds / factor, likely: seconds, high: seconds * factor };
  const restore = stageRange(rates.restore, bytes);
  const check = stageRange(rates.check, bytes);
  const alone = upload.likely + rates.queueSeconds + restore.likely + check.likely;
  return { database: database.database, upload, restore, check, alone };
}
