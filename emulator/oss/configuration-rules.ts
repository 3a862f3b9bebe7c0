import { z } from "zod";
import { parseIsoTime } from "../calendar-time";
import { ENCRYPTIONS, isEncryption, STORAGE_CLASSES } from "./object-attributes";
import { OssFault } from "./oss-fault";
import type { Bucket } from "./oss-state";

/** What a rule may look up: the configured bucket and the others. */
export interface RuleContext {
  bucket: Bucket;
  buckets: ReadonlyMap<string, Bucket>;
}

/** Checks a parsed document beyond its root element. @throws OssFault */
export type ConfigurationRule = (document: unknown, context: RuleContext) => void;

const text = z.string().trim();
const oneOrMore = <T extends z.ZodType>(element: T) =>
  z.union([z.array(element), element.transform((one) => [one])]) as z.ZodType<z.output<T>[]>;
const emptyElement = text.length(0);
const positive = text.regex(/^[1-9]\d{0,8}$/);
const boolean = text.regex(/^(true|false)$/);

/** @throws OssFault `MalformedXML` */
function parse<T>(schema: z.ZodType<T>, document: unknown): T {
  const parsed = schema.safeParse(document);
  if (!parsed.success) throw new OssFault("MalformedXML");
  return parsed.data;
}

const encryptionSchema = z.object({
  ServerSideEncryptionRule: z.object({
    ApplyServerSideEncryptionByDefault: z.object({
      SSEAlgorithm: text,
      KMSMasterKeyID: text.optional(),
      KMSDataEncryption: text.optional(),
    }),
  }),
});

/** The algorithm of a document that `checkEncryption` accepted. */
export function algorithmOf(document: unknown): string {
  return parse(encryptionSchema, document).ServerSideEncryptionRule.ApplyServerSideEncryptionByDefault.SSEAlgorithm;
}

/**
 * @see https://www.alibabacloud.com/help/en/oss/user-guide/0005-00000003 unknown algorithms
 * @see https://help.aliyun.com/en/oss/user-guide/0005-00000203 KMSDataEncryption
 * @see https://help.aliyun.com/en/oss/user-guide/0005-00000204 a key without KMS
 */
export const checkEncryption: ConfigurationRule = (document) => {
  const rule = parse(encryptionSchema, document).ServerSideEncryptionRule.ApplyServerSideEncryptionByDefault;
  const { SSEAlgorithm: algorithm, KMSMasterKeyID: keyId = "", KMSDataEncryption: dataEncryption = "" } = rule;
  if (!isEncryption(algorithm)) {
    throw new OssFault("InvalidEncryptionAlgorithmError", {
      message: `Invalid Encryption Algorithm ${algorithm}. Supported: ${ENCRYPTIONS.join(", ")}.`,
      ec: "0005-00000003",
    });
  }
  if (algorithm !== "KMS" && keyId !== "") {
    throw new OssFault("InvalidArgument", { message: "KMSMasterKeyID needs KMS.", ec: "0005-00000204" });
  }
  if (dataEncryption !== "" && (algorithm !== "KMS" || dataEncryption !== "SM4")) {
    throw new OssFault("InvalidArgument", { message: "Invalid KMSDataEncryption.", ec: "0005-00000203" });
  }
};

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
  const { Rule: rules } = parse(lifecycleSchema, document).LifecycleConfiguration;
  if (rules.length > MAX_LIFECYCLE_RULES) throw new OssFault("MalformedXML");
  const ids = rules.flatMap(({ ID: id }) => (id === undefined || id === "" ? [] : [id]));
  if (new Set(ids).size < ids.length) {
    throw new OssFault("InvalidArgument", { message: "The rule ID must be unique." });
  }
};

const tag = z.object({ Key: z.string(), Value: z.string() });
const taggingSchema = z.object({
  Tagging: z.object({ TagSet: z.union([emptyElement, z.object({ Tag: oneOrMore(tag).optional() })]) }),
});
const MAX_TAGS = 20;

/**
 * @see https://help.aliyun.com/en/oss/developer-reference/putbuckettags at most 20 tags
 * @see https://www.alibabacloud.com/help/en/oss/support/0010-00000219 keys and values
 * @see https://www.alibabacloud.com/help/en/oss/user-guide/0010-00000207 and 0010-00000002: prefixes
 */
