import { z } from "zod";
import { type ArgumentRules, argumentFaults, type InputFault, parseArguments, parseKnown, text } from "./arguments";
import type { PlainObject } from "./plain";
import { parseRecorded } from "./recorded";

const boolean = z.boolean({ error: "is not true or false\nWrite true or false." });
const texts = (what: string) =>
  z.array(text(`Give ${what} as texts.`), { error: `is not a list\nGive a list of ${what}.` });

/** The arguments of a MigrationVerification. */
export const verificationArguments = z.strictObject({
  source: text("Give the path of what sql/baseline.sql wrote on the source."),
  target: text("Give the path of what sql/verify.sql wrote on the destination."),
  databases: texts("names of databases")
    .min(1, { error: "is empty\nGive at least one name, or none at all." })
    .optional(),
  renamed: z
    .record(z.string(), text("Give the name on the destination."), {
      error: "is not an object\nGive the name on the destination for each name on the source.",
    })
    .optional(),
  acceptedDifferences: texts("names of differences").optional(),
  strict: boolean.optional(),
});

const verificationInputs = verificationArguments.extend({
  /** Written by check: SHA-256 of the files' contents, so that a changed file is compared again. Absent without the file. */
  sourceDigest: z.string().optional(),
  targetDigest: z.string().optional(),
});
export type VerificationInputs = z.infer<typeof verificationInputs>;

export const ADDED_VERIFICATION_INPUTS = ["sourceDigest", "targetDigest"] as const;

const VERIFICATION: ArgumentRules<VerificationInputs> = {
  resource: "MigrationVerification",
  schema: verificationInputs,
  crossField: ({ source, target }) =>
    source !== undefined && source === target
      ? [{ property: "target", fault: "is the source's file", remedy: "Give the file of the destination." }]
      : [],
};

/** Returns every fault of the arguments. Unknown values are checked at `up`. */
export const verificationFaults = (news: PlainObject): InputFault[] => argumentFaults(VERIFICATION, news);
/** The inputs at `up`. @throws INPUT_INVALID naming the first fault */
export const parseVerificationInputs = (news: PlainObject): VerificationInputs => parseArguments(VERIFICATION, news);
export const knownVerificationInputs = (news: PlainObject): Partial<VerificationInputs> =>
  parseKnown(VERIFICATION, news);

export const verificationCounts = z.object({
  /** Databases that were compared. */
  databases: z.number(),
  /** Accepted differences. */
  accepted: z.number(),
  /** What is left to do by hand; 0 with `strict`, which fails on it. */
  todo: z.number(),
  /** What a migration to RDS always changes. */
  expected: z.number(),
});
/** The result of a verification that passed. */
export type VerificationCounts = z.infer<typeof verificationCounts>;

const recordedVerification = z.object({ ...verificationInputs.partial().shape, counts: verificationCounts });

/** @throws STATE_NEWER, STATE_UNREADABLE */
export const parseVerificationOutputs = (props: PlainObject): z.infer<typeof recordedVerification> =>
  parseRecorded({ resource: "MigrationVerification", schema: recordedVerification }, props);

/** What the comparison depends on: the arguments, and the contents of the files. */
export const VERIFICATION_MEMBERS = Object.keys(verificationInputs.shape) as readonly (keyof VerificationInputs)[];
