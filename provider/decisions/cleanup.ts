import type { CheckDbMode, CleanupMode } from "../model/inputs";
import { isOssUrl } from "../model/location";
import type { ChainState, MigrationStatus } from "../model/outputs";

/** An object that this program uploaded. */
export interface UploadedObject {
  key: string;
  /** CRC-64/XZ of the upload; without it the object is not deleted. */
  crc64?: string;
}

/** The part of a migration's state that the clean-up needs. */
export interface CleanupRecord {
  /** Absent for a database that was adopted without one. */
  backup?: string;
  status: MigrationStatus;
  objectKey?: string;
  objectCrc64?: string;
  chain?: ChainState;
  cleanedUp?: boolean;
}

/** The objects that a migration uploaded. Objects that the program names in a bucket belong to the user and stay. */
export function uploadedObjects({ backup, objectKey, objectCrc64, chain }: CleanupRecord): UploadedObject[] {
  const isUploaded = objectKey !== undefined && backup !== undefined && !isOssUrl(backup);
  const full = isUploaded ? [{ key: objectKey, crc64: objectCrc64 }] : [];
  // Whether an increment that keeps its name was uploaded is not recorded, so it stays.
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

/** Result of DBCC CHECKDB on a restored database. */
export type DbccAnswer = "sound" | "damaged" | "none";

/**
 * The result of DBCC CHECKDB from the task's description. An asynchronous check ends after Success, with "Success to
 * DBCC checkdb asynchronously" or a fault. A synchronous check runs before the database is opened, so Success is its
 * result.
 * @see ApsaraDB RDS for SQL Server, Migrate full backup data
 */
export function dbccAnswer(
  { statusText = "", warnings }: { statusText?: string; warnings: readonly string[] },
  checkDb: CheckDbMode | undefined,
): DbccAnswer {
  if (warnings.some((warning) => warning.startsWith("ONLINE_DAMAGED:"))) return "damaged";
  return checkDb === "sync" || /success to DBCC checkdb/i.test(statusText) ? "sound" : "none";
}
