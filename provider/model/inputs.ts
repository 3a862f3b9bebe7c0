import { z } from "zod";
import { migrationError } from "../errors/migration-error";
import { parseDurationMs } from "./duration";
import { chainEndSchema, chainStartSchema, type Increment, incrementSchema } from "./increment";
import { manifestFactsSchema } from "./manifest-facts";
import { containsUnknown } from "./unknown";

/** How far one `up` goes before it returns. */
export const WAIT_POINTS = ["finished", "submitted"] as const;
export type WaitPoint = (typeof WAIT_POINTS)[number];

export const CHECK_DB_MODES = ["async", "sync"] as const;
export type CheckDbMode = (typeof CHECK_DB_MODES)[number];

export const DESTROY_MODES = ["keep", "stop"] as const;
export type DestroyMode = (typeof DESTROY_MODES)[number];

/** Whether the database stays open for increments or is opened. One way: restoring, then online. */
export const PHASES = ["restoring", "online"] as const;
export type Phase = (typeof PHASES)[number];

/** What becomes of the objects that a migration uploaded. */
export const CLEANUP_MODES = ["keep", "afterOnline"] as const;
export type CleanupMode = (typeof CLEANUP_MODES)[number];

export const DEFAULT_TIMEOUT = "5h";
export const DEFAULT_POLL_INTERVAL = "30s";

/** A bucket's name as OSS allows it. @see https://help.aliyun.com/en/oss/user-guide/bucket-naming-conventions */
const BUCKET_NAME = /^[a-z0-9][a-z0-9-]{1,61}[a-z0-9]$/;
/** What check found about a deferred migration: nothing of it is sent until check finds nothing. */
const refusal = z.strictObject({
  reasons: z.array(z.string()),
  /** It was found before anything was sent for the migration, so the next check is a whole one again. */
  isNew: z.boolean(),
});

export type Refusal = z.infer<typeof refusal>;

/** SQL Server's own databases, and RDS's: InvalidDBName refuses them. */
export const SYSTEM_DATABASES = new Set(["master", "model", "msdb", "tempdb", "distribution", "resource", "rdscore"]);

// Each message below is the fault, a line break, and the remedy: inputFaults takes them apart.

function duration(example: string) {
  const error = `is not a duration\nWrite a number and a unit, for example "${example}".`;
  return z.string({ error }).refine((text) => parseDurationMs(text) !== undefined, { error });
}

const text = (remedy: string) =>
  z
    .string({ error: ({ input }) => `${input === undefined ? "is missing" : "is not a text"}\n${remedy}` })
    .min(1, { error: `is empty\n${remedy}`, abort: true });

const oneOf = <T extends readonly [string, ...string[]]>(values: T) =>
  z.enum(values, { error: (issue) => `is ${JSON.stringify(issue.input)}\nWrite one of: ${values.join(", ")}.` });

const ADOPT_FAULT =
  "is neither true nor the id of a migration task\nWrite true, or the digits of a MigrateTaskId as a text; with increments, `<id>/<name of the last file applied>` tells how far it came.";

/** A MigrateTaskId, and the last file that it has applied where nothing else tells. */
const ADOPTED_TASK = /^(\d+)(?:\/(.+))?$/;

/** What `adopt` names, when it names a task. */
export function adoptedTask({
  adopt,
}: Pick<MigrationInputs, "adopt">): { taskId: string; lastFile?: string } | undefined {
  const [, taskId, lastFile] = (typeof adopt === "string" ? ADOPTED_TASK.exec(adopt) : null) ?? [];
  if (taskId === undefined) return undefined;
  return lastFile === undefined ? { taskId } : { taskId, lastFile };
}

