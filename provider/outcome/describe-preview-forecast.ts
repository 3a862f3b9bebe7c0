import { describeForecast, describeRates } from "../forecast/describe-forecast";
import { forecast } from "../forecast/forecast";
import { learnRates } from "../forecast/learn-rates";
import { DAILY_LIMITS } from "../model/daily-limits";
import type { NewDatabase } from "../model/new-database";
import type { Member } from "../model/outcome";
import { isUnknown } from "../model/unknown";

/** What a preview knows of the databases that it adds, and of those that were migrated before. */
export interface ForecastFacts {
  added: readonly NewDatabase[];
  members: readonly Pick<Member, "sizeBytes" | "timeline" | "status">[];
  nowMs: number;
}

/**
 * Returns one sentence about how long the databases that a preview adds will take, with what that is computed from: rates of the
 * members that have been migrated, else assumptions. Undefined when nothing is added.
 */
export function describePreviewForecast({ added, members, nowMs }: ForecastFacts): string | undefined {
  if (added.length === 0) return undefined;
  const records = members.flatMap(({ sizeBytes, timeline, status }) =>
    timeline === undefined || isUnknown(timeline) || isUnknown(sizeBytes) || timeline.endedAt === undefined
      ? []
      : [{ backupBytes: sizeBytes ?? 0, timeline, hasFailed: status === "failed" }],
  );
  const rates = learnRates({ runs: [records], nowMs });
  const databases = added.map(({ database, dataBytes, logBytes, backupBytes, isInBucket }) => ({
    ...{ database, backupBytes, restoredBytes: dataBytes + logBytes, mustUpload: isInBucket !== true },
  }));
  const quota = { perDay: DAILY_LIMITS.perInstance, usedAt: [] };
  const times = describeForecast(forecast({ databases, rates, quota, nowMs }), databases);
  return `forecast: ${times} (${describeRates(rates).join("; ")})`;
}
