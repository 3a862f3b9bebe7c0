import { z } from "zod";
import { type ArgumentRules, argumentFaults, type InputFault, parseArguments, parseKnown } from "./arguments";
import { migrationArguments } from "./inputs";
import { failureSchema, migrationStatus } from "./outputs";
import type { PlainObject } from "./plain";
import { parseReadable, parseRecorded } from "./recorded";
import { type Known, requireKnown } from "./unknown";
import { orUnknown } from "./unknown-schema";

const { region, profile, assumeRoleArn, timeout, pollInterval, checkDb, phase } = migrationArguments.shape;

/** One database of a group, from its migration's outputs. In a preview the outputs may be unknown. */
const memberSchema = z.object({
  /** The member's key in the program. */
  name: z.string(),
  instanceId: z.string(),
  database: z.string(),
  status: orUnknown(migrationStatus),
  migrateTaskId: orUnknown(z.string()).optional(),
  readyForCutover: orUnknown(z.boolean()).optional(),
  cutoverObstacles: orUnknown(z.array(z.string())).optional(),
});
export type GroupMember = z.infer<typeof memberSchema>;
/** At `up` every member is known. */
export type KnownGroupMember = Known<GroupMember>;

/** The arguments of a CutoverGroup. */
export const groupArguments = z.strictObject({
  /** The members, in the order in which they are opened. */
  members: z
    .array(memberSchema, { error: "is missing\nGive at least one migration." })
    .min(1, { error: "is empty\nGive at least one migration." }),
  ...{ phase, checkDb, timeout, pollInterval, region, profile, assumeRoleArn },
});
export type GroupInputs = z.infer<typeof groupArguments>;

const GROUP: ArgumentRules<GroupInputs> = {
  resource: "CutoverGroup",
  schema: groupArguments,
  holdUnknowns: ["members"],
};

/** Returns every fault of the arguments. Unknown values are checked at `up`. */
export const groupFaults = (news: PlainObject): InputFault[] => argumentFaults(GROUP, news);
/** The inputs at `up`. @throws INPUT_INVALID naming the first fault */
export function parseGroupInputs(news: PlainObject): Omit<GroupInputs, "members"> & { members: KnownGroupMember[] } {
  const inputs = parseArguments(GROUP, news);
  return { ...inputs, members: inputs.members.map(requireKnown) };
}
export const knownGroupInputs = (news: PlainObject): Partial<GroupInputs> => parseKnown(GROUP, news);
/** Returns the readable members of old inputs. */
export const oldGroupInputs = (olds: PlainObject): Partial<GroupInputs> => parseReadable(groupArguments, olds);

/** The state of one member's cutover. */
export const openedMember = z.object({
  database: z.string(),
  instanceId: z.string(),
  migrateTaskId: z.string().optional(),
  status: z.enum(["waiting", "online", "failed"]),
  /** UTC, ISO 8601. Absent when something else opened the database and the service does not report the time. */
  openedAt: z.string().optional(),
  warnings: z.array(z.string()).default([]),
  failure: failureSchema.optional(),
  /** Number of failed calls to open the database: the next call needs another token. */
  failedOpenings: z.number().optional(),
});
export type OpenedMember = z.infer<typeof openedMember>;

export const groupOutputs = z.object({
  status: openedMember.shape.status.default("waiting"),
  opened: z.array(openedMember).default([]),
});
export type GroupOutputs = z.infer<typeof groupOutputs>;

const recordedGroup = z.object({ ...groupArguments.partial().shape, ...groupOutputs.shape });

/** @throws STATE_NEWER, STATE_UNREADABLE */
export const parseGroupOutputs = (props: PlainObject): z.infer<typeof recordedGroup> =>
  parseRecorded({ resource: "CutoverGroup", schema: recordedGroup }, props);
