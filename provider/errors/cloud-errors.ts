import { entry } from "./catalogue-entry";
import { refusal, type ServiceFault } from "./service-fault";
import { PAGES } from "./vendor-pages";

const VENDOR_TABLE = {
  source: "ApsaraDB RDS for SQL Server, instance-level migration, troubleshooting",
  link: PAGES.instanceMigration,
};

/** Calls of other products than RDS, as RAM names them. */
const RAM_ACTIONS: Readonly<Record<string, string>> = { GetRole: "ram:GetRole", AssumeRole: "sts:AssumeRole" };
const policyFor = ({ operation, resource = "*" }: ServiceFault): string =>
  policyText([RAM_ACTIONS[operation] ?? `rds:${operation}`], [resource]);

/** A RAM policy on one line, ready to paste into the RAM console. */
export const policyText = (actions: readonly string[], resources: readonly string[]): string =>
  JSON.stringify({ Version: "1", Statement: [{ Effect: "Allow", Action: actions, Resource: resources }] });

/** Faults that any call to the cloud can meet: credentials, permissions, the network. */
export const cloudErrors = {
  NO_CREDENTIALS: entry<{ reasons: readonly string[]; endedAt?: string }>({
    summary: () => "no place that was searched has usable credentials.",
    details: (e) => [
      ...e.reasons.map((reason) => `- ${reason.replace(/\.$/, "")}.`),
      ...(e.endedAt === undefined
        ? []
        : [`The search ended at ${e.endedAt}: keys of another place may belong to another account.`]),
    ],
    remedy: (e) =>
      e.endedAt === undefined
        ? "Set ALIBABA_CLOUD_ACCESS_KEY_ID and ALIBABA_CLOUD_ACCESS_KEY_SECRET, or give the runner a RAM role."
        : `Correct the credentials of ${e.endedAt}, as its reason above says.`,
    retry: "afterFix",
    source: "this project, by the order of the alicloud provider and of @alicloud/credentials 2.4.7",
  }),
  NO_REGION: entry({
    summary: () => "no region is configured.",
    details: () => ["[region], alicloud:region and ALICLOUD_REGION are all unset."],
    remedy: "Run: pulumi config set alicloud:region cn-hangzhou (with your region).",
    retry: "afterFix",
    source: "this project",
  }),
  REGION_INVALID: entry<{ place: string; value: string; zoneOf: string | undefined }>({
    summary: (e) => `${e.place} is not a region.`,
    details: (e) => [
      `Its value is ${JSON.stringify(e.value)}.`,
      e.zoneOf === undefined ? "A region is written as in the console." : `That is a zone of the region ${e.zoneOf}.`,
    ],
    remedy: (e) => `Set it to the region of the instance and the bucket, for example ${e.zoneOf ?? "cn-hangzhou"}.`,
    retry: "afterFix",
    source: "this project",
  }),
  ACCESS_KEY_UNKNOWN: refusal("the service does not know the AccessKey ID", {
    codes: ["InvalidAccessKeyId"],
    script: "HTTP Status: 404 Error:InvalidAccessKeyId.NotFound Specified access key is not found.",
    cause: "A deleted or disabled key is refused in the same way.",
    remedy: "Correct the AccessKey ID.",
    retry: "afterFix",
    ...VENDOR_TABLE,
  }),
  SIGNATURE_REFUSED: refusal("the signature of the request is wrong", {
    codes: ["IncompleteSignature", "SignatureDoesNotMatch", "InvalidSignature"],
    script: "HTTP Status: 400 Error:IncompleteSignature The request signature does not conform to Aliyun standards.",
    cause: "The usual cause is a wrong AccessKey secret.",
    remedy: "Correct the AccessKey secret; check for a space or a line break at its end.",
    retry: "afterFix",
    ...VENDOR_TABLE,
  }),
  TOKEN_EXPIRED: refusal("the temporary credentials have expired", {
    codes: ["InvalidSecurityToken", "SecurityTokenExpired"],
    cause: "The service does not accept the security token of STS any more.",
    remedy: "Get new credentials and run pulumi up again: it continues where this run stopped.",
    retry: "afterFix",
    source: "OpenAPI, InvalidSecurityToken.Expired",
    link: PAGES.openApiErrors,
  }),
  NOT_AUTHORIZED: refusal(({ operation }) => `the credentials may not call ${operation}.`, {
    codes: ["Forbidden", "NoPermission", "AccessDenied", "UnauthorizedOperation"],
    script: "HTTP Status: 403 Error:Forbidden.RAM ... AccessDenied",
    cause: "The account or RAM user of the credentials lacks a permission.",
    remedy: (fault) =>
      `Attach this policy to it (RAM console, Policies, Create Policy, JSON), or the whole one of docs/reference/permissions.md: ${policyFor(fault)}`,
    retry: "afterFix",
    ...VENDOR_TABLE,
  }),
  ROLE_NOT_FOUND: refusal("the account has no such role", {
    codes: ["EntityNotExist.Role"],
    remedy: "Correct the account id and the role name in [assumeRoleArn] (or alicloud:assumeRole).",
    retry: "afterFix",
    source: "STS AssumeRole and RAM GetRole, EntityNotExist.Role",
    link: PAGES.openApiErrors,
  }),
  CLOCK_SKEWED: refusal("the clock of this machine is wrong", {
    codes: ["InvalidTimeStamp", "IllegalTimestamp", "RequestTimeTooSkewed"],
    cause: "It differs too much from the clock of the service.",
    remedy: "Set the machine's clock (NTP) and run pulumi up again.",
    retry: "afterFix",
    source: "OpenAPI, InvalidTimeStamp.Expired",
    link: PAGES.openApiErrors,
  }),
  THROTTLED: refusal("the service received too many requests", {
    codes: ["Throttling", "QpsLimitExceeded"],
    cause: "The request is repeated with growing pauses.",
    remedy: "Wait. If the error remains, lower --parallel.",
    retry: "passes",
    source: "OpenAPI, Throttling",
    link: PAGES.openApiErrors,
  }),
  SERVICE_FAULT: refusal("the service failed with an error of its own", {
    codes: ["InternalError", "ServiceUnavailable", "SystemError", "InternalFailure"],
    quota: "perhaps",
    remedy: "Run pulumi up again in a few minutes; it continues where this run stopped.",
    retry: "passes",
    source: "OpenAPI, InternalError and ServiceUnavailable",
    link: PAGES.openApiErrors,
  }),
  NETWORK_FAILED: entry<{ operation: string; host: string; said: string }>({
    script: "{'status': -2, ..., 'Failed to establish a new connection'}",
    summary: (e) => `${e.operation} did not reach ${e.host}.`,
    details: (e) => [`Reason: ${e.said}.`],
    remedy: "Check the network, the proxy (HTTPS_PROXY) and the endpoint, then run pulumi up again.",
    retry: "passes",
    source: "this project",
    link: PAGES.instanceMigration,
  }),
  REQUEST_NOT_SENT: entry<{ operation: string; said: string }>({
    summary: (e) => `${e.operation} could not be sent.`,
    details: (e) => [`Reason: ${e.said}, an error of this program and not of the network.`],
    remedy:
      "Check the credentials and the endpoint for characters that do not belong there. If the error remains, report it.",
    retry: "afterFix",
    source: "Node.js error codes",
  }),
  TLS_FAILED: entry<{ operation: string; host: string; said: string }>({
    summary: (e) => `no trusted TLS connection to ${e.host}.`,
    details: (e) => [`${e.operation}: ${e.said}.`],
    remedy:
      "If a company proxy signs TLS again, give Node its root certificate with NODE_EXTRA_CA_CERTS. Verification is never switched off.",
    retry: "afterFix",
    source: "Node.js TLS error codes",
  }),
  NO_ANSWER: entry<{ operation: string; host: string; said: string }>({
    summary: (e) => `${e.operation} got no answer from ${e.host}.`,
    details: (e) => [`Reason: ${e.said}. The service may have carried the call out all the same.`],
    remedy: "Run pulumi up again: it checks the state before it acts.",
    quota: "perhaps",
    retry: "passes",
    source: "this project",
  }),
  ANSWER_UNREADABLE: entry<{ operation: string; said: string }>({
    summary: (e) => `the answer to ${e.operation} is not from the service.`,
    details: (e) => [`Reason: ${e.said}. A proxy between this machine and the service may answer in its place.`],
    remedy: "Check what answers at that address (a proxy's login page, a wrong endpoint), then run pulumi up again.",
    quota: "perhaps",
    retry: "passes",
    source: "this project",
  }),
  ANSWER_TOO_LARGE: entry<{ operation: string; host: string; said: string }>({
    summary: (e) => `the answer to ${e.operation} is too large.`,
    details: (e) => [`Host: ${e.host}. Reason: ${e.said}. No answer of the service comes near that size.`],
    remedy: "Check what answers at that address (a proxy, a wrong endpoint), then run pulumi up again.",
    quota: "perhaps",
    retry: "passes",
    source: "this project: the limit of 16 MiB for each reply",
  }),
  PROXY_INVALID: entry<{ variable: string; fault: string }>({
    summary: (e) => `the environment variable ${e.variable} names no usable proxy.`,
    details: (e) => [`Reason: ${e.fault}.`],
    remedy: (e) =>
      `Set ${e.variable} to an HTTP proxy, for example http://proxy.example.com:3128, or unset it. Percent-encode special characters of its user and password.`,
    retry: "afterFix",
    source: "this project",
  }),
  PROXY_USER_REFUSED: entry<{ proxy: string; variable: string }>({
    summary: () => "the proxy asks for a user and a password (HTTP 407).",
    details: (e) => [`It is ${e.proxy}. The user in that variable is missing or wrong.`],
    remedy: (e) =>
      `Put user:password@ before the proxy's host in ${e.variable}, special characters percent-encoded. Only Basic authentication is supported.`,
    retry: "afterFix",
    source: "RFC 9110, 15.5.8",
  }),
  UNEXPECTED: entry<{ said: string }>({
    summary: (e) => `an unexpected error: ${e.said.replace(/\.$/, "")}.`,
    remedy: "Run pulumi up again: it checks the state before it acts. If the error remains, report it with this text.",
    quota: "perhaps",
    retry: "passes",
    source: "this project",
  }),
};
