import { DAILY_LIMITS } from "../model/daily-limits";
import type { MigrateTask } from "../model/migrate-task";
import { isSameName } from "../model/names";
import { type Finding, shared, warningOf } from "./finding";

const DAY_MS = 24 * 3_600_000;

export interface QuotaInput {
  instance: string;
  database: string;
  /** Listed tasks. RDS lists tasks of full backups only, so the true count may be higher. */
  tasks: readonly Pick<MigrateTask, "databaseName" | "createdAtMs">[];
  /** Migrations that this run adds to the instance, this one included. */
  added: number;
  nowMs: number;
}

/** The tasks that may count for today's quotas. */
export const tasksOfLastDay = <T extends Pick<MigrateTask, "createdAtMs">>(tasks: readonly T[], nowMs: number): T[] =>
  tasks.filter(({ createdAtMs }) => createdAtMs > nowMs - DAY_MS);

/**
 * Checks the daily quotas. The time zone of the day is not documented; the last 24 hours contain at least as many tasks
 * as the current calendar day of any time zone. Warnings only, because quotas reset by themselves.
 */
export function checkQuota({ instance, database, tasks, added, nowMs }: QuotaInput): Finding[] {
  const recent = tasksOfLastDay(tasks, nowMs);
  const ofDatabase = recent.filter(({ databaseName }) => isSameName(databaseName, database));
  const { perDatabase, perInstance } = DAILY_LIMITS;
  const findings: Finding[] = [];
  if (ofDatabase.length >= perDatabase)
    findings.push(warningOf("QUOTA_DATABASE", { instance, database, used: ofDatabase.length, most: perDatabase }));
  const used = recent.length;
  const isFirstTooMany = used + added > perInstance && (added === 1 || used + added - 1 <= perInstance);
  if (isFirstTooMany) findings.push(shared(warningOf("QUOTA_INSTANCE", { instance, used, added, most: perInstance })));
  return findings;
}
