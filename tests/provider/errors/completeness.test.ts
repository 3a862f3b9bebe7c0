import { ERROR_EXAMPLES } from "../../../docs/generate/error-examples";
import { classifyTask } from "../../../provider/decisions/classify-task";
import { catalogue, type ErrorCode } from "../../../provider/errors/catalogue";
import { type CatalogueEntry, QUOTA_COSTS } from "../../../provider/errors/catalogue-entry";
import { type MigrationError, migrationError } from "../../../provider/errors/migration-error";
import { codeOfService } from "../../../provider/errors/service-error";

/** The codes and texts of the vendor's documents, by document: each has exactly its own entry. */
const codes = Object.keys(catalogue) as ErrorCode[];
const entryOf = (code: ErrorCode): CatalogueEntry<never> => catalogue[code];

/** "Script and API errors" of the guide for whole instances, in its order. */
const OF_THE_SCRIPT: [printed: string, code: ErrorCode][] = [
  ["HTTP Status: 404 Error:InvalidAccessKeyId.NotFound Specified access key is not found.", "ACCESS_KEY_UNKNOWN"],
  [
    "HTTP Status: 400 Error:IncompleteSignature The request signature does not conform to Aliyun standards.",
    "SIGNATURE_REFUSED",
  ],
  ["RDS engine doesn't support, this is only for RDS SQL Server engine.", "INSTANCE_NOT_SQLSERVER"],
  ["Couldn't find specify RDS [XXX].", "INSTANCE_NOT_FOUND"],
  ["{'status': -2, ..., 'Failed to establish a new connection'}", "OSS_UNAVAILABLE"],
  ["{'status': 404, ..., 'The specified bucket does not exist.'}", "OSS_NO_SUCH_BUCKET"],
  ["There is no backup file on OSS Bucket [xxxxxx] under [xxxxxxxxx] folder", "OBJECT_MISSING"],
  ["is not backup file, filtered.", "DATABASE_NAME_UNKNOWN"],
  ["HTTP Status: 403 Error:Forbidden.RAM ... AccessDenied", "NOT_AUTHORIZED"],
  ["OPENAPI Response Error !!!!! : HTTP Status: <Http Status Code> Error:<Error>", "API_REFUSED"],
];

test.each(OF_THE_SCRIPT)("the script's %j is %s here", (printed, code) => {
  expect(entryOf(code).script).toContain(printed);
});

/** "OpenAPI error codes" of the same guide, then the names of the API page of 2018, then CreateOnlineDatabaseTask's. */
const OF_THE_API: [theirs: string, code: ErrorCode][] = [
  ["InvalidDBName", "API_DB_NAME"],
  ["IncorrectDBInstanceState", "API_INSTANCE_STATE"],
  ["IncorrectDBInstanceType", "API_INSTANCE_TYPE"],
  ["IncorrectDBInstanceLockMode", "API_LOCK_MODE"],
  ["InvalidDBName.NotFound", "API_DB_NAME_TAKEN"],
  ["IncorrectDBType", "API_DB_TYPE"],
  ["IncorrectDBState", "API_DB_STATE"],
  ["UploadLimitExceeded", "API_DAILY_LIMIT_DATABASE"],
  ["ConcurrentTaskExceeded", "API_DAILY_LIMIT_INSTANCE"],
  ["IncorrectFileExtension", "API_FILE_EXTENSION"],
  ["InvalidOssUrl", "API_OSS_URL"],
  ["BakFileSizeExceeded", "API_BAK_TOO_LARGE"],
  ["FileSizeExceeded", "API_NO_SPACE"],

  ["InvalidFile", "API_FILE_EXTENSION"],
  ["InvalidInstanceState", "API_INSTANCE_STATE"],
  ["InvalidInstanceType", "API_INSTANCE_TYPE"],
  ["InvalidInstanceLockMode", "API_LOCK_MODE"],
  ["InvalidDBType", "API_DB_TYPE"],
  ["InvalidDBState", "API_DB_STATE"],
  ["ExceedUploadTime", "API_DAILY_LIMIT_DATABASE"],
  ["InvalidOSSURL", "API_OSS_URL"],
  ["ExceedDiskSize", "API_NO_SPACE"],

  ["EngineNotSupported", "API_ENGINE_NOT_SUPPORTED"],
  ["EngineVersionNotSupported", "API_ENGINE_NOT_SUPPORTED"],
  ["InvalideStatus", "API_TASK_STATUS"],
  ["Order.ComboInstanceNotAllowOperate", "API_COMBO_INSTANCE"],
];

/** Codes that any call to RDS, RAM or STS can return. */
const OF_EVERY_SERVICE: [theirs: string, code: ErrorCode][] = [
  ["InvalidDBInstanceId.NotFound", "INSTANCE_NOT_FOUND"],
  ["Forbidden.RAM", "NOT_AUTHORIZED"],
  ["NoPermission", "NOT_AUTHORIZED"],
  ["EntityNotExist.Role", "ROLE_NOT_FOUND"],
  ["InvalidAccessKeyId.NotFound", "ACCESS_KEY_UNKNOWN"],
  ["InvalidAccessKeyId.Inactive", "ACCESS_KEY_UNKNOWN"],
  ["IncompleteSignature", "SIGNATURE_REFUSED"],
  ["SignatureDoesNotMatch", "SIGNATURE_REFUSED"],
  ["InvalidSecurityToken.Expired", "TOKEN_EXPIRED"],
  ["InvalidSecurityToken.Malformed", "TOKEN_EXPIRED"],
  ["InvalidTimeStamp.Expired", "CLOCK_SKEWED"],
  ["Throttling", "THROTTLED"],
  ["Throttling.User", "THROTTLED"],
  ["Throttling.Api", "THROTTLED"],
  ["InternalError", "SERVICE_FAULT"],
  ["ServiceUnavailable", "SERVICE_FAULT"],
];

