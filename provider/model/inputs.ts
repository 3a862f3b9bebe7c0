import { z } from "zod";
import { migrationError } from "../errors/migration-error";
import {
  type ArgumentRules,
  argumentFaults,
  duration,
  type InputFault,
  oneOf,
  parseArguments,
  parseKnown,
  requireDurationMs,
  text,
} from "./arguments";
import { chainEndSchema, chainStartSchema, type Increment, incrementSchema } from "./increment";
import { manifestFactsSchema } from "./manifest-facts";
import { nameKey } from "./names";
import type { PlainObject } from "./plain";
import { REGION } from "./scope";
import { SYSTEM_DATABASES } from "./system-databases";

/** How far one `up` goes before it returns. */
export const WAIT_POINTS = ["finished", "submitted"] as const;
export type WaitPoint = (typeof WAIT_POINTS)[number];

export const CHECK_DB_MODES = ["async", "sync"] as const;
export type CheckDbMode = (typeof CHECK_DB_MODES)[number];

export const DESTROY_MODES = ["keep", "stop"] as const;
export type DestroyMode = (typeof DESTROY_MODES)[number];

/** Whether the database keeps restoring, for increments, or is opened. Changes only from `restoring` to `online`. */
export const PHASES = ["restoring", "online"] as const;
export type Phase = (typeof PHASES)[number];

/** Whether a migration's uploaded objects are kept or deleted. */
export const CLEANUP_MODES = ["keep", "afterOnline"] as const;
export type CleanupMode = (typeof CLEANUP_MODES)[number];

export const DEFAULT_TIMEOUT = "5h";
export const DEFAULT_POLL_INTERVAL = "30s";

/** A bucket's name as OSS allows it. @see https://help.aliyun.com/en/oss/user-guide/bucket-naming-conventions */
const BUCKET_NAME = /^[a-z0-9][a-z0-9-]{1,61}[a-z0-9]$/;
/** The findings of `check` about a deferred migration. Nothing is sent for it until check has no findings. */
const refusal = z.strictObject({
  reasons: z.array(z.string()),
  /** Nothing was sent for the migration before, so the next check is a full one again. */
  isNew: z.boolean(),
});

export type Refusal = z.infer<typeof refusal>;

/** The wave that a migration belongs to, and the times between which it may begin: ISO 8601 with a zone; absent for no limit. */
const waveSchema = z.strictObject({
  name: z.string(),
  opensAt: z.string().optional(),
  closesAt: z.string().optional(),
});

const ADOPT_FAULT =
  "is neither true nor the id of a migration task\nWrite true, or the digits of a MigrateTaskId as a text; with increments, `<id>/<name of the last applied file>`.";

/** A MigrateTaskId, optionally with the last applied file, for when neither state nor service has it. */
const ADOPTED_TASK = /^(\d+)(?:\/(.+))?$/;

/** Returns the task in `adopt`, if it has one. */
export function adoptedTask({
  adopt,
}: Pick<MigrationInputs, "adopt">): { taskId: string; lastFile?: string } | undefined {
  const [, taskId, lastFile] = (typeof adopt === "string" ? ADOPTED_TASK.exec(adopt) : null) ?? [];
  if (taskId === undefined) return undefined;
  return lastFile === undefined ? { taskId } : { taskId, lastFile };
}

const BUCKET_REMEDY = "Give the name of the bucket.";
const BACKUP_REMEDY = "Give the path of the full backup, or oss://bucket/key.";

const bucketName = text(BUCKET_REMEDY).regex(BUCKET_NAME, {
  error:
    "is not the name of a bucket\nBucket names have 3 to 63 lowercase letters, digits and hyphens, and begin and end with a letter or digit.",
});

