import { headerBytes } from "../http/header-bytes";
import { headerOf } from "../http/incoming-request";
import type { QueryPair } from "../http/request-target";
import { canonicalResource, type OssSignedRequest } from "./oss-signed-request";
import { hmacSha1Base64 } from "./signature-digest";

/**
 * Query parameters that a V1 signature covers. Others (`max-parts`, `prefix`, `encoding-type`, `list-type`) are not
 * signed. Source: "Include signatures in the Authorization header", CanonicalizedResource, and the lists in ali-oss
 * 6.23.0, oss2 2.19.1, alibabacloud-oss-v2 1.4.1 and alibabacloud-oss-go-sdk-v2 1.5.0, with the sub-resources that their
 * operations name. They agree for all operations of the emulator.
 */
const SIGNED_PARAMETERS: ReadonlySet<string> = new Set(
  `accessPoint accessPointConfigForObjectProcess accessPointForObjectProcess accessPointPolicy
  accessPointPolicyForObjectProcess acl append asyncFetch bucketArchiveDirectRead bucketInfo callback callback-var
  cleanRestoredObject cloudboxes cname comp continuation-token cors dataPipeline delete encryption endTime group
  httpsConfig img inventory inventoryId legalHold lifecycle link live location logging metaQuery MetaQuery
  objectInfo objectMeta objectWorm overwriteConfig partNumber policy policyStatus position publicAccessBlock qos
  qosInfo qosRequester redundancyTransition referer regionList regions replication replicationLocation
  replicationProgress requesterQosInfo requestPayment resourceGroup resourcePool resourcePoolBuckets
  resourcePoolInfo response-cache-control response-content-disposition response-content-encoding
  response-content-language response-content-type response-expires restore retention rtc seal security-token
  sequential startTime stat status style styleName symlink tagging transferAcceleration uploadId uploads
  userDefinedLogFieldsConfig versionId versioning versions vod website worm wormExtend wormId
  x-oss-ac-forward-allow x-oss-ac-source-ip x-oss-ac-subnet-mask x-oss-ac-vpc-id x-oss-access-point-name
  x-oss-async-process x-oss-process x-oss-redundancy-transition-taskid x-oss-request-payer
  x-oss-target-redundancy-type x-oss-traffic-limit x-oss-write-get-object-response`.split(/\s+/),
);

/**
 * Returns the string to sign of a V1 signature (HMAC-SHA1), one character per byte. `date` is the date header's value, or `Expires` in a signed
 * URL.
 * @see https://help.aliyun.com/en/oss/developer-reference/include-signatures-in-the-authorization-header
 */
export function stringToSignV1(request: OssSignedRequest, date: string): string {
  const ossHeaders = Object.keys(request.headers)
    .filter((name) => name.startsWith("x-oss-"))
    .sort()
    .map((name) => `${name}:${headerOf(request.headers, name) ?? ""}\n`);
  return [
    request.method,
    headerOf(request.headers, "content-md5") ?? "",
    headerOf(request.headers, "content-type") ?? "",
    date,
    `${ossHeaders.join("")}${headerBytes(canonicalResource(request) + canonicalParameters(request.query))}`,
  ].join("\n");
}

function canonicalParameters(query: readonly QueryPair[]): string {
  const signed = query
    .filter(([name]) => SIGNED_PARAMETERS.has(name))
    .sort(([left], [right]) => (left < right ? -1 : left > right ? 1 : 0))
    .map(([name, value]) => (value === "" ? name : `${name}=${value}`));
  return signed.length === 0 ? "" : `?${signed.join("&")}`;
}

export function signV1(secret: string, request: OssSignedRequest, date: string): string {
  return hmacSha1Base64(secret, stringToSignV1(request, date));
}
