import { z } from "zod";
import { parseIsoTime } from "../calendar-time";
import { boolean, type ConfigurationRule, oneOrMore, parseConfiguration, text } from "./configuration-rule";
import { STORAGE_CLASSES } from "./object-attributes";
import { OssFault } from "./oss-fault";

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
const lifecycleRule = z
  .object({
    ID: text.max(255).optional(),
    Prefix: z.string().optional(),
    Status: text.pipe(z.enum(["Enabled", "Disabled"])),
    Expiration: z
      .object({ ...time, ExpiredObjectDeleteMarker: boolean.optional() })
      .refine((action) => hasOneTime(action) || isMarkerOnly(action))
      .optional(),
    Transition: oneOrMore(transition).optional(),
    AbortMultipartUpload: timedAction.optional(),
    NoncurrentVersionExpiration: versionAction.optional(),
    NoncurrentVersionTransition: oneOrMore(versionAction).optional(),
  })
  .refine(({ ID: _, Prefix: __, Status: ___, ...actions }) => Object.keys(actions).length > 0);
const lifecycleSchema = z.object({ LifecycleConfiguration: z.object({ Rule: oneOrMore(lifecycleRule) }) });
const MAX_LIFECYCLE_RULES = 1000;

/** @see https://help.aliyun.com/en/oss/developer-reference/putbucketlifecycle */
export const checkLifecycle: ConfigurationRule = (document) => {
  const { Rule: rules } = parseConfiguration(lifecycleSchema, document).LifecycleConfiguration;
  if (rules.length > MAX_LIFECYCLE_RULES) throw new OssFault("MalformedXML");
  const ids = rules.flatMap(({ ID: id }) => (id === undefined || id === "" ? [] : [id]));
  if (new Set(ids).size < ids.length) {
    throw new OssFault("InvalidArgument", { message: "The rule ID must be unique." });
  }
};