const inputSchema = z.strictObject({
  instanceId: text("Give the id of the destination instance, rm-….").regex(/^[A-Za-z0-9-]+$/, {
    error: "is not the id of an instance\nGive the id as the console shows it, rm-….",
  }),
  bucket: text("Give the name of the bucket.").regex(BUCKET_NAME, {
    error:
      "is not the name of a bucket\nBucket names have 3 to 63 lowercase letters, digits and hyphens, and begin and end with a letter or digit.",
  }),
  backup: text("Give the path of the full backup, or oss://bucket/key."),
  databaseName: text("Leave it out to take the name in the backup's header.")
    .max(128, { error: "has more than 128 characters\nSQL Server allows 128." })
    .refine((name) => !SYSTEM_DATABASES.has(name.toLowerCase()), {
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
  region: text('Give a region such as "cn-hangzhou".')
    .regex(/^[a-z]{2}-[a-z0-9-]+$/, {
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
  backupId: z.string().optional(),
  chainStart: chainStartSchema.optional(),
  chainEnd: chainEndSchema.optional(),
  mayNotExistYet: z.boolean().optional(),
  deferred: z.boolean().optional(),
  discoveryFault: z.string().optional(),
  refused: refusal.optional(),
  roleMayNotExistYet: z.boolean().optional(),
  resourceUrn: z.string().optional(),
});

/** The arguments of a migration after they were checked; defaults are applied where they are used, not here. */
export type MigrationInputs = z.infer<typeof inputSchema>;

/** What stands in the program's place of `__provider` and so on, not an argument. */
const isInternal = (name: string): boolean => name.startsWith("__");

/** Every fault of the arguments, as property, fault and remedy. Unknown values are left alone: they are checked at `up`. */
export function inputFaults(news: Record<string, unknown>): { property: string; fault: string; remedy: string }[] {
  const known = Object.fromEntries(
    Object.entries(news).filter(([name, value]) => !isInternal(name) && !containsUnknown(value)),
  );
  const unknown = Object.keys(news).filter((name) => containsUnknown(news[name]));
  const parsed = inputSchema.safeParse(known);
  if (parsed.success) return [];
  return parsed.error.issues
    .filter((issue) => !unknown.includes(String(issue.path[0])))
    .map((issue) => {
      if (issue.code === "unrecognized_keys") {
        const property = issue.keys.map((key) => [...issue.path, key].join(".")).join(", ");
        return { property, fault: "is not an argument of DatabaseMigration", remedy: "Look for a spelling mistake." };
      }
      const property = issue.path.join(".");
      const [fault, remedy] = issue.message.split("\n");
      return { property, fault: fault ?? issue.message, remedy: remedy ?? "Correct the value." };
    });
}

/** The arguments, for the handlers that never see unknowns. @throws INPUT_INVALID naming the first fault. */
export function parseInputs(news: Record<string, unknown>): MigrationInputs {
  const known = Object.fromEntries(Object.entries(news).filter(([name]) => !isInternal(name)));
  const parsed = inputSchema.safeParse(known);
  if (parsed.success) return parsed.data;
  const [first] = inputFaults(news);
  throw migrationError(
    "INPUT_INVALID",
    first ?? { property: "?", fault: "could not be read", remedy: "Check the arguments." },
  );
}

/** The increments as `check` listed them. What it could not list is not known, and nothing is done about it. */
export function listedIncrements({ increments }: Pick<MigrationInputs, "increments">): Increment[] {
  if (!Array.isArray(increments)) return [];
  return increments.filter((each) => typeof each !== "string");
}

/** Whether the full backup is submitted so that differential and log backups can follow it. */
export const takesIncrements = ({ increments, phase }: Pick<MigrationInputs, "increments" | "phase">): boolean =>
  increments !== undefined || phase === "restoring";

export const phaseOf = ({ phase }: Pick<MigrationInputs, "phase">): Phase => phase ?? "online";

export const timeoutMs = (inputs: MigrationInputs): number =>
  parseDurationMs(inputs.timeout ?? DEFAULT_TIMEOUT) ?? Number.NaN;

export const pollIntervalMs = (inputs: MigrationInputs): number =>
  parseDurationMs(inputs.pollInterval ?? DEFAULT_POLL_INTERVAL) ?? Number.NaN;

/** Whether what is there already is taken, so that its backup need not be at hand. */
export const isAdopted = ({ adopt }: Partial<MigrationInputs>): boolean => adopt !== undefined && adopt !== false;
