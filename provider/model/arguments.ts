import { z } from "zod";
import { migrationError } from "../errors/migration-error";
import { parseDurationMs } from "./duration";
import type { PlainObject } from "./plain";
import { containsUnknown } from "./unknown";

/** A fault of one argument. */
export interface InputFault {
  /** For example `upload.partSize`. */
  property: string;
  fault: string;
  remedy: string;
}

/** The rules for the arguments of one resource. */
export interface ArgumentRules<T> {
  /** The resource's name, for messages. */
  resource: string;
  schema: z.ZodType<T>;
  /** Rules over several arguments. Called with the known arguments; faults of unknown ones are dropped. */
  crossField?: (known: Partial<T>) => InputFault[];
  /** Arguments whose schema allows unknown values inside. */
  holdUnknowns?: readonly (keyof T & string)[];
}

// Each message below is the fault, a line break and the remedy; faultOf splits them.

export function duration(example: string) {
  const error = `is not a duration\nWrite a number and a unit, for example "${example}".`;
  return z.string({ error }).refine((text) => parseDurationMs(text) !== undefined, { error });
}

export const text = (remedy: string) =>
  z
    .string({ error: ({ input }) => `${input === undefined ? "is missing" : "is not a text"}\n${remedy}` })
    .min(1, { error: `is empty\n${remedy}`, abort: true });

export const oneOf = <T extends readonly [string, ...string[]]>(values: T) =>
  z.enum(values, { error: (issue) => `is ${JSON.stringify(issue.input)}\nWrite one of: ${values.join(", ")}.` });

/** Names with this prefix belong to the engine, the SDK or this package; a program does not set them. */
const isInternal = (name: string): boolean => name.startsWith("__");

const isUnknownArgument = <T>({ holdUnknowns = [] }: ArgumentRules<T>, news: PlainObject, name: string): boolean =>
  containsUnknown(news[name]) && !(holdUnknowns as readonly string[]).includes(name);

/** The arguments whose values are known. */
const knownMembers = <T>(rules: ArgumentRules<T>, news: PlainObject): PlainObject =>
  Object.fromEntries(
    Object.entries(news).filter(([name]) => !isInternal(name) && !isUnknownArgument(rules, news, name)),
  );

/** Parses the known arguments once: the result of the schema, and every fault in words. */
function parseOnce<T>(rules: ArgumentRules<T>, news: PlainObject) {
  const { resource, schema, crossField } = rules;
  const known = knownMembers(rules, news);
  const parsed = schema.safeParse(known);
  const faults = parsed.success ? [] : parsed.error.issues.map((issue) => faultOf(issue, resource));
  const crossFaults = crossField?.(known as Partial<T>) ?? [];
  const isOfKnown = ({ property }: InputFault) => !isUnknownArgument(rules, news, property.split(".")[0] ?? "");
  return { parsed, faults: [...faults, ...crossFaults].filter(isOfKnown) };
}

/** Returns every fault of the arguments. Unknown values are skipped; they are checked at `up`, when they are known. */
export const argumentFaults = <T>(rules: ArgumentRules<T>, news: PlainObject): InputFault[] =>
  parseOnce(rules, news).faults;

function faultOf(issue: z.core.$ZodIssue, resource: string): InputFault {
  if (issue.code === "unrecognized_keys") {
    const property = issue.keys.map((key) => [...issue.path, key].join(".")).join(", ");
    return { property, fault: `is not an argument of ${resource}`, remedy: "Look for a spelling mistake." };
  }
  const [fault, remedy] = issue.message.split("\n");
  return { property: issue.path.join("."), fault: fault ?? issue.message, remedy: remedy ?? "Correct the value." };
}

/** Parses the arguments; all must be known. @throws INPUT_INVALID naming the first fault */
export function parseArguments<T>(rules: ArgumentRules<T>, news: PlainObject): T {
  const { parsed, faults } = parseOnce(rules, news);
  const [fault] = faults;
  if (parsed.success && fault === undefined) return parsed.data;
  throw migrationError(
    "INPUT_INVALID",
    fault ?? { property: "?", fault: "could not be read", remedy: "Check the arguments." },
  );
}

/** Returns the known, valid arguments; unknown and invalid ones are absent. */
export function parseKnown<T>(rules: ArgumentRules<T>, news: PlainObject): Partial<T> {
  const known = knownMembers(rules, news);
  const parsed = rules.schema.safeParse(known);
  if (parsed.success) return parsed.data;
  const invalid = new Set(parsed.error.issues.map(({ path }) => String(path[0])));
  return Object.fromEntries(Object.entries(known).filter(([name]) => !invalid.has(name))) as Partial<T>;
}

/** Returns the message of each fault, as the error catalogue words it. */
export const faultMessages = (faults: readonly InputFault[]): string[] =>
  faults.map((fault) => migrationError("INPUT_INVALID", fault).message);

/** Parses a duration. @throws INPUT_INVALID */
export function requireDurationMs(property: string, text: string): number {
  const ms = parseDurationMs(text);
  if (ms !== undefined) return ms;
  throw migrationError("INPUT_INVALID", {
    property,
    fault: "is not a duration",
    remedy: 'Write a number and a unit, for example "5h".',
  });
}
