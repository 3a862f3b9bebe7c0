import { z } from "zod";
import { OssFault } from "./oss-fault";
import type { Bucket } from "./oss-state";

/** What a rule may look up: the configured bucket and the others. */
export interface RuleContext {
  bucket: Bucket;
  buckets: ReadonlyMap<string, Bucket>;
}

/** Checks a parsed document beyond its root element. @throws OssFault */
export type ConfigurationRule = (document: unknown, context: RuleContext) => void;

/** Text of an element, without the space around it. */
export const text = z.string().trim();
/** An element that may be repeated. */
export const oneOrMore = <T extends z.ZodType>(element: T) =>
  z.union([z.array(element), element.transform((one) => [one])]) as z.ZodType<z.output<T>[]>;
export const emptyElement = text.length(0);
export const tag = z.object({ Key: z.string(), Value: z.string() });
export const boolean = text.regex(/^(true|false)$/);

/** @throws OssFault `MalformedXML` */
export function parseConfiguration<T>(schema: z.ZodType<T>, document: unknown): T {
  const parsed = schema.safeParse(document);
  if (!parsed.success) throw new OssFault("MalformedXML");
  return parsed.data;
}
