import { z } from "zod";
import { type ArgumentRules, argumentFaults, type InputFault, oneOf, parseArguments, parseKnown } from "./arguments";
import { CHECK_DB_MODES, migrationArguments } from "./inputs";
import { failureSchema, migrationStatus, timelineSchema } from "./outputs";
import type { PlainObject } from "./plain";
import { parseRecorded } from "./recorded";
import { type Known, requireKnown } from "./unknown";
import { orUnknown } from "./unknown-schema";

/**
 * What to do about findings at preview: `stop`: the preview fails and nothing is sent; `isolate`: they are logged as errors,
 * the others are migrated, and the update ends failed with the table.
 */
export const FINDING_MODES = ["stop", "isolate"] as const;
export type FindingMode = (typeof FINDING_MODES)[number];

const { instanceId, bucket, region, profile, assumeRoleArn, endpoint, timeout, pollInterval, cleanup, wait, phase } =
  migrationArguments.shape;

/** One database of the instance, as its migration's outputs describe it. In a preview these may be unknown. */
const memberSchema = z.object({
  /** The migration's resource name. */
  name: z.string(),
  database: z.string(),
  status: orUnknown(migrationStatus),
  /** Of a database that takes increments; its own migration brings it there. */
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
  objectKey: orUnknown(z.string()).optional(),
  /** Of an object that is to be deleted in the end: the CRC-64/XZ of what was uploaded. */
  uploadedCrc64: orUnknown(z.string()).optional(),
  checkDb: orUnknown(z.enum(CHECK_DB_MODES)).optional(),
});
export type Member = z.infer<typeof memberSchema>;
/** At `up` every member is known. */
export type KnownMember = Known<Member>;

/** What check found about one database, or about the instance as a whole. */
const memberFindings = z.object({
  /** Absent: about the instance as a whole. */
  database: z.string().optional(),
  reasons: z.array(z.string()),
});
export type MemberFindings = z.infer<typeof memberFindings>;

/** The arguments of a MigrationOutcome; all come from the InstanceMigration. */
export const outcomeArguments = z.strictObject({
  instanceId,
  /** Where the objects and their submission locks are. */
  bucket,
  members: z.array(memberSchema),
  wait,
  onFinding: oneOf(FINDING_MODES).optional(),
  ...{ timeout, pollInterval, cleanup, region, profile, assumeRoleArn, endpoint },
});

const outcomeInputs = outcomeArguments.extend({
  /** Written by check. */
  findings: z.array(memberFindings).optional(),
});
export type OutcomeInputs = z.infer<typeof outcomeInputs>;

export const ADDED_OUTCOME_INPUTS = ["findings"] as const;

const OUTCOME: ArgumentRules<OutcomeInputs> = {
  resource: "MigrationOutcome",
  schema: outcomeInputs,
  holdUnknowns: ["members"],
};

/** Every fault of the arguments. */
export const outcomeFaults = (news: PlainObject): InputFault[] => argumentFaults(OUTCOME, news);
/** The inputs at `up`. @throws INPUT_INVALID naming the first fault */
export function parseOutcomeInputs(news: PlainObject): Omit<OutcomeInputs, "members"> & { members: KnownMember[] } {
  const inputs = parseArguments(OUTCOME, news);
  return { ...inputs, members: inputs.members.map(requireKnown) };
}
export const knownOutcomeInputs = (news: PlainObject): Partial<OutcomeInputs> => parseKnown(OUTCOME, news);

/** How one database of an instance ended, or where it stands. */
const databaseOutcome = z.object({
  database: z.string(),
  status: migrationStatus,
  /** Of a database that takes increments: where it is to stay. */
  phase: phase,
  /** The service's own words. */
  statusText: z.string().optional(),
  migrateTaskId: z.string().optional(),
  /** Of the full backup. */
  sizeBytes: z.number().optional(),
  /** From the begin of the upload until the database was online. */
  durationSeconds: z.number().optional(),
  /** BackupFinishDate, the source server's local time: later writes are not in the database. */
  dataAsOf: z.string().optional(),
  /** UTC, ISO 8601. */
  startedAt: z.string().optional(),
  /** UTC, ISO 8601. */
  finishedAt: z.string().optional(),
  timeline: timelineSchema.optional(),
  warnings: z.array(z.string()),
  /** By `cleanup`: true: the uploaded object was deleted; false: it stays for good, and a warning says why. */
  cleanedUp: z.boolean().optional(),
  failure: failureSchema.optional(),
});
export type DatabaseOutcome = z.infer<typeof databaseOutcome>;

const outcomeOutputs = z.object({
  instanceId: z.string(),
  ...{ region, profile, assumeRoleArn },
  summary: z.array(databaseOutcome).default([]),
});

/** What state keeps of an outcome: how to reach the instance, and what was seen last. The members are inputs only. */
export type OutcomeOutputs = z.infer<typeof outcomeOutputs>;

/** @throws STATE_NEWER, STATE_UNREADABLE */
export const parseOutcomeOutputs = (props: PlainObject): OutcomeOutputs =>
  parseRecorded({ resource: "MigrationOutcome", schema: outcomeOutputs }, props);
