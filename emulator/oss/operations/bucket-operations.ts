import { z } from "zod";
import { headerOf } from "../../http/incoming-request";
import type { Reply } from "../../http/reply";
import { bucketEncryption, bucketResourceGroup, bucketVersioning } from "../bucket-configuration";
import { bucketStat } from "../bucket-stat";
import { readEncryption } from "../encryption";
import { encryptionDocument, encryptionElements } from "../encryption-rule";
import { compareNames } from "../list-page";
import { isStorageClass } from "../object-attributes";
import { OssFault } from "../oss-fault";
import {
  bucketOf,
  integerParameter,
  type OssCall,
  type OssOperation,
  readXmlBody,
  textParameter,
  xmlReply,
} from "../oss-operation";
import type { Bucket, BucketRecord } from "../oss-state";
import { isBucketName } from "../oss-target";
import { parseXml, xmlTime } from "../oss-xml";

const ACLS = ["private", "public-read", "public-read-write"];
const MAX_BUCKETS_PER_PAGE = 1000;

export const bucketOperations: readonly OssOperation[] = [
  {
    name: "ListBuckets",
    level: "service",
    method: "GET",
    allows: ["prefix", "marker", "max-keys"],
    answer: listBuckets,
  },
  { name: "PutBucket", level: "bucket", method: "PUT", createsBucket: true, answer: putBucket },
  { name: "DeleteBucket", level: "bucket", method: "DELETE", answer: deleteBucket },
  { name: "GetBucketInfo", level: "bucket", method: "GET", requires: ["bucketInfo"], answer: getBucketInfo },
  { name: "GetBucketLocation", level: "bucket", method: "GET", requires: ["location"], answer: getBucketLocation },
  { name: "GetBucketAcl", level: "bucket", method: "GET", requires: ["acl"], answer: getBucketAcl },
  {
    name: "PutBucketAcl",
    level: "bucket",
    method: "PUT",
    requires: ["acl"],
    createsBucket: true,
    answer: putBucketAcl,
  },
  { name: "GetBucketStat", level: "bucket", method: "GET", requires: ["stat"], answer: getBucketStat },
];

function listBuckets(call: OssCall): Reply {
  const prefix = textParameter(call, "prefix");
  const marker = textParameter(call, "marker");
  const maxKeys = integerParameter(call, "max-keys", { from: 1, to: MAX_BUCKETS_PER_PAGE, fallback: 100 });
  const matching = [...call.store.state.buckets.values()]
    .filter((bucket) => bucket.ownerId === call.site.ownerId && bucket.name.startsWith(prefix ?? ""))
    .sort((left, right) => compareNames(left.name, right.name))
    .filter((bucket) => compareNames(bucket.name, marker ?? "") > 0);
  const page = matching.slice(0, maxKeys);
  const truncated = matching.length > page.length;
  return xmlReply("ListAllMyBucketsResult", {
    Prefix: prefix,
    Marker: marker,
    MaxKeys: maxKeys,
    IsTruncated: truncated,
    NextMarker: truncated ? page.at(-1)?.name : undefined,
    Owner: ownerOf(call.site.ownerId), // ali-oss fails without it
    Buckets: {
      Bucket: page.map((bucket) => ({
        CreationDate: xmlTime(bucket.createdMs),
        ...endpointsOf(bucket),
        Name: bucket.name,
        Region: bucket.region,
        StorageClass: bucket.storageClass,
      })),
    },
  });
}

const createBucketConfiguration = z.object({
  CreateBucketConfiguration: z
    .object({ StorageClass: z.string().optional(), DataRedundancyType: z.string().optional() })
    .or(z.literal("")),
});

/** @see https://help.aliyun.com/en/oss/developer-reference/putbucket */
async function putBucket(call: OssCall): Promise<Reply> {
  const name = newBucketName(call);
  const text = await readXmlBody(call);
  const parsed = text.trim() === "" ? undefined : createBucketConfiguration.safeParse(parseXml(text));
  if (parsed?.success === false) throw new OssFault("MalformedXML");
  const wanted = parsed?.data.CreateBucketConfiguration || {};
  const storageClass = wanted.StorageClass || headerOf(call.headers, "x-oss-storage-class") || "Standard";
  const dataRedundancyType = wanted.DataRedundancyType || "LRS";
  // The alicloud provider sends an empty header when the program sets no ACL (1.289.0,
  // resourceAlicloudOssBucketCreate).
  const acl = headerOf(call.headers, "x-oss-acl") || "private";
  if (!isStorageClass(storageClass) || !["LRS", "ZRS"].includes(dataRedundancyType) || !ACLS.includes(acl)) {
    throw new OssFault("InvalidArgument", {
      message: `no such bucket: ${storageClass}, ${dataRedundancyType}, ${acl}`,
    });
  }
  const encryption = readEncryption(call.headers);
  const existing = call.store.state.buckets.get(name);
  const { ownerId, region } = call.site;
  if (existing !== undefined) {
    // Creating an own bucket again succeeds if nothing differs. Without the header, the ACL is not part of the request.
    const same =
      existing.ownerId === ownerId &&
      existing.region === region &&
      existing.storageClass === storageClass &&
      existing.dataRedundancyType === dataRedundancyType &&
      (!headerOf(call.headers, "x-oss-acl") || existing.acl === acl);
    if (!same) throw new OssFault("BucketAlreadyExists", { extra: { BucketName: name } });
  } else {
    const configurations: BucketRecord["configurations"] =
      encryption === undefined ? {} : { encryption: encryptionDocument(encryption) };
    createBucket(call, { storageClass, dataRedundancyType, acl, configurations });
  }
  return { status: 200, headers: { Location: `/${name}` }, body: "" };
}

