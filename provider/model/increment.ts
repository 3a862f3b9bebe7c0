import { z } from "zod";

const decimal = z.string().regex(/^\d{1,40}$/);

/** A differential or log backup as `check` lists it. Plans, the cutover's guard and messages use it instead of the file. */
export const incrementSchema = z.strictObject({
  /** Its location: a path, or `oss://bucket/key`. */
  file: z.string(),
  /** The program names this file itself; absent for a file found in a folder or prefix. */
  named: z.literal(true).optional(),
  type: z.enum(["DIFF", "LOG"]),
  sizeBytes: z.number(),
  /** Modification time of the file or object; UTC, ISO 8601. */
  modifiedAt: z.string(),
  setGuid: z.string(),
  firstLsn: decimal,
  lastLsn: decimal,
  /** For a differential: BackupSetGUID and CheckpointLSN of its base, the full backup. */
  baseGuid: z.string().optional(),
  baseLsn: decimal.optional(),
  /** Recovery forks, newest first: the backup's own fork, then the fork from which it branched. */
  forks: z.array(z.strictObject({ id: z.string(), endLsn: decimal })).optional(),
  /** BackupStartDate and BackupFinishDate, the source server's local time. */
  startedAt: z.string().optional(),
  finishedAt: z.string().optional(),
  /** Taken WITH NORECOVERY, which closed the source database. */
  tail: z.literal(true).optional(),
  /** States of the source that the restored database inherits. */
  readOnly: z.literal(true).optional(),
  singleUser: z.literal(true).optional(),
});

export type Increment = z.infer<typeof incrementSchema>;

/** The facts of a full backup against which its increments are checked. */
export const chainStartSchema = z.strictObject({
  setGuid: z.string().nullable(),
  lastLsn: decimal,
  checkpointLsn: decimal.nullable(),
  forkId: z.string().nullable(),
  /** The database's identity in the header: name, family, server and creation date. */
  databaseName: z.string().nullable(),
  familyGuid: z.string().nullable(),
  serverName: z.string().nullable(),
  createdAt: z.string().nullable(),
  readOnly: z.literal(true).optional(),
  singleUser: z.literal(true).optional(),
});

export type ChainStart = z.infer<typeof chainStartSchema>;

/** The end of the chain of all files ever listed. It stays in the inputs, because the files may be deleted by now. */
export const chainEndSchema = z.strictObject({
  lsn: decimal,
  forkId: z.string().nullable(),
  /** Name of the last file, without its folder. `tail`: that file was taken WITH NORECOVERY. */
  file: z.string().optional(),
  tail: z.literal(true).optional(),
});

export type ChainEnd = z.infer<typeof chainEndSchema>;

/** The last segment of a path, key or URL. */
export const nameOfFile = (file: string): string => file.split(/[\\/]/).at(-1) ?? file;
