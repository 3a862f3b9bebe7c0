import type { ConfigurationRule, RuleContext } from "./configuration-rule";
import {
  checkCors,
  checkLogging,
  checkPolicy,
  checkReferer,
  checkResourceGroup,
  checkTags,
  tagsDocument,
  tagsIn,
} from "./configuration-rules";
import type { Encryption } from "./encryption";
import { checkEncryption, encryptionDocument, encryptionIn } from "./encryption-rule";
import { checkLifecycle } from "./lifecycle-rule";
import { OssFault, type OssFaultCode } from "./oss-fault";
import type { Bucket } from "./oss-state";
import { parseXml } from "./oss-xml";

/** A sub-resource of a bucket. GET returns the document as PUT stored it. */
export interface BucketConfiguration {
  /** Query parameter, for example `lifecycle`. */
  subresource: string;
  /**
   * Part of the operation names: `Lifecycle` gives GetBucketLifecycle, PutBucketLifecycle and DeleteBucketLifecycle.
   */
  noun: string;
  /** Root element of the document; undefined for the policy, which is JSON. */
  root?: string;
  /** The reply to GET when the bucket has no such configuration. */
  absent: { fault: OssFaultCode } | { document: string };
  /** Checks the documents of PUT; undefined when the configuration is read only. */
  rule?: ConfigurationRule;
  /** Changes the text of a valid document to what GET shows; undefined when GET shows it as it was put. */
  normalise?: (text: string) => string;
  deletable: boolean;
  /** Removes the named parts of a stored document, as DELETE with a value of the parameter does. */
  without?: (text: string, names: readonly string[]) => string;
}

/** The resource group of a bucket that was put into none. */
const DEFAULT_RESOURCE_GROUP = "rg-emulated";
const DEFAULT_RESOURCE_GROUP_ELEMENT = `<ResourceGroupId>${DEFAULT_RESOURCE_GROUP}</ResourceGroupId>`;

const DECLARATION = `<?xml version="1.0" encoding="UTF-8"?>\n`;

/**
 * Observed with the alicloud provider 3.105.0, which reads all of these for each bucket: some must return 200 when the
 * configuration is absent, the others a specific 404.
 */
export const BUCKET_CONFIGURATIONS: readonly BucketConfiguration[] = [
  {
    subresource: "cors",
    noun: "Cors",
    root: "CORSConfiguration",
    absent: { fault: "NoSuchCORSConfiguration" },
    rule: checkCors,
    normalise: (text) =>
      withDefault(
        text.replace(/(?<=<AllowedHeader>)[^<]*/g, (header) => header.toLowerCase()),
        "CORSConfiguration",
        { ResponseVary: "false" },
      ),
    deletable: true,
  },
  {
    subresource: "website",
    noun: "Website",
    root: "WebsiteConfiguration",
    absent: { fault: "NoSuchWebsiteConfiguration" },
    deletable: true,
  },
  {
    subresource: "logging",
    noun: "Logging",
    root: "BucketLoggingStatus",
    absent: { document: `${DECLARATION}<BucketLoggingStatus></BucketLoggingStatus>` },
    rule: checkLogging,
    deletable: true,
  },
  {
    subresource: "referer",
    noun: "Referer",
    root: "RefererConfiguration",
    absent: {
      document: `${DECLARATION}<RefererConfiguration><AllowEmptyReferer>true</AllowEmptyReferer><RefererList></RefererList></RefererConfiguration>`,
    },
    rule: checkReferer,
    normalise: (text) => withDefault(text, "RefererConfiguration", { AllowTruncateQueryString: "true" }),
    deletable: false,
  },
  {
    subresource: "lifecycle",
    noun: "Lifecycle",
    root: "LifecycleConfiguration",
    absent: { fault: "NoSuchLifecycle" },
    rule: checkLifecycle,
    normalise: (text) => text.replace(/(?<=<ExpiredObjectDeleteMarker>)[^<]*/g, (flag) => flag.toLowerCase()),
    deletable: true,
  },
  {
    subresource: "policy",
    noun: "Policy",
    absent: { fault: "NoSuchBucketPolicy" },
    rule: checkPolicy,
    deletable: true,
  },
  {
    subresource: "tagging",
    noun: "Tags",
    root: "Tagging",
    absent: { document: `${DECLARATION}<Tagging><TagSet></TagSet></Tagging>` },
    rule: checkTags,
    deletable: true,
    without: (text, names) => tagsDocument(tagsIn(parseXml(text)).filter(({ Key: key }) => !names.includes(key))),
  },
  {
    subresource: "transferAcceleration",
    noun: "TransferAcceleration",
    root: "TransferAccelerationConfiguration",
    absent: { fault: "NoSuchTransferAccelerationConfiguration" },
    deletable: false,
  },
  {
    subresource: "resourceGroup",
    noun: "ResourceGroup",
    root: "BucketResourceGroupConfiguration",
    absent: {
      document: `${DECLARATION}<BucketResourceGroupConfiguration>${DEFAULT_RESOURCE_GROUP_ELEMENT}</BucketResourceGroupConfiguration>`,
    },
    rule: checkResourceGroup,
    normalise: (text) =>
      text.replace(/<ResourceGroupId>\s*<\/ResourceGroupId>|<ResourceGroupId\s*\/>/, DEFAULT_RESOURCE_GROUP_ELEMENT),
    deletable: false,
  },
  {
    subresource: "encryption",
    noun: "Encryption",
    root: "ServerSideEncryptionRule",
    absent: { fault: "NoSuchServerSideEncryptionRule" },
    rule: checkEncryption,
    normalise: (text) => encryptionDocument(encryptionIn(parseXml(text))),
    deletable: true,
  },
  {
    subresource: "versioning",
    noun: "Versioning",
    root: "VersioningConfiguration",
    absent: { document: `${DECLARATION}<VersioningConfiguration></VersioningConfiguration>` },
    deletable: false,
  },
];

