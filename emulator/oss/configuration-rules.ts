import { z } from "zod";
import {
  boolean,
  type ConfigurationRule,
  emptyElement,
  oneOrMore,
  parseConfiguration,
  tag,
  text,
} from "./configuration-rule";
import { OssFault } from "./oss-fault";
import { xmlDocument } from "./oss-xml";

const taggingSchema = z.object({
  Tagging: z.object({ TagSet: z.union([emptyElement, z.object({ Tag: oneOrMore(tag).optional() })]) }),
});
const MAX_TAGS = 20;
type Tag = z.infer<typeof tag>;

/** The tags of a document. @throws OssFault `MalformedXML` */
export function tagsIn(document: unknown): Tag[] {
  const { TagSet: set } = parseConfiguration(taggingSchema, document).Tagging;
  return typeof set === "string" ? [] : (set.Tag ?? []);
}

export function tagsDocument(tags: Tag[]): string {
  return xmlDocument("Tagging", { TagSet: { Tag: tags } });
}

/**
 * @see https://help.aliyun.com/en/oss/developer-reference/putbuckettags at most 20 tags
 * @see https://www.alibabacloud.com/help/en/oss/support/0010-00000219 keys and values
 * @see https://www.alibabacloud.com/help/en/oss/user-guide/0010-00000207 and 0010-00000002: prefixes
 */
export const checkTags: ConfigurationRule = (document) => {
  const tags = tagsIn(document);
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
  MaxAgeSeconds: text.optional(),
});
const corsSchema = z.object({
  CORSConfiguration: z.object({
    CORSRule: oneOrMore(corsRule).refine((rules) => rules.length <= 20),
    ResponseVary: boolean.optional(),
  }),
});

/** @see https://help.aliyun.com/en/oss/developer-reference/putbucketcors */
export const checkCors: ConfigurationRule = (document) => {
  for (const { MaxAgeSeconds: seconds } of parseConfiguration(corsSchema, document).CORSConfiguration.CORSRule) {
    if (seconds === undefined || /^\d{1,9}$/.test(seconds)) continue;
    // test_invalid_argument of oss2 2.19.1 reads the two elements.
    throw new OssFault("InvalidArgument", { extra: { ArgumentName: "MaxAgeSeconds", ArgumentValue: seconds } });
  }
};

const refererSchema = z.object({
  RefererConfiguration: z.object({
    AllowEmptyReferer: boolean,
    RefererList: z.union([emptyElement, z.object({ Referer: oneOrMore(text).optional() })]).optional(),
  }),
});

/** @see https://help.aliyun.com/en/oss/developer-reference/putbucketreferer */
export const checkReferer: ConfigurationRule = (document) => {
  parseConfiguration(refererSchema, document);
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
  const status = parseConfiguration(loggingSchema, document).BucketLoggingStatus;
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
  const { ResourceGroupId: id } = parseConfiguration(resourceGroupSchema, document).BucketResourceGroupConfiguration;
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
