import fc from "fast-check";
import { redacted } from "../../../provider/errors/redacted";
import { fromServiceError } from "../../../provider/errors/service-error";

/** A refusal as @alicloud/openapi-core 1.0.8 throws it. */
const refused = (statusCode: number, code: string, message = "No.") =>
  Object.assign(new Error(`${code}: ${message}`), {
    name: "ClientError",
    statusCode,
    code,
    requestId: "REQ-1",
    data: { Code: code, Message: message, RequestId: "REQ-1" },
  });

const of = (cause: unknown) =>
  fromServiceError(cause, { operation: "CreateMigrateTask", subject: "database erp", host: "rds.aliyuncs.com" });

test.each([
  [403, "InvalidDBName", "API_DB_NAME"],
  [400, "InvalidDBName", "API_DB_NAME"],
  [400, "InvalidDBName.NotFound", "API_DB_NAME_TAKEN"],
  [403, "IncorrectDBInstanceState", "API_INSTANCE_STATE"],
  [403, "InvalidInstanceState", "API_INSTANCE_STATE"],
  [400, "IncorrectDBInstanceType", "API_INSTANCE_TYPE"],
  [400, "InvalidInstanceType", "API_INSTANCE_TYPE"],
  [400, "IncorrectDBInstanceLockMode", "API_LOCK_MODE"],
  [400, "InvalidInstanceLockMode", "API_LOCK_MODE"],
  [400, "IncorrectDBType", "API_DB_TYPE"],
  [400, "InvalidDBType", "API_DB_TYPE"],
  [400, "IncorrectDBState", "API_DB_STATE"],
  [400, "InvalidDBState", "API_DB_STATE"],
  [400, "UploadLimitExceeded", "API_DAILY_LIMIT_DATABASE"],
  [400, "ExceedUploadTime", "API_DAILY_LIMIT_DATABASE"],
  [400, "ConcurrentTaskExceeded", "API_DAILY_LIMIT_INSTANCE"],
  [400, "IncorrectFileExtension", "API_FILE_EXTENSION"],
  [400, "InvalidFile", "API_FILE_EXTENSION"],
  [400, "InvalidOssUrl", "API_OSS_URL"],
  [400, "InvalidOSSURL", "API_OSS_URL"],
  [400, "BakFileSizeExceeded", "API_BAK_TOO_LARGE"],
  [400, "FileSizeExceeded", "API_NO_SPACE"],
  [400, "ExceedDiskSize", "API_NO_SPACE"],
  [400, "EngineNotSupported", "API_ENGINE_NOT_SUPPORTED"],
  [400, "EngineVersionNotSupported", "API_ENGINE_NOT_SUPPORTED"],
  [404, "InvalidDBInstanceId.NotFound", "INSTANCE_NOT_FOUND"],
  [403, "Forbidden.RAM", "NOT_AUTHORIZED"],
  [404, "InvalidAccessKeyId.NotFound", "ACCESS_KEY_UNKNOWN"],
  [400, "IncompleteSignature", "SIGNATURE_REFUSED"],
  [400, "SignatureDoesNotMatch", "SIGNATURE_REFUSED"],
  [400, "InvalidSecurityToken.Expired", "TOKEN_EXPIRED"],
  [400, "InvalidTimeStamp.Expired", "CLOCK_SKEWED"],
  [400, "Throttling", "THROTTLED"],
  [400, "Throttling.User", "THROTTLED"],
  [503, "ServiceUnavailable", "SERVICE_FAULT"],
  [500, "InternalError", "SERVICE_FAULT"],
  [502, "SomethingNew", "SERVICE_FAULT"],
  [400, "SomethingNew", "API_REFUSED"],
])("HTTP %d %s is %s, with the service's own words", (status, code, ours) => {
  const error = of(refused(status, code, "Its own words."));
  expect(error.code).toBe(ours);
  expect(error.service).toEqual({
    operation: "CreateMigrateTask",
    code,
    message: "Its own words.",
    status,
    requestId: "REQ-1",
  });
  expect(error.message).toContain(
    `CreateMigrateTask (database erp) was refused: ${code} "Its own words." (HTTP ${status}`,
  );
});