/** The arguments of a DatabaseMigration, as a program gives them. */
export const migrationArguments = z.strictObject({
  instanceId: text("Give the id of the destination instance, rm-….").regex(/^[A-Za-z0-9-]+$/, {
    error: "is not the id of an instance\nGive the id as the console shows it, rm-….",
  }),
  bucket: bucketName.optional(),
  backup: text(BACKUP_REMEDY).optional(),
  databaseName: text("Leave it out to take the name in the backup's header.")
    .max(128, { error: "has more than 128 characters\nSQL Server allows 128." })
    .refine((name) => !SYSTEM_DATABASES.has(nameKey(name)), {
      error: "is the name of a system database, which RDS does not let anybody restore\nChoose another name.",
    })
    .optional(),
  folder: z.string({ error: "is not a text\nGive a folder in the bucket." }).optional(),
  checkDb: oneOf(CHECK_DB_MODES).optional(),
  increments: z
    .union([z.string().min(1), z.array(z.string().min(1)), z.array(incrementSchema)], {
      error: "is neither a file, a folder or an oss:// prefix nor a list of them\nGive a text or a list of texts.",
    })
    .optional(),
  phase: oneOf(PHASES).optional(),
  cutover: z
    .strictObject({
      requireTailLog: z.boolean().optional(),
      final: text("Give the name of the file that is the last one.").optional(),
    })
    .optional(),
  minInterval: duration("1h").optional(),
  wait: oneOf(WAIT_POINTS).optional(),
  timeout: duration("5h").optional(),
  pollInterval: duration("30s").optional(),
  adopt: z
    .union([z.boolean(), z.string()], { error: ADOPT_FAULT })
    .refine((value) => typeof value === "boolean" || ADOPTED_TASK.test(value), { error: ADOPT_FAULT })
    .optional(),
  onDestroy: oneOf(DESTROY_MODES).optional(),
  cleanup: oneOf(CLEANUP_MODES).optional(),
  allowOverwrite: z.boolean({ error: "is neither true nor false\nWrite true or false." }).optional(),
  retryTrigger: text("Give a text, for example the date.").optional(),
  region: text('Give a region such as "cn-hangzhou".')
    .regex(REGION, {
      error: 'is not a region\nWrite it as in the console, for example "cn-hangzhou".',
    })
    .optional(),
  endpoint: text('Write "public", "internal", "accelerate" or a URL.').optional(),
  upload: z
    .strictObject({
      partSize: z.number().int().min(102_400).max(5_368_709_120).optional(),
      parallel: z.number().int().min(1).max(100).optional(),
      rateLimit: z.number().int().min(1).optional(),
    })
    .optional(),
  profile: text("Give the name of a profile of the aliyun CLI.").optional(),
  assumeRoleArn: text("Give the Arn of the role.")
    .regex(/^acs:ram::\d+:role\/.+$/, {
      error: "is not the Arn of a role\nWrite it as RAM shows it: acs:ram::<account>:role/<name>.",
    })
    .optional(),
  manifest: manifestFactsSchema.optional(),
  baseline: text("Give the path of the JSON that sql/baseline.sql printed.").optional(),
});

/** Inputs that this package adds to the program's arguments. */
const addedInputs = {
  /** Identity of the backup's content. Written by `check`. */
  backupId: z.string().optional(),
  chainStart: chainStartSchema.optional(),
  chainEnd: chainEndSchema.optional(),
  /** The program may create the bucket itself, so a preview may run before the bucket exists. */
  mayNotExistYet: z.boolean().optional(),
  roleMayNotExistYet: z.boolean().optional(),
  /** The migration belongs to an InstanceMigration: failures are recorded, and the outcome reports them. */
  deferred: z.boolean().optional(),
  /** Why the files that the program has found do not fit the database. An error for a new migration, a warning later. */
  discoveryFault: z.string().optional(),
  /** The name that a list or a manifest gives the backup's database on the source. */
  sourceName: z.string().optional(),
  refused: refusal.optional(),
  wave: waveSchema.optional(),
  /** Whether every database of the wave before is online. Unknown in a preview that changes that wave. */
  gatePassed: z.boolean().optional(),
  /** Why nothing is sent yet for a database whose wave has not begun. Written by `check`. */
  waitsFor: z.string().optional(),
  /** Patterns of files that are left out of the folders and prefixes in `increments`. */
  excludeFiles: z.array(z.string()).optional(),
};

export const ADDED_MIGRATION_INPUTS = Object.keys(addedInputs) as readonly (keyof typeof addedInputs)[];

