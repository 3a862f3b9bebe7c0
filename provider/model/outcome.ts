import { z } from "zod";
import { type ArgumentRules, argumentFaults, type InputFault, oneOf, parseArguments, parseKnown } from "./arguments";
import { CHECK_DB_MODES, migrationArguments } from "./inputs";
import { failureSchema, migrationStatus, retriedFailureSchema, timelineSchema } from "./outputs";
import type { PlainObject } from "./plain";
import { parseRecorded } from "./recorded";
import { type Known, requireKnown } from "./unknown";
import { orUnknown } from "./unknown-schema";

/**
 * How a preview treats findings. `stop`: the preview fails and nothing is sent. `isolate`: the findings are logged as errors, the
 * other databases are migrated, and the update fails with the table of all databases.
 */
export const FINDING_MODES = ["stop", "isolate"] as const;
export type FindingMode = (typeof FINDING_MODES)[number];

const { instanceId, bucket, region, profile, assumeRoleArn, endpoint, timeout, pollInterval, cleanup, wait, phase } =
  migrationArguments.shape;

/** One database of the instance, from its migration's outputs. In a preview the outputs may be unknown. */
const memberSchema = z.object({
  /** The migration's resource name. */
  name: z.string(),
  database: z.string(),
  status: orUnknown(migrationStatus),
  /** Only for a database with increments; its migration brings it to this phase. */
  phase: phase,
  migrateTaskId: orUnknown(z.string()).optional(),
  statusText: orUnknown(z.string()).optional(),
  sizeBytes: orUnknown(z.number()).optional(),
  dataAsOf: orUnknown(z.string()).optional(),
  startedAt: orUnknown(z.string()).optional(),
  finishedAt: orUnknown(z.string()).optional(),
  timeline: orUnknown(timelineSchema).optional(),
  warnings: orUnknown(z.array(z.string())).optional(),
  failure: orUnknown(failureSchema).optional(),
  retriedAfter: orUnknown(z.array(retriedFailureSchema)).optional(),
  objectKey: orUnknown(z.string()).optional(),
  /** CRC-64/XZ of the uploaded object; only when `cleanup` deletes it. */
  uploadedCrc64: orUnknown(z.string()).optional(),
  checkDb: orUnknown(z.enum(CHECK_DB_MODES)).optional(),
});
export type Member = z.infer<typeof memberSchema>;
/** At `up` every member is known. */
export type KnownMember = Known<Member>;

/** The findings of check about one database, or about the instance. */
const memberFindings = z.object({
  /** Absent for findings about the instance. */
  database: z.string().optional(),
  reasons: z.array(z.string()),
});
export type MemberFindings = z.infer<typeof memberFindings>;

/** The arguments of a MigrationOutcome; all come from the InstanceMigration. */
export const outcomeArguments = z.strictObject({
  instanceId,
  /** The bucket of the objects and their submission locks. */
  bucket,
  members: z.array(memberSchema),
  wait,
  onFinding: oneOf(FINDING_MODES).optional(),
  ...{ timeout, pollInterval, cleanup, region, profile, assumeRoleArn, endpoint },
});

/** The wave of an instance whose results the outcome has. */
const outcomeWave = z.strictObject({
  name: z.string(),
  /** The last wave's outcome fails a preview for the findings of all waves, so that one preview shows all. */
  isLast: z.boolean(),
  /** For the last wave: the migrations of the waves before. */
  earlier: z.array(z.object({ name: z.string(), database: z.string() })),
});

const outcomeInputs = outcomeArguments.extend({
  /** Written by check. */
  findings: z.array(memberFindings).optional(),
  wave: outcomeWave.optional(),
  /** The databases are only restored to try it. */
  isRehearsal: z.boolean().optional(),
});
export type OutcomeInputs = z.infer<typeof outcomeInputs>;

export const ADDED_OUTCOME_INPUTS = ["findings", "progress", "wave", "isRehearsal"] as const;

const OUTCOME: ArgumentRules<OutcomeInputs> = {
  resource: "MigrationOutcome",
  schema: outcomeInputs,
  holdUnknowns: ["members"],
};

/**
 * Returns the inputs with the members as a list, by database. The engine gets them in two inputs, by the migrations' resource
 * names: `members` has the databases, so that a row shows an added one as one change; `progress`, which rows hide, has the
 * outputs of the migrations. Inputs of version 0.1.0 have the list itself.
 */
function withMemberList({ progress, ...news }: PlainObject): PlainObject {
  if (progress === null || typeof progress !== "object") return news;
  const databases = new Map(Object.entries(news.members ?? {}));
  const members = Object.entries(progress).map(([name, member]) => ({
    name,
    database: databases.get(name),
    ...member,
  }));
  return { ...news, members: members.sort((one, other) => (String(one.database) < String(other.database) ? -1 : 1)) };
}

/** Returns every fault of the arguments. */
export const outcomeFaults = (news: PlainObject): InputFault[] => argumentFaults(OUTCOME, withMemberList(news));
/** The inputs at `up`. @throws INPUT_INVALID naming the first fault */
export function parseOutcomeInputs(news: PlainObject): Omit<OutcomeInputs, "members"> & { members: KnownMember[] } {
  const inputs = parseArguments(OUTCOME, withMemberList(news));
  return { ...inputs, members: inputs.members.map(requireKnown) };
}
export const knownOutcomeInputs = (news: PlainObject): Partial<OutcomeInputs> =>
  parseKnown(OUTCOME, withMemberList(news));

/** Returns the findings among the recorded inputs of an outcome; none if they cannot be read. */
export const recordedFindings = (inputs: PlainObject): MemberFindings[] =>
  outcomeInputs.shape.findings.safeParse(inputs.findings).data ?? [];

/** The result of one database of an instance, or its current status. */
export const databaseOutcome = z.object({
  database: z.string(),
  status: migrationStatus,
  /** Only for a database with increments: the requested phase. */
  phase: phase,
  /** The service's status and description of the task. */
  statusText: z.string().optional(),
  migrateTaskId: z.string().optional(),
  /** Size of the full backup. */
  sizeBytes: z.number().optional(),
  /** From the start of the upload until the database was online. */
  durationSeconds: z.number().optional(),
  /** BackupFinishDate, the source server's local time: later writes are not in the database. */
  dataAsOf: z.string().optional(),
  /** UTC, ISO 8601. */
  startedAt: z.string().optional(),
  /** UTC, ISO 8601. */
  finishedAt: z.string().optional(),
  timeline: timelineSchema.optional(),
  warnings: z.array(z.string()),
  /** Set by `cleanup`. true: the uploaded object was deleted. false: it is kept, and a warning has the reason. */
  cleanedUp: z.boolean().optional(),
  failure: failureSchema.optional(),
  /** The failed tasks after which the migration was submitted again by itself, once for each code. */
  retriedAfter: z.array(retriedFailureSchema).optional(),
});
export type DatabaseOutcome = z.infer<typeof databaseOutcome>;

const outcomeOutputs = z.object({
  instanceId: z.string(),
  ...{ region, profile, assumeRoleArn },
  summary: z.array(databaseOutcome).default([]),
});

/** The recorded outputs of an outcome: how to reach the instance, and the last known results. Members are stored as inputs only. */
export type OutcomeOutputs = z.infer<typeof outcomeOutputs>;

/** @throws STATE_NEWER, STATE_UNREADABLE */
export const parseOutcomeOutputs = (props: PlainObject): OutcomeOutputs =>
  parseRecorded({ resource: "MigrationOutcome", schema: outcomeOutputs }, props);
