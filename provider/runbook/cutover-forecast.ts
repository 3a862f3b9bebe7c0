import { ADVISED_LAST_LOG_BYTES } from "../decisions/cutover-notice";
import { ASSUMED } from "../forecast/assumptions";
import type { Rates } from "../forecast/learn-rates";
import { rateUncertainty } from "../forecast/learn-upload-rate";
import type { Range } from "../forecast/range";
import { endOf, simulate } from "../forecast/simulate";
import { fitStage, type StageModel, stageRange } from "../forecast/stage-model";
import type { CutoverDatabase } from "./cutover-database";

/** Opening one database; seconds. The vendor's example takes a minute. */
const OPENING: Range = { low: 30, likely: 60, high: 180 };
/** A tenth of a normal distribution is further from its middle than so many standard deviations. */
const TENTH_DEVIATIONS = 1.2816;

/** How long the service's steps of a cutover take. */
export class CutoverForecast {
  /** The files that were applied before the last log. */
  private readonly increments: StageModel;

  constructor(
    private readonly rates: Rates,
    databases: readonly CutoverDatabase[],
  ) {
    this.increments = fitStage(
      databases.flatMap(({ applied }) => applied),
      ASSUMED.restore,
    );
  }

  /** Increments behind the forecast; 0: it is assumed. */
  get samples(): number {
    return this.increments.samples;
  }

  /** Until the last log of every database is uploaded and applied. */
  applying(databases: readonly CutoverDatabase[]): Range {
    const { upload, restoresAtOnce, queueSeconds } = this.rates;
    // The last logs are sent within minutes.
    const spread = Math.exp(TENTH_DEVIATIONS * rateUncertainty(upload, 0));
    const rate = {
      low: upload.bytesPerSecond * spread,
      likely: upload.bytesPerSecond,
      high: upload.bytesPerSecond / spread,
    };
    const places = { low: restoresAtOnce.most, likely: restoresAtOnce.likely, high: restoresAtOnce.least };
    return rangeBy((bound) => {
      const jobs = databases.map(({ largestLogBytes: bytes = ADVISED_LAST_LOG_BYTES }) => ({
        ...{ uploadBytes: bytes, runner: 0, checkSeconds: 0 },
        // The time of an applied file contains its wait.
        queueSeconds: this.samples > 0 ? 0 : queueSeconds,
        restoreSeconds: stageRange(this.increments, bytes)[bound],
      }));
      const run = { runners: [rate[bound]], uploadsAtOnce: ASSUMED.uploadsAtOnce, restoresAtOnce: places[bound] };
      return endOf(simulate(jobs, run));
    });
  }

  /** Until every database is open, one after the other, each with DBCC CHECKDB where the program waits for it. */
  opening(databases: readonly CutoverDatabase[]): Range {
    return rangeBy((bound) =>
      databases.reduce(
        (sum, each) => sum + OPENING[bound] + (each.checkDb === "sync" ? this.checking(each)[bound] : 0),
        0,
      ),
    );
  }

  /** DBCC CHECKDB of one database. */
  checking({ backupBytes, restoredBytes = backupBytes }: CutoverDatabase): Range {
    return stageRange(this.rates.check, this.rates.sizedBy === "backupBytes" ? backupBytes : restoredBytes);
  }
}

const rangeBy = (secondsOf: (bound: keyof Range) => number): Range => ({
  low: secondsOf("low"),
  likely: secondsOf("likely"),
  high: secondsOf("high"),
});
