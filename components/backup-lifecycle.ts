import { programError } from "./program-error";

/** Numbers of days. OSS counts them from the start of an upload or the last change of an object. */
export interface BackupLifetimes {
  abortUploadsAfterDays?: number;
  expireBackupsAfterDays?: number;
}

const MIN_DAYS = 7;
const DEFAULT_ABORT_DAYS = 7;

/**
 * The bucket's only lifecycle rule. OSS accepts rules with overlapping prefixes only on request (alicloud.oss.Bucket,
 * `lifecycleRuleAllowSameActionOverlap`).
 * @throws `INPUT_INVALID` below 7 days: a resumed upload or a waiting migration would lose its data
 */
export function backupLifecycle({
  abortUploadsAfterDays = DEFAULT_ABORT_DAYS,
  expireBackupsAfterDays,
}: BackupLifetimes) {
  return {
    id: "backups",
    prefix: "",
    enabled: true,
    abortMultipartUploads: [{ days: checkedDays("abortUploadsAfterDays", abortUploadsAfterDays) }],
    ...(expireBackupsAfterDays === undefined
      ? {}
      : { expirations: [{ days: checkedDays("expireBackupsAfterDays", expireBackupsAfterDays) }] }),
  };
}

function checkedDays(property: keyof BackupLifetimes, days: number): number {
  if (Number.isSafeInteger(days) && days >= MIN_DAYS) return days;
  throw programError("INPUT_INVALID", {
    property,
    fault: `is ${days}, not a whole number of days from ${MIN_DAYS} on`,
    remedy: `Write ${MIN_DAYS} or more: an interrupted upload and a waiting migration need what would be deleted.`,
  });
}
