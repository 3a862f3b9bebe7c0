import { z } from "zod";
import { migrationError } from "../errors/migration-error";
import { parseDurationMs } from "./duration";
import type { PlainObject } from "./plain";
import { containsUnknown } from "./unknown";

/** What is wrong with one argument. */
export interface InputFault {
  /** For example `upload.partSize`. */
  property: string;
  fault: string;
  remedy: string;
}

/** What the arguments of one resource have to be. */
export interface ArgumentRules<T> {
  /** Its name, for messages. */
  resource: string;
  schema: z.ZodType<T>;
  /** Rules over several arguments. Called with the known ones; a fault of an unknown one is dropped. */
  crossField?: (known: Partial<T>) => InputFault[];
  /** Arguments whose schema says itself where an unknown may be. */
  holdUnknowns?: readonly (keyof T & string)[];
}

// Each message below is the fault, a line break, and the remedy: inputFaults takes them apart.

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

/** Names that begin so are the engine's, the SDK's or this package's own; no program gives them. */
const isInternal = (name: string): boolean => name.startsWith("__");

const isUnknownArgument = <T>({ holdUnknowns = [] }: ArgumentRules<T>, news: PlainObject, name: string): boolean =>
  containsUnknown(news[name]) && !(holdUnknowns as readonly string[]).includes(name);

/** The arguments whose values are known. */
const knownMembers = <T>(rules: ArgumentRules<T>, news: PlainObject): PlainObject =>
  Object.fromEntries(
    Object.entries(news).filter(([name]) => !isInternal(name) && !isUnknownArgument(rules, news, name)),
  );

/** Every fault of the arguments. Unknown values are left out: they are checked when they are known, at `up`. */
export function argumentFaults<T>(rules: ArgumentRules<T>, news: PlainObject): InputFault[] {
  const { resource, schema, crossField } = rules;
  const known = knownMembers(rules, news);
  const parsed = schema.safeParse(known);
  const faults = parsed.success ? [] : parsed.error.issues.map((issue) => faultOf(issue, resource));
  const together = crossField?.(known as Partial<T>) ?? [];
  return [...faults, ...together].filter(
    ({ property }) => !isUnknownArgument(rules, news, property.split(".")[0] ?? ""),
  );
}

function faultOf(issue: z.core.$ZodIssue, resource: string): InputFault {
  if (issue.code === "unrecognized_keys") {
    const property = issue.keys.map((key) => [...issue.path, key].join(".")).join(", ");
    return { property, fault: `is not an argument of ${resource}`, remedy: "Look for a spelling mistake." };
  }
  const [fault, remedy] = issue.message.split("\n");
  return { property: issue.path.join("."), fault: fault ?? issue.message, remedy: remedy ?? "Correct the value." };
}

/** The arguments, where none is unknown. @throws INPUT_INVALID naming the first fault */
export function parseArguments<T>(rules: ArgumentRules<T>, news: PlainObject): T {
  const given = Object.fromEntries(Object.entries(news).filter(([name]) => !isInternal(name)));
  const [fault] = argumentFaults(rules, given);
  const parsed = rules.schema.safeParse(given);
  if (parsed.success && fault === undefined) return parsed.data;
  throw migrationError(
    "INPUT_INVALID",
    fault ?? { property: "?", fault: "could not be read", remedy: "Check the arguments." },
  );
}

/** The known arguments; those that are unknown or invalid are absent. */
export function parseKnown<T>(rules: ArgumentRules<T>, news: PlainObject): Partial<T> {
  const known = knownMembers(rules, news);
  const parsed = rules.schema.safeParse(known);
  if (parsed.success) return parsed.data;
  const invalid = new Set(parsed.error.issues.map(({ path }) => String(path[0])));
  return Object.fromEntries(Object.entries(known).filter(([name]) => !invalid.has(name))) as Partial<T>;
}

/** The first fault of each argument, in the words of the catalogue. */
export const faultMessages = (faults: readonly InputFault[]): string[] =>
  faults.map((fault) => migrationError("INPUT_INVALID", fault).message);

/** A duration that a schema has let pass. @throws INPUT_INVALID */
export function requireDurationMs(property: string, text: string): number {
  const ms = parseDurationMs(text);
  if (ms !== undefined) return ms;
  throw migrationError("INPUT_INVALID", {
    property,
    fault: "is not a duration",
    remedy: 'Write a number and a unit, for example "5h".',
  });
}
