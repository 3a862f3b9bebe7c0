import { entry } from "./catalogue-entry";
import { policyText } from "./ram-policy";
import { PAGES } from "./vendor-pages";

/** One call to OSS, as messages name it. */
export interface Call {
  /** For example `UploadPart`. */
  operation: string;
  /** `oss://bucket` or `oss://bucket/key`. */
  target: string;
}

/** The bucket and all its objects, out of `oss://bucket/key`. */
const bucketResources = (target: string): string[] => {
  const bucket = target.replace(/^oss:\/\/([^/]*).*$/s, "$1");
  return [`acs:oss:*:*:${bucket}`, `acs:oss:*:*:${bucket}/*`];
};

/** Faults of the bucket, the object and the upload. */
export const ossErrors = {
  OSS_NO_SUCH_BUCKET: entry<{ bucket: string }>({
    match: { oss: ["NoSuchBucket"] },
    script: "{'status': 404, ..., 'The specified bucket does not exist.'}",
    message: (e) => `[bucket] The bucket ${e.bucket} does not exist.`,
    remedy:
      "Correct the name, or create the bucket in the region of the instance (Standard, no server-side encryption).",
    retry: "afterFix",
    source: "OSS GetBucketInfo, NoSuchBucket",
    link: PAGES.instanceMigration,
  }),
  OSS_ACCESS_DENIED: entry<Call & { action: string; answer: string }>({
    match: { oss: ["AccessDenied"] },
    message: (e) => `OSS refused ${e.operation} on ${e.target}: ${e.answer}.`,
    remedy: (e) =>
      `Grant ${e.action} on this bucket to the user or role that runs this program, and check that no bucket policy or network rule denies it: ${policyText([e.action], bucketResources(e.target))}`,
    retry: "afterFix",
    source: "OSS error code AccessDenied, EC 0003-00000001",
    link: PAGES.ossForbidden,
  }),
  OSS_WRONG_ENDPOINT: entry<Call & { endpoint: string; answer: string }>({
    match: { oss: ["SecondLevelDomainForbidden"] },
    message: (e) => `${e.target} cannot be reached through ${e.endpoint}: ${e.answer}.`,
    remedy:
      "Set `region` to the bucket's own region. A bucket on the Chinese mainland may need its custom domain as `endpoint`, an accelerated one must have transfer acceleration switched on.",
    retry: "afterFix",
    source: "OSS, regions and endpoints; error codes AccessDenied (specified endpoint), SecondLevelDomainForbidden",
    link: PAGES.ossEndpoints,
  }),
  OSS_CREDENTIALS_REFUSED: entry<Call & { code: string; answer: string }>({
    match: { oss: ["InvalidAccessKeyId", "SignatureDoesNotMatch", "InvalidSecurityToken"] },
    message: (e) => `OSS does not accept the credentials (${e.code}) for ${e.operation} on ${e.target}: ${e.answer}.`,
    remedy:
      "Check the AccessKey id and secret (and the security token, if they are temporary), that the key is enabled, and `region`, which enters the signature.",
    retry: "afterFix",
    source: "OSS error codes InvalidAccessKeyId, SignatureDoesNotMatch, InvalidSecurityToken",
    link: PAGES.ossForbidden,
  }),
  OSS_CREDENTIALS_EXPIRED: entry<Call>({
    match: { oss: ["SecurityTokenExpired"] },
    message: (e) =>
      `The temporary credentials ran out during ${e.operation} on ${e.target}, and no newer ones are to be had.`,
    remedy:
      "Get a new security token and run up again: what is uploaded stays and is not sent twice. A RAM role or an OIDC provider renews its tokens by itself.",
    retry: "afterFix",
    source: "OSS error code SecurityTokenExpired",
    link: PAGES.ossForbidden,
  }),
  OSS_CLOCK_SKEWED: entry<Call & { answer: string }>({
    match: { oss: ["RequestTimeTooSkewed"] },
    message: (e) => `OSS refused ${e.operation} on ${e.target} because of this machine's clock: ${e.answer}.`,
    remedy:
      "A clock that is off by a fixed time is made up for; this one is not, so set it right (NTP), and check that no proxy holds requests back for more than 15 minutes.",
    retry: "afterFix",
    source: "OSS error code RequestTimeTooSkewed, EC 0002-00000504",
    link: PAGES.ossClock,
  }),
  OSS_ACCOUNT_DISABLED: entry<Call & { answer: string }>({
    match: { oss: ["UserDisable"] },
    message: (e) => `OSS refused ${e.operation} on ${e.target} because the account cannot use it: ${e.answer}.`,
    remedy: "Settle overdue payments or activate OSS for this account, then run up again.",
    retry: "afterFix",
    source: "OSS error code UserDisable",
    link: PAGES.ossForbidden,
  }),
  OSS_REFUSED: entry<Call & { code: string; answer: string }>({
    message: (e) => `OSS refused ${e.operation} on ${e.target} with ${e.code}: ${e.answer}.`,
    remedy:
      "Look the code up in the OSS error codes; quote the RequestId to Alibaba Cloud if it does not explain itself.",
    retry: "afterFix",
    source: "OSS error responses",
  }),
  OSS_REPLY_UNREADABLE: entry<Call & { status: string; beginning: string }>({
    message: (e) => `The reply to ${e.operation} on ${e.target} was not one of OSS (${e.status}): ${e.beginning}.`,
    remedy:
      "Something between this machine and OSS answers in its place: check HTTPS_PROXY, HTTP_PROXY, NO_PROXY and `endpoint`, then run up again.",
    retry: "afterFix",
    source: "this project: a reply without OSS's XML, repeatedly",
  }),
  OSS_TLS_FAILED: entry<Call & { endpoint: string; fault: string }>({
    message: (e) => `No trusted TLS connection to ${e.endpoint} for ${e.operation} on ${e.target}: ${e.fault}.`,
    remedy:
      "Where a company proxy re-signs TLS, give Node its root certificate with NODE_EXTRA_CA_CERTS; a custom domain needs a certificate for its own name.",
    retry: "afterFix",
    source: "Node.js TLS error codes",
  }),
  OSS_UNAVAILABLE: entry<Call & { minutes: string; last: string }>({
    script: "{'status': -2, ..., 'Failed to establish a new connection'}",
    message: (e) => `${e.operation} on ${e.target} got no further for ${e.minutes}; the last fault was: ${e.last}.`,
    remedy: "Check the network and the endpoint, then run up again: what is uploaded stays and is not sent twice.",
    retry: "passes",
    source: "this project: the time allowed for retries ran out",
    link: PAGES.instanceMigration,
  }),
  ENDPOINT_INVALID: entry<{ property: string; value: string; fault: string }>({
    message: (e) => `[${e.property}] ${e.value} is no endpoint for OSS: ${e.fault}.`,
    remedy:
      'Use "public", "internal", "accelerate", or a URL such as https://backups.example.com; http:// switches TLS off and must be written out.',
    retry: "never",
    source: "OSS, regions and endpoints",
    link: PAGES.ossEndpoints,
  }),
  PART_SIZE_OUT_OF_RANGE: entry<{ partSizeBytes: number; minPartBytes: number; maxPartBytes: number }>({
    message: (e) =>
      `[upload.partSize] ${e.partSizeBytes} bytes is outside of what OSS accepts for a part (${e.minPartBytes} to ${e.maxPartBytes}).`,
    remedy: "Leave it out: the size is then chosen from the size of the file.",
    retry: "never",
    source: "OSS, multipart upload limits, EC 0042-00000213",
    link: PAGES.ossParts,
  }),
  FILE_TOO_LARGE: entry<{ sizeBytes: number; mostBytes: number }>({
    message: (e) =>
      `The file has ${e.sizeBytes} bytes; an object of OSS holds at most ${e.mostBytes} (10,000 parts of 5 GiB).`,
    remedy: "Compress the backup. RDS itself takes files up to 3 TB.",
    retry: "never",
    source: "OSS, multipart upload limits",
    link: PAGES.ossParts,
  }),
  FILE_CHANGED: entry<{ file: string; change: string }>({
    message: (e) => `${e.file} changed while it was uploaded: ${e.change}.`,
    remedy:
      "Wait until the backup is finished, then run up again. Every uploaded part is compared with the file, so parts of the old and the new state never mix.",
    retry: "afterFix",
    source: "this project: size, modification time and inode are checked before the object comes into being",
  }),
  FILE_UNREADABLE: entry<{ file: string; fault: string }>({
    message: (e) => `[backup] ${e.file} cannot be read: ${e.fault}.`,
    remedy: "Check that the file exists on this machine, that this user may read it, and the disk's health.",
    retry: "afterFix",
    source: "the operating system's error code",
  }),
  OBJECT_DIFFERS: entry<{ bucket: string; key: string; file: string; difference: string }>({
    message: (e) => `oss://${e.bucket}/${e.key} already holds something else than ${e.file}: ${e.difference}.`,
    remedy: "It is never overwritten. Use another `folder`, or delete the object if nobody needs it.",
    retry: "afterFix",
    source: "this project, x-oss-forbid-overwrite",
  }),
  OBJECT_CHANGED: entry<{ bucket: string; key: string; change: string }>({
    message: (e) => `oss://${e.bucket}/${e.key} changed while it was read: ${e.change}.`,
    remedy: "Wait until whoever writes it has finished, then run again.",
    retry: "afterFix",
    source: "OSS GetObject with If-Match",
  }),
  OBJECT_UNVERIFIED: entry<{ bucket: string; key: string }>({
    message: (e) => `OSS tells no CRC-64 of oss://${e.bucket}/${e.key}, so nothing shows that it equals the file.`,
    remedy:
      "Check that no proxy drops the reply's header x-oss-hash-crc64ecma. An object from before the service had checksums: delete it or use another `folder`.",
    retry: "afterFix",
    source: "OSS, CRC-64 check; x-oss-hash-crc64ecma",
  }),
  OBJECT_CORRUPT: entry<{ bucket: string; key: string; expected: string; found: string; left?: string }>({
    message: (e) =>
      `OSS assembled oss://${e.bucket}/${e.key} to something else than was sent (CRC-64 ${e.found} instead of ${e.expected}); ${e.left === undefined ? "it was deleted again" : `it could not be deleted: ${e.left}`}.`,
    remedy: "Run up again. If it repeats, report the RequestId to Alibaba Cloud.",
    retry: "passes",
    source: "this project: x-oss-hash-crc64ecma of the whole object is compared",
  }),
  PART_CORRUPT: entry<{ bucket: string; key: string; part: number; expected: string; found: string; attempts: number }>(
    {
      message: (e) =>
        `Part ${e.part} of oss://${e.bucket}/${e.key} arrived changed ${e.attempts} times in a row (CRC-64 ${e.found} instead of ${e.expected}).`,
      remedy:
        "Something on the way or this machine's memory damages data: use https, try without the proxy or from another machine.",
      retry: "afterFix",
      source: "this project: x-oss-hash-crc64ecma of every part is compared",
    },
  ),
  UPLOAD_STOPPED: entry<{ bucket: string; key: string }>({
    message: (e) => `The upload to oss://${e.bucket}/${e.key} was stopped.`,
    remedy: "Run up again: what is uploaded stays and is not sent twice.",
    retry: "passes",
    source: "this project",
  }),
  UPLOAD_DISTURBED: entry<{ bucket: string; key: string; rounds: number; last: string }>({
    message: (e) =>
      `The unfinished upload to oss://${e.bucket}/${e.key} was taken away or rewritten ${e.rounds} times; the last time: ${e.last}.`,
    remedy:
      "Another process uploads to the same key or aborts uploads: stop it, check lifecycle rules, then run up again.",
    retry: "afterFix",
    source: "OSS error codes NoSuchUpload, InvalidPart",
  }),
};
