import { z } from "zod";
import { parseIsoTime } from "../calendar-time";
import { boolean, type ConfigurationRule, oneOrMore, parseConfiguration, tag, text } from "./configuration-rule";
import { STORAGE_CLASSES } from "./object-attributes";
import { OssFault } from "./oss-fault";

/** oss2 2.19.1 sends `True`. */
const flag = text.toLowerCase().pipe(boolean);
const positive = text.regex(/^[1-9]\d{0,8}$/);

/** A day of a rule: midnight UTC. @see https://help.aliyun.com/en/oss/developer-reference/putbucketlifecycle */
const midnight = text.refine((value) => {
  const [, seconds = ""] = /^(\d{4}-\d\d-\d\dT00:00:00)(?:\.000)?Z$/.exec(value) ?? [];
  return !Number.isNaN(parseIsoTime(`${seconds}Z`));
});
const time = { Days: positive.optional(), CreatedBeforeDate: midnight.optional(), Date: midnight.optional() };
const hasOneTime = (action: { Days?: string; CreatedBeforeDate?: string; Date?: string }) =>
  [action.Days, action.CreatedBeforeDate, action.Date].filter((value) => value !== undefined).length === 1;
const isMarkerOnly = (action: { ExpiredObjectDeleteMarker?: string }) => action.ExpiredObjectDeleteMarker === "true";
const timedAction = z.object(time).refine(hasOneTime);
const transition = z.object({ ...time, StorageClass: text.pipe(z.enum(STORAGE_CLASSES)) }).refine(hasOneTime);
const versionAction = z.object({ NoncurrentDays: positive });
const versionTransition = z.object({ NoncurrentDays: positive, StorageClass: text.pipe(z.enum(STORAGE_CLASSES)) });
const lifecycleRule = z
  .object({
    ID: text.max(255).optional(),
    Prefix: z.string().optional(),
    Status: text.pipe(z.enum(["Enabled", "Disabled"])),
    Expiration: z
      .object({ ...time, ExpiredObjectDeleteMarker: flag.optional() })
      .refine((action) => hasOneTime(action) || isMarkerOnly(action))
      .optional(),
    Transition: oneOrMore(transition).optional(),
    AbortMultipartUpload: timedAction.optional(),
    NoncurrentVersionExpiration: versionAction.optional(),
    NoncurrentVersionTransition: oneOrMore(versionTransition).optional(),
    Tag: oneOrMore(tag).optional(),
  })
  .refine(({ ID: _, Prefix: __, Status: ___, Tag: ____, ...actions }) => Object.keys(actions).length > 0);
const lifecycleSchema = z.object({ LifecycleConfiguration: z.object({ Rule: oneOrMore(lifecycleRule) }) });
type LifecycleRule = z.output<typeof lifecycleRule>;
const MAX_LIFECYCLE_RULES = 1000;

/** @see https://help.aliyun.com/en/oss/developer-reference/putbucketlifecycle */
export const checkLifecycle: ConfigurationRule = (document) => {
  const { Rule: rules } = parseConfiguration(lifecycleSchema, document).LifecycleConfiguration;
  if (rules.length > MAX_LIFECYCLE_RULES) throw new OssFault("MalformedXML");
  const ids = rules.flatMap(({ ID: id }) => (id === undefined || id === "" ? [] : [id]));
  if (new Set(ids).size < ids.length) {
    throw new OssFault("InvalidArgument", { message: "The rule ID must be unique." });
  }
  for (const rule of rules) {
    checkTransitions(rule);
    checkTagCharacters(rule.Tag ?? []);
  }
};

interface Step {
  storageClass: (typeof STORAGE_CLASSES)[number];
  days?: number;
}

/**
 * Objects move to colder classes in the order of days, before they expire. Days and dates do not mix. Source: the tests
 * of lifecycle rules in tests/test_bucket.py and tests/test_lifecycle_versioning.py of oss2 2.19.1.
 */
function checkTransitions(rule: LifecycleRule): void {
  const { Expiration: expiration, Transition: transitions = [], NoncurrentVersionExpiration: versions } = rule;
  if (expiration !== undefined && !isMarkerOnly(expiration)) {
    const byDays = expiration.Days !== undefined;
    if (transitions.some(({ Days: days }) => (days !== undefined) !== byDays)) {
      throw new OssFault("InvalidRequest", { message: "Days and dates must not be mixed in one rule." });
    }
  }
  const current = transitions.map((step) => ({ storageClass: step.StorageClass, days: daysOf(step.Days) }));
  const noncurrent = (rule.NoncurrentVersionTransition ?? []).map((step) => ({
    storageClass: step.StorageClass,
    days: daysOf(step.NoncurrentDays),
  }));
  checkOrder(current, daysOf(expiration?.Days));
  checkOrder(noncurrent, daysOf(versions?.NoncurrentDays));
}

const daysOf = (days: string | undefined) => (days === undefined ? undefined : Number(days));

function checkOrder(steps: readonly Step[], expiresAfterDays = Number.POSITIVE_INFINITY): void {
  const coldness = ({ storageClass }: Step) => STORAGE_CLASSES.indexOf(storageClass);
  const ordered = [...steps].sort((left, right) => coldness(left) - coldness(right));
  const days = [...ordered.flatMap((step) => step.days ?? []), expiresAfterDays];
  const ascending = days.every((value, index) => index === 0 || value > (days[index - 1] ?? 0));
  if (ascending && steps.every((step) => coldness(step) > 0)) return;
  throw new OssFault("InvalidArgument", {
    message: "The transitions of a rule must go to colder classes, before it expires.",
  });
}

/**
 * The lengths of keys and values are not checked, see test_lifecycle_object_tagging_exceptions_wrong_key of oss2 2.19.1.
 * @see https://help.aliyun.com/en/oss/developer-reference/putobjecttagging the characters
 */
function checkTagCharacters(tags: readonly z.output<typeof tag>[]): void {
  const valid = (part: string) => /^[\p{L}\p{N} +\-=._:/]*$/u.test(part);
  if (!tags.every(({ Key: key, Value: value }) => valid(key) && valid(value))) throw new OssFault("InvalidTag");
}
