import { createHash } from "node:crypto";
import { z } from "zod";
import { nameKey } from "../model/names";

/**
 * The content of a submission lock: a small object that a run writes beside the backup before it sends CreateMigrateTask,
 * which takes no client token. Any other run, at the same time or after a kill, learns from it that a task may exist, and
 * from the task id which one.
 */
export interface StoredLock {
  instanceId: string;
  databaseName: string;
  /** Of the object that the task restores; CRC-64/XZ as unsigned decimal. */
  crc64?: string;
  /** By the writer's clock, UTC, ISO 8601. Only for people: every decision uses the clock of OSS. */
  claimedAt: string;
  /** Unique to each acquisition: a run recognises its own lock when the reply to its PutObject was lost. */
  writer: string;
  /** Added when CreateMigrateTask has answered. */
  taskId?: string;
}

/** What a lock protects: the migration of one object into one destination. */
export interface LockTarget {
  bucket: string;
  objectKey: string;
  instanceId: string;
  databaseName: string;
}

/** Unknown members are ignored: a later version may add some. */
const lockSchema = z.object({
  instanceId: z.string(),
  databaseName: z.string(),
  crc64: z.string().optional(),
  claimedAt: z.string(),
  writer: z.string(),
  taskId: z.string().regex(/^\d+$/).optional(),
});

const DESTINATION_HEX_DIGITS = 16;

/**
 * The key of a lock: the object's key and a hash of the destination, because one object may be migrated into several.
 * SQL Server compares database names without case. An expired lock is not deleted but followed by the next fencing number:
 * of two runs that find it expired only one can write the successor, whereas one could delete what the other has just written.
 */
export function lockKey({ objectKey, instanceId, databaseName }: LockTarget, fencingNumber: number): string {
  const destination = createHash("sha256")
    .update(`${instanceId}/${nameKey(databaseName)}`)
    .digest("hex");
  const suffix = fencingNumber === 1 ? "" : `-${fencingNumber}`;
  return `${objectKey}.${destination.slice(0, DESTINATION_HEX_DIGITS)}${suffix}.claim`;
}

const LOCK_KEY = new RegExp(`\\.[0-9a-f]{${DESTINATION_HEX_DIGITS}}(-\\d+)?\\.claim$`);

/** Whether the object of that key is a submission lock and not a file that a person put into the folder. */
export const isLockKey = (key: string): boolean => LOCK_KEY.test(key);

export const formatLock = (lock: StoredLock): string => `${JSON.stringify(lock, undefined, 2)}\n`;

/** Undefined for anything that is not a lock; only its age counts then. */
export function parseLock(text: string): StoredLock | undefined {
  try {
    return lockSchema.parse(JSON.parse(text));
  } catch {
    return undefined;
  }
}
