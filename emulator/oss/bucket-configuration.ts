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
  writable: boolean;
  deletable: boolean;
}

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
    writable: true,
    deletable: true,
  },
  {
    subresource: "website",
    noun: "Website",
    root: "WebsiteConfiguration",
    absent: { fault: "NoSuchWebsiteConfiguration" },
    writable: false,
    deletable: true,
  },
  {
    subresource: "logging",
    noun: "Logging",
    root: "BucketLoggingStatus",
    absent: { document: `${DECLARATION}<BucketLoggingStatus></BucketLoggingStatus>` },
    writable: true,
    deletable: true,
  },
  {
    subresource: "referer",
    noun: "Referer",
    root: "RefererConfiguration",
    absent: {
      document: `${DECLARATION}<RefererConfiguration><AllowEmptyReferer>true</AllowEmptyReferer><RefererList></RefererList></RefererConfiguration>`,
    },
    writable: true,
    deletable: false,
  },
  {
    subresource: "lifecycle",
    noun: "Lifecycle",
    root: "LifecycleConfiguration",
    absent: { fault: "NoSuchLifecycle" },
    writable: true,
    deletable: true,
  },
  { subresource: "policy", noun: "Policy", absent: { fault: "NoSuchBucketPolicy" }, writable: true, deletable: true },
  {
    subresource: "tagging",
    noun: "Tags",
    root: "Tagging",
    absent: { document: `${DECLARATION}<Tagging><TagSet></TagSet></Tagging>` },
    writable: true,
    deletable: true,
  },
  {
    subresource: "transferAcceleration",
    noun: "TransferAcceleration",
    root: "TransferAccelerationConfiguration",
    absent: { fault: "NoSuchTransferAccelerationConfiguration" },
    writable: false,
    deletable: false,
  },
  {
    subresource: "resourceGroup",
    noun: "ResourceGroup",
    root: "BucketResourceGroupConfiguration",
    absent: {
      document: `${DECLARATION}<BucketResourceGroupConfiguration><ResourceGroupId>rg-emulated</ResourceGroupId></BucketResourceGroupConfiguration>`,
    },
    writable: true,
    deletable: false,
  },
  {
    subresource: "encryption",
    noun: "Encryption",
    root: "ServerSideEncryptionRule",
    absent: { fault: "NoSuchServerSideEncryptionRule" },
    writable: true,
    deletable: true,
  },
  {
    subresource: "versioning",
    noun: "Versioning",
    root: "VersioningConfiguration",
    absent: { document: `${DECLARATION}<VersioningConfiguration></VersioningConfiguration>` },
    writable: false,
    deletable: false,
  },
];

/**
 * Checks the root element and returns the document without `xmlns`, as it is stored.
 * @throws OssFault `MalformedXML`
 */
export function checkConfiguration({ root }: BucketConfiguration, text: string): string {
  if (root === undefined) {
    checkJson(text);
    return text;
  }
  const parsed = parseXml(text);
  if (typeof parsed !== "object" || parsed === null || !(root in parsed)) throw new OssFault("MalformedXML");
  return text.replace(/(<[A-Za-z]+)\s+xmlns(?::\w+)?="[^"]*"/g, "$1");
}

function checkJson(text: string): void {
  try {
    JSON.parse(text);
  } catch {
    throw new OssFault("InvalidArgument", { message: "The policy is not a JSON document." });
  }
}

/** The encryption algorithm for new objects of a bucket; undefined when they are not encrypted. */
export function bucketEncryption(bucket: Pick<Bucket, "configurations">): string | undefined {
  return /<SSEAlgorithm>\s*(\w+)\s*<\/SSEAlgorithm>/.exec(bucket.configurations.encryption ?? "")?.[1];
}

/** The encryption configuration of a bucket, as PutBucketEncryption stores it. */
export function encryptionDocument(algorithm: string): string {
  return `${DECLARATION}<ServerSideEncryptionRule><ApplyServerSideEncryptionByDefault><SSEAlgorithm>${algorithm}</SSEAlgorithm></ApplyServerSideEncryptionByDefault></ServerSideEncryptionRule>`;
}

/** `Enabled` or `Suspended`; undefined for a bucket whose versioning was never switched on. */
export function bucketVersioning(bucket: Pick<Bucket, "configurations">): string | undefined {
  return /<Status>(\w+)<\/Status>/.exec(bucket.configurations.versioning ?? "")?.[1];
}

/** The versioning of a bucket, as GetBucketVersioning returns it. */
export const versioningDocument = (status: string): string =>
  `${DECLARATION}<VersioningConfiguration><Status>${status}</Status></VersioningConfiguration>`;
