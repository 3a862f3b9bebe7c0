import type { Timeline } from "../model/outputs";
import { ASSUMED } from "./assumptions";
import { learnRestoresAtOnce, type RestoresAtOnce } from "./learn-restores-at-once";
import { learnUploadRate, type UploadRate } from "./learn-upload-rate";
import { quantile } from "./range";
import { fitStage, type Sample, type StageModel } from "./stage-model";
import { secondsOf } from "./timeline";

/** A migration as a state recorded it. */
export interface MigrationRecord {
  /** Size of the backup file. */
  backupBytes: number;
  /** Size of the restored files, where it is known. */
  restoredBytes?: number;
  timeline: Timeline;
  hasFailed?: boolean;
}

/** The size that a restore is modelled by. */
export type RestoreSize = "restoredBytes" | "backupBytes";

/** What a forecast computes with. */
export interface Rates {
  upload: UploadRate;
  /** Seconds until the service works on a task when no other task is in its way. */
  queueSeconds: number;
  queueSamples: number;
  restore: StageModel;
  check: StageModel;
  sizedBy: RestoreSize;
  restoresAtOnce: RestoresAtOnce;
}

/**
 * Learns rates from finished migrations.
 * @param runs the migrations of each machine or stack, because uploads of one machine share its network
 * @param tasks restores without a timeline: tasks of the service's last week
 */
export function learnRates(runs: readonly (readonly MigrationRecord[])[], tasks: readonly Sample[] = []): Rates {
  const records = runs.flat().filter(({ hasFailed }) => hasFailed !== true);
  const restored = records.filter(({ timeline }) => secondsOf(timeline, "restoreStartedAt", "endedAt") !== undefined);
  // A rate of another size than the one that is forecast would be wrong by the compression.
  const sizedBy: RestoreSize =
    restored.length > 0 && restored.every(({ restoredBytes = 0 }) => restoredBytes > 0)
      ? "restoredBytes"
      : restored.length + tasks.length === 0
        ? "restoredBytes"
        : "backupBytes";
  const samplesOf = (from: keyof Timeline, to: keyof Timeline): Sample[] =>
    records.flatMap(({ timeline, backupBytes, restoredBytes }) => {
      const seconds = secondsOf(timeline, from, to);
      const bytes = sizedBy === "restoredBytes" ? (restoredBytes ?? 0) : backupBytes;
      return seconds === undefined ? [] : [{ seconds, bytes }];
    });
  const restores = samplesOf("restoreStartedAt", "endedAt");
  const waits = records
    .flatMap(({ timeline }) => secondsOf(timeline, "submittedAt", "restoreStartedAt") ?? [])
    .sort((one, other) => one - other);
  return {
    upload: learnUploadRate(runs.map((each) => each.filter(({ hasFailed }) => hasFailed !== true))),
    queueSeconds: waits.length === 0 ? ASSUMED.queueSeconds : quantile(waits, 0.1),
    queueSamples: waits.length,
    restore: fitStage(restores.length > 0 ? restores : tasks, ASSUMED.restoreBytesPerSecond),
    check: fitStage(samplesOf("endedAt", "checkedAt"), ASSUMED.checkBytesPerSecond),
    sizedBy,
    restoresAtOnce: learnRestoresAtOnce(records.map(({ timeline }) => timeline)),
  };
}
