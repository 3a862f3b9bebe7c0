import type { z } from "zod";
import { migrationError } from "../errors/migration-error";
import type { PlainObject } from "./plain";

/** The schema version of the outputs that this package writes. State of 0.1.0 has no version member and counts as version 1. */
export const STATE_VERSION = 2;
/** The member of the outputs that holds the schema version. */
export const STATE_VERSION_KEY = "__stateVersion";

/** The rules for the recorded outputs of one resource. */
export interface RecordRules<T> {
  /** The resource's name, for messages. */
  resource: string;
  schema: z.ZodType<T>;
}

/**
 * Parses recorded outputs. Members that this version does not know are kept.
 * @throws STATE_NEWER when a newer version wrote them, STATE_UNREADABLE naming the first invalid member
 */
export function parseRecorded<T>({ resource, schema }: RecordRules<T>, props: PlainObject): T & PlainObject {
  const version = props[STATE_VERSION_KEY];
  if (typeof version === "number" && version > STATE_VERSION)
    throw migrationError("STATE_NEWER", { resource, version, known: STATE_VERSION });
  const parsed = schema.safeParse(props);
  if (parsed.success) return { ...props, ...parsed.data };
  const [issue] = parsed.error.issues;
  const member = issue?.path.join(".") || "?";
  throw migrationError("STATE_UNREADABLE", { resource, member, fault: issue?.message ?? "is not readable" });
}

/** Returns the members of the outputs that can be read: `destroy` must work with the state of any version. */
export function parseReadable<T extends z.ZodRawShape>(
  schema: z.ZodObject<T>,
  props: PlainObject,
): Partial<z.infer<z.ZodObject<T>>> {
  const readable = Object.entries(props).filter(([name, value]) => {
    const member: z.ZodType | undefined = Object.hasOwn(schema.shape, name)
      ? (schema.shape[name] as unknown as z.ZodType)
      : undefined;
    return member?.safeParse(value).success === true;
  });
  return Object.fromEntries(readable) as Partial<z.infer<z.ZodObject<T>>>;
}