const migrationInputs = migrationArguments.extend(addedInputs);

/** The checked inputs of a migration. Defaults are applied where an input is used, not here. */
export type MigrationInputs = z.infer<typeof migrationInputs>;

/** Inputs that only the run that sends something reads. The outputs of other versions have them. */
const UNREPEATED: ReadonlySet<string> = new Set<keyof MigrationInputs>([
  ...(["manifest", "sourceName", "baseline", "pollInterval", "upload", "wait"] as const),
]);

/**
 * Returns the inputs that the outputs repeat, because the engine hands `diff`, `read` and `delete` the outputs only. The engine stores
 * the inputs as well, and a state is written as a whole at each step of a run, so it must stay small.
 */
export const repeatedInputs = <T extends object>(inputs: T): T =>
  Object.fromEntries(Object.entries(inputs).filter(([name]) => !UNREPEATED.has(name))) as T;

/** Schema of the inputs. */
export const migrationInputsShape = migrationInputs.shape;

/** With `adopt` the database or its task exists already, so neither a bucket nor a backup is needed. */
function missingBackupInputs({ adopt, bucket, backup }: Partial<MigrationInputs>): InputFault[] {
  if (isAdopted({ adopt })) return [];
  return [
    ...(bucket === undefined ? [{ property: "bucket", fault: "is missing", remedy: BUCKET_REMEDY }] : []),
    ...(backup === undefined ? [{ property: "backup", fault: "is missing", remedy: BACKUP_REMEDY }] : []),
  ];
}

const MIGRATION: ArgumentRules<MigrationInputs> = {
  resource: "DatabaseMigration",
  schema: migrationInputs,
  crossField: missingBackupInputs,
};

/** Returns every fault of the arguments. Unknown values are checked at `up`. */
export const inputFaults = (news: PlainObject): InputFault[] => argumentFaults(MIGRATION, news);

/** Parses the inputs of a handler that gets no unknown values. @throws INPUT_INVALID naming the first fault */
export const parseInputs = (news: PlainObject): MigrationInputs => parseArguments(MIGRATION, news);

/** Returns the known inputs; unknown ones are checked at `up`. */
export const knownInputs = (news: PlainObject): Partial<MigrationInputs> => parseKnown(MIGRATION, news);

/** The bucket and the backup of a migration that uploads or locates one. @throws INPUT_INVALID where one is missing */
export function requireBackup({ bucket, backup }: Partial<MigrationInputs>): { bucket: string; backup: string } {
  if (bucket !== undefined && backup !== undefined) return { bucket, backup };
  const [fault] = missingBackupInputs({ bucket, backup });
  throw migrationError("INPUT_INVALID", fault ?? { property: "backup", fault: "is missing", remedy: BACKUP_REMEDY });
}

/** Returns the increments that `check` listed. Those it could not list are ignored. */
export function listedIncrements({ increments }: Pick<MigrationInputs, "increments">): Increment[] {
  if (!Array.isArray(increments)) return [];
  return increments.filter((each) => typeof each !== "string");
}

/** Whether the full backup is submitted so that differential and log backups can follow it. */
export const takesIncrements = ({ increments, phase }: Pick<MigrationInputs, "increments" | "phase">): boolean =>
  increments !== undefined || phase === "restoring";

export const phaseOf = ({ phase }: Pick<MigrationInputs, "phase">): Phase => phase ?? "online";

/** The longest that one `up` waits; milliseconds. */
export const timeoutMs = ({ timeout }: Pick<MigrationInputs, "timeout">): number =>
  requireDurationMs("timeout", timeout ?? DEFAULT_TIMEOUT);

/** The first pause between two polls; milliseconds. */
export const pollIntervalMs = ({ pollInterval }: Pick<MigrationInputs, "pollInterval">): number =>
  requireDurationMs("pollInterval", pollInterval ?? DEFAULT_POLL_INTERVAL);

/** Whether the migration adopts an existing database or task, so that its backup may be missing. */
export const isAdopted = ({ adopt }: Partial<MigrationInputs>): boolean => adopt !== undefined && adopt !== false;