test.each([...OF_THE_API, ...OF_EVERY_SERVICE])("%s is %s", (theirs, code) => {
  expect(codeOfService(theirs)).toBe(code);
});

// task-errors.test.ts has the texts of failed tasks.
test.each([
  [
    "asynchronously DBCC checkdb failed: CHECKDB found 0 allocation errors and 2 consistency errors in table 'XXX' (object ID XXX).",
    ["ONLINE_DAMAGED"],
  ],
  [
    "Your RDS doesn't have any init account yet, please create one and grant permissions on RDS console to this migrated database (XXX).",
    ["ONLINE_NO_ACCOUNT"],
  ],
  ["Success to DBCC checkdb asynchronously.", []],
])("a task that succeeded and says %j warns with %j", (description, warned) => {
  const verdict = classifyTask({ status: "Success", description });
  const warnings = verdict.kind === "online" ? verdict.warnings.map((warning) => warning.split(":")[0]) : undefined;
  expect(warnings).toEqual(warned);
});

/** Codes of OSS error responses that a caller has to handle; the uploader handles the others itself. */
const OF_OSS: [theirs: string, code: ErrorCode][] = [
  ["NoSuchBucket", "OSS_NO_SUCH_BUCKET"],
  ["AccessDenied", "OSS_ACCESS_DENIED"],
  ["SecondLevelDomainForbidden", "OSS_WRONG_ENDPOINT"],
  ["InvalidAccessKeyId", "OSS_CREDENTIALS_REFUSED"],
  ["SignatureDoesNotMatch", "OSS_CREDENTIALS_REFUSED"],
  ["InvalidSecurityToken", "OSS_CREDENTIALS_REFUSED"],
  ["SecurityTokenExpired", "OSS_CREDENTIALS_EXPIRED"],
  ["RequestTimeTooSkewed", "OSS_CLOCK_SKEWED"],
  ["UserDisable", "OSS_ACCOUNT_DISABLED"],
];

test("the codes of OSS that a caller has to handle have an entry each, and no other code matches", () => {
  const claimed = codes.flatMap((code) => (entryOf(code).match?.oss ?? []).map((theirs) => [theirs, code]));
  expect(claimed.sort()).toEqual([...OF_OSS].sort());
});

test("faults of the network, of credentials and of this program have an entry too", () => {
  const own: ErrorCode[] = [
    ...(["NETWORK_FAILED", "NO_ANSWER", "ANSWER_UNREADABLE", "UNEXPECTED", "NO_CREDENTIALS", "NO_REGION"] as const),
    ...(["OSS_TLS_FAILED", "OSS_REPLY_UNREADABLE", "OSS_UNAVAILABLE", "OSS_REFUSED", "API_REFUSED"] as const),
    ...(["ANSWER_TOO_LARGE", "PROXY_INVALID", "PROXY_USER_REFUSED", "OSS_OBJECT_RETAINED"] as const),
  ];
  for (const code of own) expect(entryOf(code).remedy).toBeTruthy();
});

test.each(codes)("%s says what trying again costs and, for a fault that a service reports, the page", (code) => {
  const { match, script, link, quota = "none", retry } = entryOf(code);
  expect(QUOTA_COSTS).toContain(quota);
  if (match !== undefined || script !== undefined) expect(link).toMatch(/^https:\/\/\S+$/);
  // A failed task was counted against the quota: no entry may say otherwise.
  if (code.startsWith("TASK_") && match?.description !== undefined) expect(quota).toBe("one");
  if (retry === "never") expect(entryOf(code).recheck).toBeUndefined();
});

describe("whatever a value holds, no message shows the secrets in it", () => {
  const SECRET = "PLANTED0s3cr3t";
  const withSecrets = (value: unknown): unknown => {
    if (typeof value === "string")
      return `https://user:${SECRET}@b.oss-cn-hangzhou.aliyuncs.com/k.bak?Expires=1&Signature=${SECRET}%2B${SECRET} AccessKeySecret=${SECRET} x-acs-security-token: ${SECRET}`;
    if (Array.isArray(value)) return value.map(withSecrets);
    if (typeof value !== "object" || value === null) return value;
    return Object.fromEntries(Object.entries(value).map(([name, each]) => [name, withSecrets(each)]));
  };

  test.each(codes)("%s", (code) => {
    // The table's values differ in type from code to code, which a loop over it cannot keep.
    const make = migrationError as (code: ErrorCode, values: unknown) => MigrationError;
    const { message, what, remedy } = make(code, withSecrets(ERROR_EXAMPLES[code]));
    for (const text of [message, what, remedy]) expect(text).not.toContain(SECRET);
  });
});
