import type { Timeline } from "../model/outputs";
import type { ForecastDatabase, SharedRates } from "./forecast-database";
import type { Rates } from "./learn-rates";
import { networkSeconds, type Sent } from "./network-seconds";
import type { SimulatedJob } from "./simulated-job";
import { type Fit, stageSeconds } from "./stage-model";
import { timeOf } from "./timeline";

/** What is left of one migration. */
interface JobLeft {
  uploadBytes: number;
  isRestoring: boolean;
  /** The job of one simulated run. */
  draw(
    shared: Pick<SharedRates, "restore" | "check">,
    random: () => number,
  ): Omit<SimulatedJob, "runner" | "uploadBytes">;
}

interface Circumstances {
  rates: Rates;
  nowMs: number;
}

/** A stage that has taken longer than any forecast of it is expected to take this share of its time again. */
const OVERDUE_SHARE = 0.1;
/** Tries to draw a duration that is longer than what has passed. */
const DRAWS = 8;

/** What is left of migrations, from what was observed of them. */
export function jobsLeft(databases: readonly ForecastDatabase[], circumstances: Circumstances): JobLeft[] {
  const sent = networkSeconds(databases.map((each) => sentUntil(each, circumstances.nowMs)));
  return databases.map((database, index) => jobLeft(database, sent[index] ?? 0, circumstances));
}

/** When its backup was on its way, until now. */
function sentUntil({ timeline = {} }: ForecastDatabase, nowMs: number): Sent {
  const startMs = timeOf(timeline, "uploadStartedAt") || nowMs;
  return { startMs, endMs: Math.max(startMs, timeOf(timeline, "uploadFinishedAt") || nowMs) };
}

/** @param sentSeconds the seconds of the whole network that its upload has had */
function jobLeft(database: ForecastDatabase, sentSeconds: number, { rates, nowMs }: Circumstances): JobLeft {
  const { timeline = {}, backupBytes, mustUpload, sending } = database;
  const since = (stage: keyof Timeline): number => Math.max(0, nowMs - timeOf(timeline, stage)) / 1000;
  const has = (stage: keyof Timeline): boolean => !Number.isNaN(timeOf(timeline, stage));
  const bytes = database[rates.sizedBy];
  const draw = (fit: Fit, ratios: readonly number[], random: () => number, passed: number): number => {
    const drawOne = () => stageSeconds(fit, bytes) * (ratios[Math.floor(random() * ratios.length)] ?? 1);
    return passed > 0 ? longerThan(passed, drawOne) : drawOne();
  };
  const isSent = !mustUpload || has("uploadFinishedAt") || has("submittedAt");
  const sentBytes = sentSeconds * rates.upload.bytesPerSecond;
  const uploadBytes = isSent
    ? 0
    : (sending?.leftBytes ?? Math.max(backupBytes - sentBytes, backupBytes * OVERDUE_SHARE));
  const isRestoring = has("restoreStartedAt");
  const hasEnded = has("endedAt");
  return {
    ...{ uploadBytes, isRestoring },
    draw: (shared, random) => ({
      isRestoring,
      queueSeconds: has("submittedAt") ? Math.max(0, rates.queueSeconds - since("submittedAt")) : rates.queueSeconds,
      restoreSeconds: hasEnded
        ? 0
        : draw(shared.restore, rates.restore.ratios, random, isRestoring ? since("restoreStartedAt") : 0),
      checkSeconds: has("checkedAt")
        ? 0
        : draw(shared.check, rates.check.ratios, random, hasEnded ? since("endedAt") : 0),
    }),
  };
}

/** What is left of a duration of which `passed` seconds have passed. */
function longerThan(passed: number, drawDuration: () => number): number {
  for (let tries = 0; tries < DRAWS; tries += 1) {
    const duration = drawDuration();
    if (duration > passed) return duration - passed;
  }
  return passed * OVERDUE_SHARE;
}
