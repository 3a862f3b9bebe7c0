import { z } from "zod";

const text = z.union([z.string(), z.number()]).transform(String);

/** When a connection is reset, relative to the request. */
export const CUT_POINTS = ["before", "during", "after"] as const;

const effectSchema = z.discriminatedUnion("kind", [
  /** Replies with an error in the service's format; the request is not executed. */
  z.strictObject({
    kind: z.literal("refuse"),
    status: z.number().int().min(400).max(599),
    code: z.string().min(1),
    message: z.string().default("Injected fault."),
    /** `Retry-After`, seconds. */
    retryAfterSeconds: z.number().nonnegative().optional(),
    /** `x-acs-retry-after`, milliseconds. */
    acsRetryAfterMs: z.number().int().positive().optional(),
  }),
  /**
   * Resets the connection. `before`: on arrival; the request is not executed. `during`: after half of the request body;
   * the request is not executed (a request without a body is executed, and half of the reply's body is sent). `after`:
   * the request is executed, and no reply is sent.
   */
  z.strictObject({ kind: z.literal("reset"), at: z.enum(CUT_POINTS) }),
  /** Waits before executing the request or before replying. */
  z.strictObject({
    kind: z.literal("delay"),
    ms: z.number().int().nonnegative(),
    at: z.enum(["before", "after"]).default("before"),
  }),
  /** Executes the request and closes the connection after this many bytes of the reply's body. */
  z.strictObject({ kind: z.literal("truncate"), bytes: z.number().int().nonnegative() }),
  /** Executes the request and replaces reply headers (`""` removes one), for example with a wrong ETag or CRC. */
  z.strictObject({ kind: z.literal("headers"), set: z.record(z.string(), z.string()) }),
  /** Executes the request and replaces the body of a reply with status 200, for example with an incomplete list. */
  z.strictObject({ kind: z.literal("body"), text: z.string() }),
  /** Executes the request and flips the lowest bit of one byte of the reply's body. */
  z.strictObject({ kind: z.literal("corrupt"), atByte: z.number().int().nonnegative().default(0) }),
  /** Replies with a proxy's error page. The request is executed only with `afterwards`. */
  z.strictObject({
    kind: z.literal("html"),
    status: z.number().int().default(502),
    afterwards: z.boolean().default(false),
  }),
  /** Shifts the emulator's clock for this request. */
  z.strictObject({ kind: z.literal("clock"), offsetMs: z.number().int() }),
]);

/** One fault rule: the requests it matches, how often it applies, and its effect. */
export const faultRuleSchema = z.strictObject({
  /** Identifies the rule. @default an id that the emulator generates */
  id: z.string().optional(),
  match: z
    .strictObject({
      /** The number of the request. */
      request: z.number().int().positive().optional(),
      service: z.enum(["oss", "rds", "ram", "other"]).optional(),
      /** For example `UploadPart` or `CreateMigrateTask`; a list matches any of them. */
      action: z.union([z.string(), z.array(z.string())]).optional(),
      method: z.string().optional(),
      /** Decoded parameters; all must be equal. For OSS also `bucket` and `key`. */
      params: z.record(z.string(), text).optional(),
    })
    .default({}),
  /** Applies to these matching requests, counted from 1. @default all */
  nth: z.union([z.number().int().positive(), z.array(z.number().int().positive())]).optional(),
  /** Applies to every n-th matching request. */
  every: z.number().int().positive().optional(),
  /** Applies with this probability, drawn from `seed`: the same requests in the same order get the same faults. */
  probability: z.number().min(0).max(1).optional(),
  seed: z.number().int().default(1),
  /**
   * What a random draw depends on. `arrival`: the number of matching requests so far. `identity`: the request's action,
   * key, part, database or task and its attempt number, so that a request gets the same fault in whatever order the
   * requests of concurrent clients arrive.
   */
  drawnBy: z.enum(["arrival", "identity"]).default("arrival"),
  /** Applies at most this many times. */
  times: z.number().int().positive().optional(),
  effect: effectSchema,
});

export type FaultRuleInput = z.input<typeof faultRuleSchema>;
export type FaultRule = z.output<typeof faultRuleSchema>;
export type FaultEffect = z.output<typeof effectSchema>;

/** The properties of a request that rules match. They are parsed, because clients encode the same URL differently. */
export interface RequestTraits {
  request: number;
  service: string;
  action: string;
  method: string;
  params: Readonly<Record<string, string>>;
}

/** Returns a key that is equal for all attempts of a request and differs from all other requests of a run. */
export function identityOf({ service, action, params }: RequestTraits): string {
  const { bucket, key, prefix, partNumber, DBName, MigrateTaskId, PageNumber } = params;
  return JSON.stringify([service, action, bucket, key, prefix, partNumber, DBName, MigrateTaskId, PageNumber]);
}

export function ruleMatches({ match }: FaultRule, traits: RequestTraits): boolean {
  const actions = match.action === undefined ? [traits.action] : [match.action].flat();
  return (
    (match.request ?? traits.request) === traits.request &&
    (match.service ?? traits.service) === traits.service &&
    (match.method ?? traits.method) === traits.method &&
    actions.includes(traits.action) &&
    Object.entries(match.params ?? {}).every(([name, value]) => traits.params[name] === value)
  );
}
