import type { Timeline } from "../model/outputs";
import { ASSUMED } from "./assumptions";
import type { Sending } from "./forecast-database";
import { learnRestoresAtOnce, type RestoresAtOnce } from "./learn-restores-at-once";
import { learnUploadRate, type UploadRate } from "./learn-upload-rate";
import { quantile } from "./range";
import { fitStage, type Sample, type StageModel } from "./stage-model";
import { secondsOf, timeOf } from "./timeline";

/** A migration as a state recorded it. */
export interface ObservedMigration {
  /** Size of the backup file. */
  backupBytes: number;
  /** Size of the restored files, where it is known. */
  restoredBytes?: number;
  timeline: Timeline;
  /** What this run has sent of an upload that has not ended. */
  sending?: Sending;
  hasFailed?: boolean;
}

/** The size that a restore is modelled by. */
export type RestoreSize = "restoredBytes" | "backupBytes";

/** What a forecast computes with. */
export interface Rates {
  upload: UploadRate;
  /** Seconds until the service works on a task when no other task is in its way. */
  queueSeconds: number;
  restore: StageModel;
  check: StageModel;
  sizedBy: RestoreSize;
  restoresAtOnce: RestoresAtOnce;
}

/** What rates are learnt from. */
export interface Experience {
  /** The migrations of each machine or stack, because uploads of one machine share its network. */
  runs: readonly (readonly ObservedMigration[])[];
  /** Restores without a timeline: tasks of the service's last week, by the size of the backup file. */
  tasks?: readonly Sample[];
  nowMs: number;
}

/** Learns rates from migrations, also from those that still run. */
export function learnRates({ runs, tasks = [], nowMs }: Experience): Rates {
  const working = runs.map((records) => records.filter(({ hasFailed }) => hasFailed !== true));
  const records = working.flat();
  const timelines = records.map(({ timeline }) => timeline);
  const sizedBy = sizeOf(records, tasks);
  const samplesOf = (from: keyof Timeline, to: keyof Timeline): Sample[] =>
    records.flatMap((record) => {
      const { timeline } = record;
      const bytes = record[sizedBy] ?? 0;
      const seconds = secondsOf(timeline, from, to);
      if (seconds !== undefined) return [{ bytes, seconds }];
      const startMs = timeOf(timeline, from);
      return startMs < nowMs ? [{ bytes, seconds: (nowMs - startMs) / 1000, isRunning: true }] : [];
    });
  const restores = samplesOf("restoreStartedAt", "endedAt");
  const waits = timelines
    .flatMap((timeline) => secondsOf(timeline, "submittedAt", "restoreStartedAt") ?? [])
    .sort((one, other) => one - other);
  return {
    upload: learnUploadRate(working),
    queueSeconds: waits.length === 0 ? ASSUMED.queueSeconds : quantile(waits, 0.1),
    restore: fitStage([...restores, ...tasks], ASSUMED.restore),
    check: fitStage(samplesOf("endedAt", "checkedAt"), ASSUMED.check),
    sizedBy,
    restoresAtOnce: learnRestoresAtOnce(timelines, nowMs),
  };
}

/** The size that is known of everything that rates are learnt from: compression makes the two differ. */
function sizeOf(records: readonly ObservedMigration[], tasks: readonly Sample[]): RestoreSize {
  const restored = records.filter(({ timeline }) => timeline.restoreStartedAt !== undefined);
  const isKnown = restored.every(({ restoredBytes = 0 }) => restoredBytes > 0);
  return isKnown && tasks.length === 0 ? "restoredBytes" : "backupBytes";
}
