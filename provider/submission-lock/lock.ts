import { createHash } from "node:crypto";
import { z } from "zod";

/**
 * The note that a run leaves beside the object before it sends CreateMigrateTask, which takes no client token: whoever
 * comes next, after a kill or at the same time, knows by it that a task may be under way, and by its id which one.
 */
export interface Claim {
  instanceId: string;
  databaseName: string;
  /** Of the object that the task restores; CRC-64/XZ as unsigned decimal. */
  crc64?: string;
  /** By the writer's clock, UTC, ISO 8601. For people: what is decided goes by the clock of OSS. */
  claimedAt: string;
  /** Of this very writing: by it a run knows its own claim again when the reply to its PutObject was lost. */
  writer: string;
  /** Added when CreateMigrateTask has answered. */
  taskId?: string;
}

/** Where a claim stands: which destination of which object, and the how-manieth claim it is. */
export interface LockTarget {
  bucket: string;
  objectKey: string;
  instanceId: string;
  databaseName: string;
}

/** Unknown members are left alone: a later version may add some. */
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
 * The key of a claim: the object's, with a mark of the destination, because one object may be migrated into several.
 * SQL Server compares database names without case. A claim that is void is not deleted but followed by the next one: two
 * runs that both find it void cannot both write its successor, whereas one could delete what the other has just written.
 */
export function lockKey({ objectKey, instanceId, databaseName }: LockTarget, generation: number): string {
  const destination = createHash("sha256").update(`${instanceId}/${databaseName.toLowerCase()}`).digest("hex");
  const suffix = generation === 1 ? "" : `-${generation}`;
  return `${objectKey}.${destination.slice(0, DESTINATION_HEX_DIGITS)}${suffix}.claim`;
}

const LOCK_KEY = new RegExp(`\\.[0-9a-f]{${DESTINATION_HEX_DIGITS}}(-\\d+)?\\.claim$`);

/** Whether an object of that key is a claim, and so nothing that anybody put into the folder. */
export const isLockKey = (key: string): boolean => LOCK_KEY.test(key);

export const formatLock = (claim: Claim): string => `${JSON.stringify(claim, undefined, 2)}\n`;

/** Undefined for anything that is no claim: it then counts by its age alone. */
export function parseLock(text: string): Claim | undefined {
  try {
    return lockSchema.parse(JSON.parse(text));
  } catch {
    return undefined;
  }
}
