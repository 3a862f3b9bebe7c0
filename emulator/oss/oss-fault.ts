/** One OSS error, as its error document shows it. */
interface OssRefusal {
  status: number;
  message: string;
  /** The EC number of the error's help page; undefined where no public page or reply shows it. */
  ec?: string;
}

/** The placeholder for EC numbers that are not known. */
export const UNKNOWN_EC = "0000-00000000";

/**
 * Codes, statuses and messages as documented. EC numbers come from replies in public documents and in the tests of the
 * vendor's SDKs.
 * @see https://www.alibabacloud.com/help/en/oss/user-guide/http-403-error-code
 * @see https://help.aliyun.com/document_detail/185228.htm (400)
 */
const REFUSALS = {
  AccessDenied: {
    status: 403,
    ec: "0003-00000001",
    message: "You have no right to access this object because of bucket acl.",
  },
  BucketAlreadyExists: {
    status: 409,
    ec: "0015-00000104",
    message:
      "The requested bucket name is not available. The bucket namespace is shared by all users of the system. Please select a different name and try again.",
  },
  BucketNotEmpty: {
    status: 409,
    ec: "0015-00000301",
    message: "The bucket has objects. Please delete them first.",
  },
  EntityTooLarge: { status: 400, message: "Your proposed upload exceeds the maximum allowed size." },
  EntityTooSmall: {
    status: 400,
    ec: "0042-00000213",
    message: "Your proposed upload smaller than the minimum allowed size.",
  },
  FileAlreadyExists: {
    status: 409,
    message: "The object you specified already exists and can not be overwritten.",
  },
  InternalError: { status: 500, message: "We encountered an internal error. Please try again." },
  InvalidEncryptionAlgorithmError: {
    status: 400,
    message: "The Encryption request you specified is not valid. Supported value: AES256/KMS/SM4.",
  },
  InvalidAccessKeyId: {
    status: 403,
    ec: "0002-00000902",
    message: "The OSS Access Key Id you provided does not exist in our records.",
  },
  InvalidArgument: { status: 400, message: "The argument is invalid." },
  InvalidBucketName: { status: 400, message: "The specified bucket is not valid." },
  InvalidDigest: { status: 400, message: "The Content-MD5 you specified was invalid." },
  InvalidObjectName: { status: 400, message: "The specified object is not valid." },
  InvalidObjectState: { status: 403, message: "The operation is not valid for the object's state" },
  InvalidPart: {
    status: 400,
    message:
      "One or more of the specified parts could not be found or the specified entity tag might not have matched the part's entity tag.",
  },
  InvalidPartOrder: {
    status: 400,
    message: "The list of parts was not in ascending order. Parts list must specified in order by part number.",
  },
  InvalidPolicyDocument: { status: 400, ec: "0030-00000005", message: "The policy document is invalid." },
  InvalidRange: { status: 416, message: "The requested range cannot be satisfied" },
  InvalidRequest: { status: 400, message: "The request is invalid." },
  InvalidSecurityToken: { status: 403, message: "The security token you provided is invalid." },
  InvalidTag: { status: 400, message: "The tag provided is invalid." },
  InvalidTargetBucketForLogging: {
    status: 400,
    message: "The target bucket for logging does not exist, or does not belong to you, or is in another region.",
  },
  MalformedXML: {
    status: 400,
    message: "The XML you provided was not well-formed or did not validate against our published schema.",
  },
  MissingContentLength: { status: 411, message: "You must provide the Content-Length HTTP header." },
  NoSuchBucket: { status: 404, ec: "0015-00000101", message: "The specified bucket does not exist." },
  NoSuchBucketPolicy: { status: 404, message: "The bucket policy does not exist." },
  NoSuchCORSConfiguration: { status: 404, message: "The CORS Configuration does not exist." },
  NoSuchKey: { status: 404, ec: "0026-00000001", message: "The specified key does not exist." },
  NoSuchLifecycle: { status: 404, message: "No Row found in Lifecycle Table." },
  // The page of GetBucketEncryption shows 400 in its table and 204 in its example; oss2 2.19.1 raises its exception
  // for this code only with 404, and tests it (tests/test_bucket.py).
  NoSuchServerSideEncryptionRule: { status: 404, message: "The server side encryption rule does not exist." },
  NoSuchTransferAccelerationConfiguration: { status: 404, message: "No such transfer acceleration configuration." },
  NoSuchUpload: {
    status: 404,
    message:
      "The specified upload does not exist. The upload ID may be invalid, or the upload may have been aborted or completed.",
  },
  NoSuchWebsiteConfiguration: {
    status: 404,
    message: "The specified bucket does not have a website configuration.",
  },
  // The service answers 501 to what it does not know. SDKs send every 5xx again, up to ten times, so the emulator
  // answers what it does not imitate with a status that ends the attempt.
  NotImplemented: {
    status: 400,
    message: "A header or query you provided implies functionality that is not implemented.",
  },
  PreconditionFailed: {
    status: 412,
    message: "At least one of the pre-conditions you specified did not hold.",
  },
  RequestTimeTooSkewed: {
    status: 403,
    ec: "0002-00000504",
    message: "The difference between the request time and the current time is too large.",
  },
  ResourceGroupIdPreCheckError: {
    status: 400,
    ec: "0039-00000003",
    message: "The resource group id precheck error",
  },
  SecurityTokenExpired: { status: 403, message: "The security token you provided has expired." },
  SignatureDoesNotMatch: {
    status: 403,
    ec: "0002-00000040",
    message:
      "The request signature we calculated does not match the signature you provided. Check your key and signing method.",
  },
} satisfies Record<string, OssRefusal>;

export type OssFaultCode = keyof typeof REFUSALS;

export interface OssFaultDetails {
  message?: string;
  ec?: string;
  /** Additional elements of the error document, in order. */
  extra?: Record<string, string | number>;
}

/** An OSS error. Rules throw it and the handler sends it as an error document. */
export class OssFault extends Error {
  readonly status: number;
  readonly ec: string;
  readonly extra: Record<string, string | number>;

  constructor(
    readonly code: OssFaultCode,
    details: OssFaultDetails = {},
  ) {
    const refusal: OssRefusal = REFUSALS[code];
    super(details.message ?? refusal.message);
    this.status = refusal.status;
    this.ec = details.ec ?? refusal.ec ?? UNKNOWN_EC;
    this.extra = details.extra ?? {};
  }
}
