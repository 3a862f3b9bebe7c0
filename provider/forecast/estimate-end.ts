import { forecast } from "./forecast";
import type { ForecastDatabase } from "./forecast-database";
import { learnRates, type ObservedMigration, type Rates } from "./learn-rates";
import { learnUploadRate } from "./learn-upload-rate";
import type { Range } from "./range";
import { secondsOf, timeOf } from "./timeline";

/** A migration into an instance, as a run knows it. */
export interface FleetMember extends ObservedMigration, Pick<ForecastDatabase, "database" | "mustUpload"> {
  /** Online or failed: nothing is left of it. */
  hasEnded: boolean;
}

/** From now on until databases are online; seconds. */
export interface EndEstimate {
  fleet: Range;
  databases: ReadonlyMap<string, Range>;
}

/**
 * Estimates when the migrations of an instance end. Undefined when none is left, and before any restore has finished: an assumed rate is
 * off by up to half, which a clock time would hide.
 * @param startMs when the run began: its own uploads count before those of earlier runs
 */
export function estimateEnd(
  members: readonly FleetMember[],
  { startMs, nowMs }: { startMs: number; nowMs: number },
): EndEstimate | undefined {
  const left = members.filter(({ hasEnded }) => !hasEnded);
  if (left.length === 0 || !members.some(hasRestored)) return undefined;
  // One that an earlier run began may have no known size of its restored files.
  const isSized = left.every(({ restoredBytes = 0 }) => restoredBytes > 0);
  const observed = isSized ? members : members.map((member) => ({ ...member, restoredBytes: undefined }));
  const rates = learnRates({ runs: [observed], nowMs });
  const sending = left.filter((member) => member.sending !== undefined);
  const waiting = left.filter((member) => member.sending === undefined);
  const { online, databases } = forecast({
    // Uploads are simulated in their order, and those that run come first.
    databases: [...sending, ...waiting].map((member) => ({ ...member, restoredBytes: member.restoredBytes ?? 0 })),
    rates: withUploadsSince(startMs, observed, rates),
    uploadsAtOnce: sending.length === 0 ? undefined : sending.length,
    nowMs,
  });
  return { fleet: online, databases: new Map(databases.map((each) => [each.database, each.online])) };
}

const hasRestored = ({ timeline, hasFailed }: FleetMember): boolean =>
  hasFailed !== true && secondsOf(timeline, "restoreStartedAt", "endedAt") !== undefined;

function withUploadsSince(startMs: number, members: readonly FleetMember[], rates: Rates): Rates {
  const own = members.filter(
    ({ sending, timeline }) => sending !== undefined || timeOf(timeline, "uploadStartedAt") >= startMs,
  );
  const upload = learnUploadRate([own]);
  return upload.samples === 0 ? rates : { ...rates, upload };
}
