/**
 * The refusals of OSS: HTTP status, message, and the EC number that its error pages are found by.
 * @see https://help.aliyun.com/en/oss/support/ec-error-codes-overview
 */
export const OSS_FAULTS = {
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
  BucketNotEmpty: { status: 409, ec: "0015-00000301", message: "The bucket has objects. Please delete them first." },
  EntityTooLarge: {
    status: 400,
    ec: "0017-00000002",
    message: "Your proposed upload exceeds the maximum allowed size.",
  },
  EntityTooSmall: {
    status: 400,
    ec: "0042-00000213",
    message: "Your proposed upload smaller than the minimum allowed size.",
  },
  FileAlreadyExists: {
    status: 409,
    ec: "0026-00000101",
    message: "The object you specified already exists and can not be overwritten.",
  },
  InternalError: { status: 500, ec: "0001-00000001", message: "We encountered an internal error. Please try again." },
  InvalidAccessKeyId: {
    status: 403,
    ec: "0002-00000902",
    message: "The OSS Access Key Id you provided does not exist in our records.",
  },
  InvalidArgument: { status: 400, ec: "0017-00000901", message: "The argument is invalid." },
  InvalidBucketName: { status: 400, ec: "0015-00000001", message: "The specified bucket is not valid." },
  InvalidDigest: { status: 400, ec: "0017-00000503", message: "The Content-MD5 you specified was invalid." },
  InvalidObjectName: { status: 400, ec: "0016-00000001", message: "The specified object is not valid." },
  InvalidObjectState: {
    status: 403,
    ec: "0016-00000301",
    message: "The operation is not valid for the object's state",
  },
  InvalidPart: {
    status: 400,
    ec: "0042-00000205",
    message:
      "One or more of the specified parts could not be found or the specified entity tag might not have matched the part's entity tag.",
  },
  InvalidPartOrder: {
    status: 400,
    ec: "0042-00000204",
    message: "The list of parts was not in ascending order. Parts list must specified in order by part number.",
  },
  InvalidRange: { status: 416, ec: "0017-00000401", message: "The requested range cannot be satisfied" },
  InvalidSecurityToken: { status: 403, ec: "0002-00000012", message: "The security token you provided is invalid." },
  MalformedXML: {
    status: 400,
    ec: "0017-00000701",
    message: "The XML you provided was not well-formed or did not validate against our published schema.",
  },
  MethodNotAllowed: {
    status: 405,
    ec: "0017-00000004",
    message: "The specified method is not allowed against this resource.",
  },
  MissingContentLength: {
    status: 411,
    ec: "0017-00000301",
    message: "You must provide the Content-Length HTTP header.",
  },
  NoSuchBucket: { status: 404, ec: "0015-00000101", message: "The specified bucket does not exist." },
  NoSuchBucketPolicy: { status: 404, ec: "0015-00000801", message: "The bucket policy does not exist." },
  NoSuchCORSConfiguration: { status: 404, ec: "0015-00000802", message: "The CORS Configuration does not exist." },
  NoSuchKey: { status: 404, ec: "0026-00000001", message: "The specified key does not exist." },
  NoSuchLifecycle: { status: 404, ec: "0015-00000803", message: "No Row found in Lifecycle Table." },
  NoSuchServerSideEncryptionRule: {
    status: 404,
    ec: "0015-00000804",
    message: "The server side encryption rule does not exist.",
  },
  NoSuchTransferAccelerationConfiguration: {
    status: 404,
    ec: "0015-00000805",
    message: "No such transfer acceleration configuration.",
  },
  NoSuchUpload: {
    status: 404,
    ec: "0042-00000002",
    message:
      "The specified upload does not exist. The upload ID may be invalid, or the upload may have been aborted or completed.",
  },
  NoSuchWebsiteConfiguration: {
    status: 404,
    ec: "0015-00000806",
    message: "The specified bucket does not have a website configuration.",
  },
  NotImplemented: {
    status: 501,
    ec: "0017-00000003",
    message: "A header or query you provided implies functionality that is not implemented.",
  },
  PreconditionFailed: {
    status: 412,
    ec: "0017-00000601",
    message: "At least one of the pre-conditions you specified did not hold.",
  },
  RequestTimeTooSkewed: {
    status: 403,
    ec: "0002-00000504",
    message: "The difference between the request time and the current time is too large.",
  },
  SecurityTokenExpired: { status: 403, ec: "0002-00000069", message: "The security token you provided has expired." },
  SignatureDoesNotMatch: {
    status: 403,
    ec: "0002-00000040",
    message:
      "The request signature we calculated does not match the signature you provided. Check your key and signing method.",
  },
} as const;

export type OssFaultCode = keyof typeof OSS_FAULTS;

interface OssFaultOptions {
  message?: string;
  ec?: string;
  status?: number;
  /** Further elements of the error document, in order. */
  extra?: Record<string, string | number>;
}

/** A refusal of OSS, answered as its error document. */
export class OssFault extends Error {
  readonly status: number;
  readonly ec: string;
  readonly extra: Record<string, string | number>;

  constructor(
    readonly code: OssFaultCode,
    options: OssFaultOptions = {},
  ) {
    super(options.message ?? OSS_FAULTS[code].message);
    this.status = options.status ?? OSS_FAULTS[code].status;
    this.ec = options.ec ?? OSS_FAULTS[code].ec;
    this.extra = options.extra ?? {};
  }
}
