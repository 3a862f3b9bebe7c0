import { entry } from "./catalogue-entry";
import { policyText } from "./cloud-errors";
import { counted } from "./message-text";
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
    summary: (e) => `[bucket] ${e.bucket} does not exist.`,
    remedy:
      "Correct the name, or create the bucket in the region of the instance (Standard, no server-side encryption).",
    retry: "afterFix",
    source: "OSS GetBucketInfo, NoSuchBucket",
    link: PAGES.instanceMigration,
  }),
  OSS_ACCESS_DENIED: entry<Call & { action: string; answer: string }>({
    match: { oss: ["AccessDenied"] },
    summary: (e) => `OSS denies ${e.operation} on ${e.target}.`,
    details: (e) => [`OSS: ${e.answer}.`],
    remedy: (e) =>
      `Grant ${e.action} on this bucket to the user or role that runs this program. Check that no bucket policy or network rule denies it. The RAM policy: ${policyText([e.action], bucketResources(e.target))}`,
    retry: "afterFix",
    source: "OSS error code AccessDenied, EC 0003-00000001",
    link: PAGES.ossForbidden,
  }),
  OSS_WRONG_ENDPOINT: entry<Call & { endpoint: string; answer: string }>({
    match: { oss: ["SecondLevelDomainForbidden"] },
    summary: (e) => `${e.target} is not reachable at this endpoint.`,
    details: (e) => [`${e.operation} through ${e.endpoint}. OSS: ${e.answer}.`],
    remedy:
      "Set `region` to the bucket's own region. A bucket on the Chinese mainland may need its custom domain as `endpoint`; an accelerated one needs transfer acceleration switched on.",
    retry: "afterFix",
    source: "OSS, regions and endpoints; error codes AccessDenied (specified endpoint), SecondLevelDomainForbidden",
    link: PAGES.ossEndpoints,
  }),
  OSS_CREDENTIALS_REFUSED: entry<Call & { code: string; answer: string }>({
    match: { oss: ["InvalidAccessKeyId", "SignatureDoesNotMatch", "InvalidSecurityToken"] },
    summary: (e) => `OSS rejects the credentials for ${e.target}.`,
    details: (e) => [`${e.operation} was refused: ${e.code}, ${e.answer}.`],
    remedy:
      "Check the AccessKey id and secret, and the security token of temporary credentials. Check that the key is enabled, and `region`, which enters the signature.",
    retry: "afterFix",
    source: "OSS error codes InvalidAccessKeyId, SignatureDoesNotMatch, InvalidSecurityToken",
    link: PAGES.ossForbidden,
  }),
  OSS_CREDENTIALS_EXPIRED: entry<Call>({
    match: { oss: ["SecurityTokenExpired"] },
    summary: (e) => `the credentials for ${e.target} have expired.`,
    details: (e) => [`They expired during ${e.operation}, and no newer ones are available.`],
    remedy: "Get a new security token and run pulumi up again: uploaded parts are kept and not sent twice.",
    retry: "afterFix",
    source: "OSS error code SecurityTokenExpired",
    link: PAGES.ossForbidden,
  }),
  OSS_CLOCK_SKEWED: entry<Call & { answer: string }>({
    match: { oss: ["RequestTimeTooSkewed"] },
    summary: (e) => `OSS refused ${e.target}: the clock of this machine is wrong.`,
    details: (e) => [`${e.operation} was refused: ${e.answer}.`],
    remedy:
      "Set the clock (NTP), and check that no proxy holds requests back for more than 15 minutes. The program corrects only a clock that is off by a fixed time.",
    retry: "afterFix",
    source: "OSS error code RequestTimeTooSkewed, EC 0002-00000504",
    link: PAGES.ossClock,
  }),
  OSS_ACCOUNT_DISABLED: entry<Call & { answer: string }>({
    match: { oss: ["UserDisable"] },
    summary: (e) => `OSS refused ${e.target}: the account is disabled.`,
    details: (e) => [`${e.operation} was refused: ${e.answer}.`],
    remedy: "Settle overdue payments or activate OSS for this account, then run pulumi up again.",
    retry: "afterFix",
    source: "OSS error code UserDisable",
    link: PAGES.ossForbidden,
  }),
  OSS_REFUSED: entry<Call & { code: string; answer: string }>({
    summary: (e) => `OSS refused ${e.operation} on ${e.target}.`,
    details: (e) => [`OSS: ${e.code}, ${e.answer}.`],
    remedy:
      "Look the code up in the OSS error codes. If that does not explain it, quote the RequestId to Alibaba Cloud.",
    retry: "afterFix",
    source: "OSS error responses",
  }),
  OSS_OBJECT_RETAINED: entry<Call & { answer: string }>({
    summary: () => "a retention policy (WORM) of the bucket protects the object.",
    details: (e) => [
      `${e.operation} on ${e.target}: ${e.answer}.`,
      "OSS lets nobody change or delete it before the policy's days are over.",
    ],
    remedy:
      "Use a bucket without a retention policy: RDS reads backups there, and their lock objects must be deletable.",
    retry: "afterFix",
    source: "OSS error responses, FileImmutable",
  }),
  OSS_REPLY_UNREADABLE: entry<Call & { status: string; beginning: string }>({
    summary: (e) => `the reply to ${e.operation} is not from OSS.`,
    details: (e) => [`${e.target}, ${e.status}: ${e.beginning}.`, "A proxy or another host answers in its place."],
    remedy: "Check HTTPS_PROXY, HTTP_PROXY, NO_PROXY and `endpoint`, then run pulumi up again.",
    retry: "afterFix",
    source: "this project: a reply without OSS's XML, repeatedly",
  }),
  OSS_TLS_FAILED: entry<Call & { endpoint: string; fault: string }>({
    summary: (e) => `no trusted TLS connection to ${e.endpoint}.`,
    details: (e) => [`${e.operation} on ${e.target}: ${e.fault}.`],
    remedy:
      "If a company proxy signs TLS again, give Node its root certificate with NODE_EXTRA_CA_CERTS. A custom domain needs a certificate for its own name.",
    retry: "afterFix",
    source: "Node.js TLS error codes",
  }),
  OSS_UNAVAILABLE: entry<Call & { minutes: string; last: string }>({
    script: "{'status': -2, ..., 'Failed to establish a new connection'}",
    summary: (e) => `${e.operation} on ${e.target} made no progress.`,
    details: (e) => [`It was retried for ${e.minutes}. The last fault was: ${e.last}.`],
    remedy: "Check the network and the endpoint, then run pulumi up again: uploaded parts are kept and not sent twice.",
    retry: "passes",
    source: "this project: the time allowed for retries ran out",
    link: PAGES.instanceMigration,
  }),
  ENDPOINT_INVALID: entry<{ property: string; value: string; fault: string }>({
    summary: (e) => `[${e.property}] ${e.value} is no endpoint.`,
    details: (e) => [`Reason: ${e.fault}.`],
    remedy:
      'Use "public", "internal", "accelerate", or a URL such as https://backups.example.com. A URL with http:// switches TLS off.',
    retry: "never",
    source: "OSS, regions and endpoints",
    link: PAGES.ossEndpoints,
  }),
  PART_SIZE_OUT_OF_RANGE: entry<{ partSizeBytes: number; minPartBytes: number; maxPartBytes: number }>({
    summary: (e) => `[upload.partSize] ${counted(e.partSizeBytes, "byte")} is outside the range of OSS.`,
    details: (e) => [`OSS accepts parts of ${e.minPartBytes} to ${e.maxPartBytes} bytes.`],
    remedy: "Omit it: the size is then chosen from the size of the file.",
    retry: "never",
    source: "OSS, multipart upload limits, EC 0042-00000213",
    link: PAGES.ossParts,
  }),
  FILE_TOO_LARGE: entry<{ sizeBytes: number; mostBytes: number }>({
    summary: (e) => `the file has ${e.sizeBytes} bytes, too many for an object of OSS.`,
    details: (e) => [`An object holds at most ${e.mostBytes} bytes (10,000 parts of 5 GiB).`],
    remedy: "Compress the backup. RDS itself accepts files up to 3 TB.",
    retry: "never",
    source: "OSS, multipart upload limits",
    link: PAGES.ossParts,
  }),
  FILE_CHANGED: entry<{ file: string; change: string }>({
    summary: (e) => `${e.file} changed during its upload.`,
    details: (e) => [
      `Change: ${e.change}.`,
      "Every uploaded part is compared with the file, so parts of the old and the new state never mix.",
    ],
    remedy: "Wait until the backup is finished, then run pulumi up again.",
    retry: "afterFix",
    source:
      "this project: size, times, inode and, where only the change time differs, the content are checked before the object is created",
  }),
  FILE_UNREADABLE: entry<{ file: string; fault: string }>({
    summary: (e) => `[backup] ${e.file} cannot be read.`,
    details: (e) => [`Reason: ${e.fault}.`],
    remedy: "Check that the file exists on this machine, that this user may read it, and that the disk is healthy.",
    retry: "afterFix",
    source: "the operating system's error code",
  }),
  OBJECT_DIFFERS: entry<{ bucket: string; key: string; file: string; difference: string }>({
    summary: (e) => `the object ${e.key} already holds other data.`,
    details: (e) => [
      `oss://${e.bucket}/${e.key} differs from ${e.file}: ${e.difference}.`,
      "An existing object is never overwritten.",
    ],
    remedy: "Use another `folder`. Delete the object only if nobody needs it: its data is then lost.",
    retry: "afterFix",
    source: "this project, x-oss-forbid-overwrite",
  }),
  OBJECT_CHANGED: entry<{ bucket: string; key: string; change: string }>({
    summary: (e) => `the object ${e.key} changed while it was read.`,
    details: (e) => [`oss://${e.bucket}/${e.key}: ${e.change}.`],
    remedy: "Wait until its writer has finished, then run again.",
    retry: "afterFix",
    source: "OSS GetObject with If-Match",
  }),
  OBJECT_UNVERIFIED: entry<{ bucket: string; key: string }>({
    summary: (e) => `the object ${e.key} has no CRC-64 to compare.`,
    details: (e) => [`Therefore oss://${e.bucket}/${e.key} cannot be verified against the file.`],
    remedy:
      "Check that no proxy drops the reply's header x-oss-hash-crc64ecma. An object from before the service had checksums has none: use another `folder`. Delete it only if nobody needs it: its data is then lost.",
    retry: "afterFix",
    source: "OSS, CRC-64 check; x-oss-hash-crc64ecma",
  }),
  OBJECT_CORRUPT: entry<{ bucket: string; key: string; expected: string; found: string; left?: string }>({
    summary: (e) => `the object ${e.key} was corrupted during its upload.`,
    details: (e) => [
      `OSS assembled oss://${e.bucket}/${e.key} with the CRC-64 ${e.found} instead of ${e.expected}.`,
      e.left === undefined ? "The object was deleted." : `The object could not be deleted: ${e.left}.`,
    ],
    remedy: "Run pulumi up again. If it repeats, report the RequestId to Alibaba Cloud.",
    retry: "passes",
    source: "this project: x-oss-hash-crc64ecma of the whole object is compared",
  }),
  PART_CORRUPT: entry<{ bucket: string; key: string; part: number; expected: string; found: string; attempts: number }>(
    {
      summary: (e) => `part ${e.part} of ${e.key} was corrupted on its way.`,
      details: (e) => [
        `oss://${e.bucket}/${e.key}: CRC-64 ${e.found} instead of ${e.expected}, in ${e.attempts} attempts in a row.`,
        "Something on the way, or this machine's memory, damages data.",
      ],
      remedy: "Use https, and try without the proxy or from another machine.",
      retry: "afterFix",
      source: "this project: x-oss-hash-crc64ecma of every part is compared",
    },
  ),
  UPLOAD_STOPPED: entry<{ bucket: string; key: string }>({
    summary: (e) => `the upload of ${e.key} was stopped.`,
    details: (e) => [`The object is oss://${e.bucket}/${e.key}.`],
    remedy: "Run pulumi up again: uploaded parts are kept and not sent twice.",
    retry: "passes",
    source: "this project",
  }),
  UPLOAD_DISTURBED: entry<{ bucket: string; key: string; rounds: number; last: string }>({
    summary: (e) => `the upload of ${e.key} was disturbed ${e.rounds} times.`,
    details: (e) => [
      `The unfinished upload to oss://${e.bucket}/${e.key} was aborted or rewritten by another process.`,
      `The last time: ${e.last}`,
    ],
    remedy:
      "Stop the process that uploads to the same key or aborts uploads, check the lifecycle rules, then run pulumi up again.",
    retry: "afterFix",
    source: "OSS error codes NoSuchUpload, InvalidPart",
  }),
};