test("an error of the catalogue stays what it is", () => {
  const error = of(refused(400, "InvalidOssUrl"));
  expect(of(error)).toBe(error);
});

test("a time-out says that the service may have carried the call out", () => {
  const timeout = Object.assign(new Error("ReadTimeout: ReadTimeout(1000) POST http://h/?DBName=erp failed."), {
    name: "RequestTimeoutError",
  });
  expect(of(timeout)).toMatchObject({
    code: "NO_ANSWER",
    what: expect.stringContaining("may have carried the call out"),
  });
});

test.each([
  ["a page instead of JSON", new SyntaxError("Unexpected token < in JSON at position 0")],
  ["another body than the SDK expects", new Error("model is mismatch, expect: object")],
])("%s is an unreadable answer", (_, cause) => {
  expect(of(cause).code).toBe("ANSWER_UNREADABLE");
});

test.each([
  ["ECONNRESET", "socket hang up POST http://h/?OSSUrls=http%3A%2F%2Fb%2Fk%3FSignature%3Ds failed."],
  ["ENOTFOUND", "getaddrinfo ENOTFOUND h"],
])("a dropped connection (%s) is named by Node's code", (code, message) => {
  const error = of(Object.assign(new Error(message), { code }));
  expect(error).toMatchObject({
    code: "NETWORK_FAILED",
    what: `CreateMigrateTask did not reach rds.aliyuncs.com.\nReason: ${code}.`,
  });
});

test.each(["ERR_INVALID_CHAR", "ERR_INVALID_URL", "ERR_UNHEARD_OF", "InvalidCredentials"])(
  "a code of the client (%s) is no fault of the network: waiting does not help",
  (code) => {
    expect(of(Object.assign(new Error("x"), { code }))).toMatchObject({ code: "REQUEST_NOT_SENT", retry: "afterFix" });
  },
);

test("whatever was thrown becomes an error of the catalogue without a stack", () => {
  const thrown = fc.oneof(
    fc.anything({ withNullPrototype: true, withBigInt: true }),
    fc.record({ statusCode: fc.integer(), code: fc.string(), message: fc.string(), data: fc.anything() }),
  );
  fc.assert(
    fc.property(thrown, (cause) => {
      const error = of(cause);
      expect(error.name).toBe("MigrationError");
      expect(error.stack).toBe("");
      expect(error.remedy).not.toBe("");
    }),
  );
});

describe("no signed URL gets out", () => {
  const SECRETS = ["SIGNED0123456789", "TOKEN0123456789"];
  const signed = `https://b.oss-cn-hangzhou.aliyuncs.com/k.bak?x-oss-signature=${SECRETS[0]}&x-oss-security-token=${SECRETS[1]}`;
  const encoded = encodeURIComponent(signed);
  const texts = [
    `cannot read ${signed}`,
    `cannot read "${signed}", sorry`,
    `The request signature does not conform. server string to sign is:POST&%2F&DBName%3Derp%26OSSUrls%3D${encodeURIComponent(encoded)}`,
    `OSSUrls=${encoded}&DBName=erp failed.`,
    `bad query DBName=erp&SecurityToken=${SECRETS[1]}&Signature=${SECRETS[0]}`,
    `x-acs-security-token: ${SECRETS[1]}`,
    `HTTPS://B.OSS-CN-HANGZHOU.ALIYUNCS.COM/K?SIGNATURE=${SECRETS[0]}`,
  ];

  test.each(texts)("%s", (text) => {
    for (const secret of SECRETS) {
      expect(redacted(text)).not.toContain(secret);
      expect(of(refused(400, "InvalidOssUrl", text)).message).not.toContain(secret);
      expect(of(Object.assign(new Error(text))).message).not.toContain(secret);
    }
  });

  test("a request that a service repeats is left out", () => {
    const echo =
      "Specified signature does not match our calculation. server string to sign is:ACS3-HMAC-SHA256\nx-acs-security-token:T";
    expect(redacted(echo)).toBe("Specified signature does not match our calculation.");
  });

  test("the rest of a message stays", () => {
    expect(redacted(`cannot read ${signed} of erp`)).toBe("cannot read <url> of erp");
    expect(redacted("Specified oss url is not valid.")).toBe("Specified oss url is not valid.");
  });
});
