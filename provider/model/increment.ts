import { z } from "zod";
import type { BackupSet } from "../backup/backup-file";
import type { ChainMember, RestoreFacts, RestorePoint } from "../backup/restore-path";

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

/** An increment as the planner of chains takes it. */
export interface IncrementMember extends ChainMember<RestoreFacts> {
  increment: Increment;
}

const lsn = (text: string | null | undefined): bigint | null =>
  text === null || text === undefined ? null : BigInt(text);

export function memberOf(increment: Increment): IncrementMember {
  const { file, type, forks = [] } = increment;
  return {
    file,
    increment,
    set: {
      BackupType: type === "DIFF" ? 5 : 2,
      FirstLSN: lsn(increment.firstLsn),
      LastLSN: lsn(increment.lastLsn),
      CheckpointLSN: null,
      DatabaseBackupLSN: lsn(increment.baseLsn),
      BackupSetGUID: increment.setGuid,
      RecoveryForkID: forks[0]?.id ?? null,
      DifferentialBaseGUID: increment.baseGuid ?? null,
      forks: forks.map(({ id, endLsn }) => ({ RecoveryForkID: id, EndLSN: BigInt(endLsn) })),
    },
  };
}

/** The last segment of a path, key or URL. */
export const nameOfFile = (file: string): string => file.split(/[\\/]/).at(-1) ?? file;

/** A backup set that was read, as an increment; undefined when its header leaves out what a chain needs. */
export function incrementOf(
  set: BackupSet,
  file: Pick<Increment, "file" | "named" | "sizeBytes" | "modifiedAt">,
): Increment | undefined {
  const { FirstLSN, LastLSN, BackupSetGUID, BackupType } = set;
  if (FirstLSN === null || LastLSN === null || BackupSetGUID === null) return undefined;
  const isDifferential = BackupType === 5;
  return {
    ...file,
    type: isDifferential ? "DIFF" : "LOG",
    setGuid: BackupSetGUID,
    firstLsn: FirstLSN.toString(),
    lastLsn: LastLSN.toString(),
    ...(isDifferential && set.DifferentialBaseGUID !== null ? { baseGuid: set.DifferentialBaseGUID } : {}),
    ...(isDifferential && set.DatabaseBackupLSN !== null ? { baseLsn: set.DatabaseBackupLSN.toString() } : {}),
    ...(set.forks.length === 0
      ? {}
      : { forks: set.forks.map(({ RecoveryForkID, EndLSN }) => ({ id: RecoveryForkID, endLsn: EndLSN.toString() })) }),
    ...(set.BackupStartDate === null ? {} : { startedAt: set.BackupStartDate }),
    ...(set.BackupFinishDate === null ? {} : { finishedAt: set.BackupFinishDate }),
    ...(set.HasNoRecovery === true ? { tail: true } : {}),
    ...(set.IsReadOnly === true ? { readOnly: true } : {}),
    ...(set.IsSingleUser === true ? { singleUser: true } : {}),
  };
}

/** The full backup that was read, as the start of a chain; undefined when its header does not tell its LSNs. */
export function chainStartOf(set: BackupSet | undefined): ChainStart | undefined {
  if (set === undefined || set.LastLSN === null) return undefined;
  return {
    setGuid: set.BackupSetGUID,
    lastLsn: set.LastLSN.toString(),
    checkpointLsn: set.CheckpointLSN?.toString() ?? null,
    forkId: set.RecoveryForkID,
    databaseName: set.DatabaseName,
    familyGuid: set.FamilyGUID,
    serverName: set.ServerName,
    createdAt: set.DatabaseCreationDate,
    ...(set.IsReadOnly === true ? { readOnly: true } : {}),
    ...(set.IsSingleUser === true ? { singleUser: true } : {}),
  };
}

/** Where a database stands that was restored from this full backup, or that has come to `lsn` since. */
export const pointOf = (start: ChainStart, reached?: { lsn: string; forkId: string | null }): RestorePoint => ({
  lsn: BigInt(reached?.lsn ?? start.lastLsn),
  forkId: reached?.forkId ?? start.forkId,
  full: { setGuid: start.setGuid, checkpointLsn: lsn(start.checkpointLsn) },
});

/** Whether a backup set is of the database that the chain started with: by family where known, else by server and creation. */
export function isOfChain(start: ChainStart, set: BackupSet): boolean {
  const sameServer = start.serverName !== null && start.serverName.toLowerCase() === set.ServerName?.toLowerCase();
  if (start.familyGuid === null || set.FamilyGUID === null)
    return (
      start.databaseName?.toLowerCase() === set.DatabaseName?.toLowerCase() &&
      sameServer &&
      start.createdAt === set.DatabaseCreationDate
    );
  // A copy that went its own way on another server keeps the family, but neither its fork nor its server.
  const sameFork = start.forkId !== null && set.forks.some(({ RecoveryForkID }) => RecoveryForkID === start.forkId);
  return start.familyGuid === set.FamilyGUID && (sameFork || sameServer);
}
