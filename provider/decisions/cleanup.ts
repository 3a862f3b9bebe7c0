import type { CheckDbMode, CleanupMode } from "../model/inputs";
import { isOssUrl } from "../model/location";
import type { ChainState, MigrationStatus } from "../model/outputs";

/** An object that this program uploaded. */
export interface UploadedObject {
  key: string;
  /** CRC-64/XZ of what was uploaded; without it nothing is deleted. */
  crc64?: string;
}

/** What is recorded of a migration, as far as its clean-up asks. */
export interface CleanupRecord {
  /** Absent for a database that was adopted without one. */
  backup?: string;
  status: MigrationStatus;
  objectKey?: string;
  objectCrc64?: string;
  chain?: ChainState;
  cleanedUp?: boolean;
}

/** The objects that a migration uploaded. What was named in a bucket is somebody else's, and stays. */
export function uploadedObjects({ backup, objectKey, objectCrc64, chain }: CleanupRecord): UploadedObject[] {
  const isUploaded = objectKey !== undefined && backup !== undefined && !isOssUrl(backup);
  const full = isUploaded ? [{ key: objectKey, crc64: objectCrc64 }] : [];
  // Of an increment that keeps its name it is not recorded whether it was uploaded; it stays.
  const increments = (chain?.files ?? [])
    .filter(({ type, source }) => type !== "FULL" && source !== undefined)
    .map(({ objectKey: key, crc64 }) => ({ key, crc64 }));
  return [...full, ...increments];
}

/** Whether objects are still to be deleted. */
export const isCleanupDue = (record: CleanupRecord, cleanup: CleanupMode | undefined): boolean =>
  cleanup === "afterOnline" &&
  record.status === "online" &&
  record.cleanedUp === undefined &&
  uploadedObjects(record).length > 0;

/** What DBCC CHECKDB has said of a restored database. */
export type DbccAnswer = "sound" | "damaged" | "none";

/**
 * Read from the task's words: an asynchronous check answers after Success, by "Success to DBCC checkdb asynchronously" or a
 * fault; a synchronous one comes before the database is opened, so that Success is its answer.
 * @see ApsaraDB RDS for SQL Server, Migrate full backup data
 */
export function dbccAnswer(
  { statusText = "", warnings }: { statusText?: string; warnings: readonly string[] },
  checkDb: CheckDbMode | undefined,
): DbccAnswer {
  if (warnings.some((warning) => warning.startsWith("ONLINE_DAMAGED:"))) return "damaged";
  return checkDb === "sync" || /success to DBCC checkdb/i.test(statusText) ? "sound" : "none";
}