export const checkTags: ConfigurationRule = (document) => {
  const { TagSet: set } = parse(taggingSchema, document).Tagging;
  const tags = typeof set === "string" ? [] : (set.Tag ?? []);
  const keys = tags.map(({ Key: key }) => key);
  if (tags.length > MAX_TAGS) throw new OssFault("InvalidTag", { message: `At most ${MAX_TAGS} tags are allowed.` });
  if (new Set(keys).size < keys.length) throw new OssFault("InvalidTag", { message: "The tag keys must be unique." });
  for (const { Key: key, Value: value } of tags) {
    if (/^acs/i.test(key)) throw new OssFault("InvalidTag", { ec: "0010-00000002" });
    if (/^(https?:\/\/|Aliyun)/i.test(key)) throw new OssFault("InvalidTag", { ec: "0010-00000207" });
    if (key === "" || Buffer.byteLength(key) > 64 || Buffer.byteLength(value) > 128) {
      throw new OssFault("InvalidTag", { ec: "0010-00000219" });
    }
  }
};

const corsRule = z.object({
  AllowedOrigin: oneOrMore(text.min(1)),
  AllowedMethod: oneOrMore(text.pipe(z.enum(["GET", "PUT", "DELETE", "POST", "HEAD"]))),
  MaxAgeSeconds: text.regex(/^\d{1,9}$/).optional(),
});
const corsSchema = z.object({
  CORSConfiguration: z.object({
    CORSRule: oneOrMore(corsRule).refine((rules) => rules.length <= 20),
    ResponseVary: boolean.optional(),
  }),
});

/** @see https://help.aliyun.com/en/oss/developer-reference/putbucketcors */
export const checkCors: ConfigurationRule = (document) => {
  parse(corsSchema, document);
};

const refererSchema = z.object({
  RefererConfiguration: z.object({
    AllowEmptyReferer: boolean,
    RefererList: z.union([emptyElement, z.object({ Referer: oneOrMore(text).optional() })]).optional(),
  }),
});

/** @see https://help.aliyun.com/en/oss/developer-reference/putbucketreferer */
export const checkReferer: ConfigurationRule = (document) => {
  parse(refererSchema, document);
};

const loggingSchema = z.object({
  BucketLoggingStatus: z.union([
    emptyElement,
    z.object({ LoggingEnabled: z.object({ TargetBucket: text.min(1) }).optional() }),
  ]),
});

/**
 * @see https://help.aliyun.com/en/oss/user-guide/0032-00000008 no such bucket
 * @see https://help.aliyun.com/en/oss/user-guide/0032-00000009 another account's bucket
 * @see https://help.aliyun.com/en/oss/user-guide/0032-00000010 another region's bucket
 */
export const checkLogging: ConfigurationRule = (document, { bucket, buckets }) => {
  const status = parse(loggingSchema, document).BucketLoggingStatus;
  const name = typeof status === "string" ? undefined : status.LoggingEnabled?.TargetBucket;
  if (name === undefined) return;
  const target = buckets.get(name);
  const refuse = (ec: string) => new OssFault("InvalidTargetBucketForLogging", { ec, extra: { TargetBucket: name } });
  if (target === undefined) throw refuse("0032-00000008");
  if (target.ownerId !== bucket.ownerId) throw refuse("0032-00000009");
  if (target.region !== bucket.region) throw refuse("0032-00000010");
};

const resourceGroupSchema = z.object({
  BucketResourceGroupConfiguration: z.object({ ResourceGroupId: text }),
});

/** The integration tests of alibabacloud-oss-go-sdk-v2 1.5.0 print the error for `rg-not-exist`. */
export const checkResourceGroup: ConfigurationRule = (document) => {
  const { ResourceGroupId: id } = parse(resourceGroupSchema, document).BucketResourceGroupConfiguration;
  if (id !== "" && !/^rg-[a-z0-9]+$/.test(id)) throw new OssFault("ResourceGroupIdPreCheckError");
};

const policySchema = z.object({
  Version: z.literal("1"),
  Statement: z.array(
    z.object({
      Effect: z.enum(["Allow", "Deny"]),
      Action: z.union([z.string(), z.array(z.string()).min(1)]),
      Resource: z.union([z.string(), z.array(z.string()).min(1)]),
    }),
  ),
});

/**
 * @see https://help.aliyun.com/en/oss/user-guide/0030-00000005 the syntax
 * @see https://help.aliyun.com/zh/oss/user-guide/0030-00000002 the version
 */
export const checkPolicy: ConfigurationRule = (document) => {
  if (!policySchema.safeParse(document).success) throw new OssFault("InvalidPolicyDocument");
};
