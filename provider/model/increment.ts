import { z } from "zod";

const decimal = z.string().regex(/^\d{1,40}$/);

/** A differential or log backup as `check` lists it: what plans, guards and shows it without the file. */
export const incrementSchema = z.strictObject({
  /** As it is reached: a path, or `oss://bucket/key`. */
  file: z.string(),
  /** It stands in the program by its own name; absent for one that a folder or prefix held. */
  named: z.literal(true).optional(),
  type: z.enum(["DIFF", "LOG"]),
  sizeBytes: z.number(),
  /** When the file was written last, as the runner or the bucket sees it; UTC, ISO 8601. */
  modifiedAt: z.string(),
  setGuid: z.string(),
  firstLsn: decimal,
  lastLsn: decimal,
  /** Of a differential: BackupSetGUID and CheckpointLSN of the full backup that it is based on. */
  baseGuid: z.string().optional(),
  baseLsn: decimal.optional(),
  /** Newest first: the recovery fork that the backup is of, then the one that was left for it. */
  forks: z.array(z.strictObject({ id: z.string(), endLsn: decimal })).optional(),
  /** BackupStartDate and BackupFinishDate, the source server's local time. */
  startedAt: z.string().optional(),
  finishedAt: z.string().optional(),
  /** Taken WITH NORECOVERY: the source was closed by it. */
  tail: z.literal(true).optional(),
  /** States of the source that the restored database inherits. */
  readOnly: z.literal(true).optional(),
  singleUser: z.literal(true).optional(),
});

export type Increment = z.infer<typeof incrementSchema>;

/** The facts of a full backup that its increments are compared with. */
export const chainStartSchema = z.strictObject({
  setGuid: z.string().nullable(),
  lastLsn: decimal,
  checkpointLsn: decimal.nullable(),
  forkId: z.string().nullable(),
  /** Which database it is of: its name, family, server and creation date in the header. */
  databaseName: z.string().nullable(),
  familyGuid: z.string().nullable(),
  serverName: z.string().nullable(),
  createdAt: z.string().nullable(),
  readOnly: z.literal(true).optional(),
  singleUser: z.literal(true).optional(),
});

export type ChainStart = z.infer<typeof chainStartSchema>;

/** How far the files that were ever listed reach. They may be gone by now, so it stays in the inputs. */
export const chainEndSchema = z.strictObject({
  lsn: decimal,
  forkId: z.string().nullable(),
  /** The last segment of the name of the file that ends it, and what that file proves of the source. */
  file: z.string().optional(),
  tail: z.literal(true).optional(),
});

export type ChainEnd = z.infer<typeof chainEndSchema>;

/** The last segment of a path, key or URL. */
export const nameOfFile = (file: string): string => file.split(/[\\/]/).at(-1) ?? file;
