import { z } from "zod";

const text = z.union([z.string(), z.number()]).transform(String);

/** Where in a request's life a connection is cut. */
export const CUT_POINTS = ["before", "during", "after"] as const;

const effectSchema = z.discriminatedUnion("kind", [
  /** Answers with a refusal of the service's form and does nothing. */
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
   * Destroys the connection. `before`: on arrival, nothing is done. `during`: half the request body in, nothing is done
   * (a request without a body: it is done, and half of the reply's body is sent). `after`: everything is done, no reply.
   */
  z.strictObject({ kind: z.literal("reset"), at: z.enum(CUT_POINTS) }),
  /** Waits, before doing anything or before replying. */
  z.strictObject({
    kind: z.literal("delay"),
    ms: z.number().int().nonnegative(),
    at: z.enum(["before", "after"]).default("before"),
  }),
  /** Everything is done; the reply ends after so many bytes of its body, and the connection with it. */
  z.strictObject({ kind: z.literal("truncate"), bytes: z.number().int().nonnegative() }),
  /** Everything is done; reply headers are replaced (`""` removes one), for example a wrong ETag or CRC. */
  z.strictObject({ kind: z.literal("headers"), set: z.record(z.string(), z.string()) }),
  /** Everything is done; one byte of the reply's body is flipped. */
  z.strictObject({ kind: z.literal("corrupt"), atByte: z.number().int().nonnegative().default(0) }),
  /** A proxy's page instead of the service's reply; nothing is done unless `afterwards`. */
  z.strictObject({
    kind: z.literal("html"),
    status: z.number().int().default(502),
    afterwards: z.boolean().default(false),
  }),
  /** This request meets a clock that is off by so much. */
  z.strictObject({ kind: z.literal("clock"), offsetMs: z.number().int() }),
]);

/** One fault: which requests it is for, how often it strikes, and what it does. */
export const faultRuleSchema = z.strictObject({
  /** To find it again; given by the emulator when absent. */
  id: z.string().optional(),
  match: z
    .strictObject({
      /** The number of the request. */
      request: z.number().int().positive().optional(),
      service: z.enum(["oss", "rds", "ram", "other"]).optional(),
      /** For example `UploadPart` or `CreateMigrateTask`; several are alternatives. */
      action: z.union([z.string(), z.array(z.string())]).optional(),
      method: z.string().optional(),
      /** Decoded parameters, all of which must be equal; for OSS also `bucket` and `key`. */
      params: z.record(z.string(), text).optional(),
    })
    .default({}),
  /** Which of the matching requests, counted from 1; default all of them. */
  nth: z.union([z.number().int().positive(), z.array(z.number().int().positive())]).optional(),
  /** Every so many matching requests. */
  every: z.number().int().positive().optional(),
  /** Strikes with this probability, drawn from `seed`: the same requests in the same order meet the same faults. */
  probability: z.number().min(0).max(1).optional(),
  seed: z.number().int().default(1),
  /**
   * What a draw depends on. `arrival`: how many matching requests came before. `identity`: what the request is about (action, key,
   * part, database or task) and the how-manieth such request it is, so that it meets the same fault in whatever order the requests
   * of many clients arrive.
   */
  drawnBy: z.enum(["arrival", "identity"]).default("arrival"),
  /** Strikes at most so many times. */
  times: z.number().int().positive().optional(),
  effect: effectSchema,
});

export type FaultRuleInput = z.input<typeof faultRuleSchema>;
export type FaultRule = z.output<typeof faultRuleSchema>;
export type FaultEffect = z.output<typeof effectSchema>;

/** A request as rules see it: parsed, because the spelling of one URL differs between clients. */
export interface RequestTraits {
  request: number;
  service: string;
  action: string;
  method: string;
  params: Readonly<Record<string, string>>;
}

/** What a request is about: the same for its repetitions, and for no other request of the same run. */
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