/** Unfinished uploads also prevent deletion. @see https://help.aliyun.com/en/oss/developer-reference/deletebucket */
function deleteBucket(call: OssCall): Reply {
  const { name, objects } = bucketOf(call);
  const hasUploads = [...call.store.state.uploads.values()].some((upload) => upload.bucket === name);
  if (objects.size > 0 || hasUploads) throw new OssFault("BucketNotEmpty", { extra: { BucketName: name } });
  call.store.commit({ type: "bucketDeleted", name });
  return { status: 204, headers: {} };
}

/** Every region's endpoint answers it. @see https://www.alibabacloud.com/help/doc-detail/31968.html */
function getBucketInfo(call: OssCall): Reply {
  const bucket = bucketOf(call, { anyEndpoint: true });
  return xmlReply("BucketInfo", {
    Bucket: {
      AccessMonitor: "Disabled",
      Comment: "",
      CreationDate: xmlTime(bucket.createdMs),
      ...endpointsOf(bucket),
      Name: bucket.name,
      ResourceGroupId: bucketResourceGroup(bucket),
      StorageClass: bucket.storageClass,
      TransferAcceleration: "Disabled",
      CrossRegionReplication: "Disabled",
      DataRedundancyType: bucket.dataRedundancyType,
      BlockPublicAccess: false,
      Owner: ownerOf(bucket.ownerId),
      AccessControlList: { Grant: bucket.acl },
      ServerSideEncryptionRule: encryptionElements(bucketEncryption(bucket) ?? { algorithm: "None" }),
      Versioning: bucketVersioning(bucket),
      BucketPolicy: { LogBucket: "", LogPrefix: "" },
    },
  });
}

function getBucketLocation(call: OssCall): Reply {
  const { region } = bucketOf(call, { anyEndpoint: true });
  return xmlReply("LocationConstraint", { "#text": `oss-${region}` });
}

function getBucketAcl(call: OssCall): Reply {
  const bucket = bucketOf(call);
  return xmlReply("AccessControlPolicy", {
    Owner: ownerOf(bucket.ownerId),
    AccessControlList: { Grant: bucket.acl },
  });
}

/** Creates a missing bucket, as the test "should create and set acl when bucket not exists" of ali-oss 6.23.0 expects. */
function putBucketAcl(call: OssCall): Reply {
  const acl = headerOf(call.headers, "x-oss-acl") ?? "";
  if (!ACLS.includes(acl)) throw new OssFault("InvalidArgument", { message: `no such bucket acl: ${acl}` });
  const name = newBucketName(call);
  if (call.store.state.buckets.has(name)) {
    bucketOf(call);
    call.store.commit({ type: "bucketAclSet", name, acl });
  } else {
    createBucket(call, { storageClass: "Standard", dataRedundancyType: "LRS", acl, configurations: {} });
  }
  return { status: 200, headers: { Location: `/${name}` }, body: "" };
}

/** @throws OssFault `InvalidBucketName` */
function newBucketName(call: OssCall): string {
  const name = call.target.bucket ?? "";
  if (!isBucketName(name)) throw new OssFault("InvalidBucketName", { extra: { BucketName: name } });
  return name;
}

function createBucket(
  call: OssCall,
  settings: Pick<BucketRecord, "storageClass" | "dataRedundancyType" | "acl" | "configurations">,
): void {
  const { ownerId, region } = call.site;
  const name = newBucketName(call);
  const bucket = { name, region, ownerId, createdMs: call.nowMs, ...settings };
  call.store.commit({ type: "bucketPut", bucket });
}

function getBucketStat(call: OssCall): Reply {
  const { name, objects } = bucketOf(call);
  const uploads = [...call.store.state.uploads.values()].filter((upload) => upload.bucket === name);
  return xmlReply("BucketStat", bucketStat([...objects.values()], uploads, call.nowMs));
}

function endpointsOf({ region }: Bucket): { Location: string; ExtranetEndpoint: string; IntranetEndpoint: string } {
  return {
    Location: `oss-${region}`,
    ExtranetEndpoint: `oss-${region}.aliyuncs.com`,
    IntranetEndpoint: `oss-${region}-internal.aliyuncs.com`,
  };
}

export function ownerOf(id: string): { ID: string; DisplayName: string } {
  return { ID: id, DisplayName: id };
}