/**
 * Checks a document and returns it as GET shows it, always without `xmlns`.
 * @throws OssFault
 */
export function checkConfiguration(
  { root, rule, normalise = (same) => same }: Pick<BucketConfiguration, "root" | "rule" | "normalise">,
  text: string,
  context: RuleContext,
): string {
  if (root === undefined) {
    rule?.(parseJson(text), context);
    return text;
  }
  const parsed = parseXml(text);
  if (typeof parsed !== "object" || parsed === null || !(root in parsed)) throw new OssFault("MalformedXML");
  rule?.(parsed, context);
  return normalise(text.replace(/(<[A-Za-z]+)\s+xmlns(?::\w+)?="[^"]*"/g, "$1"));
}

/** Adds elements that a document lacks at the end of its root, with the service's defaults. */
function withDefault(text: string, root: string, defaults: Record<string, string>): string {
  const added = Object.entries(defaults)
    .filter(([element]) => !text.includes(`<${element}>`))
    .map(([element, value]) => `<${element}>${value}</${element}>`);
  return text.replace(`</${root}>`, `${added.join("")}</${root}>`);
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new OssFault("InvalidPolicyDocument");
  }
}

/** The encryption of new objects of a bucket; undefined when they are not encrypted. */
export function bucketEncryption(bucket: Pick<Bucket, "configurations">): Encryption | undefined {
  const { encryption } = bucket.configurations;
  return encryption === undefined ? undefined : encryptionIn(parseXml(encryption));
}

/** The id of the resource group of a bucket. */
export function bucketResourceGroup(bucket: Pick<Bucket, "configurations">): string {
  const [, id] = /<ResourceGroupId>([^<]*)</.exec(bucket.configurations.resourceGroup ?? "") ?? [];
  return id ?? DEFAULT_RESOURCE_GROUP;
}

/** `Enabled` or `Suspended`; undefined for a bucket whose versioning was never switched on. */
export function bucketVersioning(bucket: Pick<Bucket, "configurations">): string | undefined {
  return /<Status>(\w+)<\/Status>/.exec(bucket.configurations.versioning ?? "")?.[1];
}

/** The versioning of a bucket, as GetBucketVersioning returns it. */
export const versioningDocument = (status: string): string =>
  `${DECLARATION}<VersioningConfiguration><Status>${status}</Status></VersioningConfiguration>`;
