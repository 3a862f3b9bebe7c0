import { programError } from "./program-error";

/** Days, counted by OSS from the beginning of an upload or the last change of an object. */
export interface BackupLifetimes {
  abortUploadsAfterDays?: number;
  expireBackupsAfterDays?: number;
}

const MIN_DAYS = 7;
const DEFAULT_ABORT_DAYS = 7;

/**
 * The bucket's one lifecycle rule; two whose prefixes overlap OSS takes only on request (alicloud.oss.Bucket,
 * `lifecycleRuleAllowSameActionOverlap`).
 * @throws `INPUT_INVALID` for days below a week, at which a resumed upload or a waiting migration would lose what it needs
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
