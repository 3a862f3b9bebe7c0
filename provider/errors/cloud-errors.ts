import { entry } from "./catalogue-entry";
import { policyText } from "./ram-policy";
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

/** Faults that any call to the cloud can meet: credentials, permissions, the network. */
export const cloudErrors = {
  NO_CREDENTIALS: entry<{ looked: string }>({
    message: (e) => `No credentials were found. Looked at: ${e.looked}.`,
    remedy: "Set ALIBABA_CLOUD_ACCESS_KEY_ID and ALIBABA_CLOUD_ACCESS_KEY_SECRET, or give the runner a RAM role.",
    retry: "afterFix",
    source: "@alicloud/credentials 2.4.7, providers/default",
  }),
  NO_REGION: entry({
    message: () => "No region is known: neither [region], nor alicloud:region, nor ALICLOUD_REGION is set.",
    remedy: "Run: pulumi config set alicloud:region cn-hangzhou (with your region).",
    retry: "afterFix",
    source: "this project",
  }),
  ACCESS_KEY_UNKNOWN: refusal("The service does not know this AccessKey ID.", {
    codes: ["InvalidAccessKeyId"],
    script: "HTTP Status: 404 Error:InvalidAccessKeyId.NotFound Specified access key is not found.",
    remedy: "Correct the AccessKey ID; a deleted or disabled key is refused like this too.",
    retry: "afterFix",
    ...VENDOR_TABLE,
  }),
  SIGNATURE_REFUSED: refusal("The signature is wrong, which nearly always means that the AccessKey secret is.", {
    codes: ["IncompleteSignature", "SignatureDoesNotMatch", "InvalidSignature"],
    script: "HTTP Status: 400 Error:IncompleteSignature The request signature does not conform to Aliyun standards.",
    remedy: "Correct the AccessKey secret; look for a blank or a line break at its end.",
    retry: "afterFix",
    ...VENDOR_TABLE,
  }),
  TOKEN_EXPIRED: refusal("The temporary credentials (STS token) have run out.", {
    codes: ["InvalidSecurityToken", "SecurityTokenExpired"],
    remedy: "Get fresh ones and run pulumi up again: it continues where this run stopped.",
    retry: "afterFix",
    source: "OpenAPI, InvalidSecurityToken.Expired",
    link: PAGES.openApiErrors,
  }),
  NOT_AUTHORIZED: refusal("The account or RAM user behind the credentials may not do this.", {
    codes: ["Forbidden", "NoPermission", "AccessDenied", "UnauthorizedOperation"],
    script: "HTTP Status: 403 Error:Forbidden.RAM ... AccessDenied",
    remedy: (fault) =>
      `Attach this policy to it (RAM console, Policies, Create Policy, JSON), or everything that the README lists: ${policyFor(fault)}`,
    retry: "afterFix",
    ...VENDOR_TABLE,
  }),
  ROLE_NOT_FOUND: refusal("The account has no such role.", {
    codes: ["EntityNotExist.Role"],
    remedy: "Correct [assumeRoleArn] (or alicloud:assumeRole): the account's id and the role's name in it.",
    retry: "afterFix",
    source: "STS AssumeRole and RAM GetRole, EntityNotExist.Role",
    link: PAGES.openApiErrors,
  }),
  CLOCK_SKEWED: refusal("The clock of this machine is too far from the service's.", {
    codes: ["InvalidTimeStamp", "IllegalTimestamp", "RequestTimeTooSkewed"],
    remedy: "Set the machine's clock (NTP) and run pulumi up again.",
    retry: "afterFix",
    source: "OpenAPI, InvalidTimeStamp.Expired",
    link: PAGES.openApiErrors,
  }),
  THROTTLED: refusal("Too many requests in a short time.", {
    codes: ["Throttling", "QpsLimitExceeded"],
    remedy: "Nothing: it is tried again with growing pauses. If it stays, lower --parallel.",
    retry: "passes",
    source: "OpenAPI, Throttling",
    link: PAGES.openApiErrors,
  }),
  SERVICE_FAULT: refusal("The service had a fault of its own.", {
    codes: ["InternalError", "ServiceUnavailable", "SystemError", "InternalFailure"],
    quota: "perhaps",
    remedy: "Run pulumi up again in a few minutes; it continues where this run stopped.",
    retry: "passes",
    source: "OpenAPI, InternalError and ServiceUnavailable",
    link: PAGES.openApiErrors,
  }),
  NETWORK_FAILED: entry<{ operation: string; host: string; said: string }>({
    script: "{'status': -2, ..., 'Failed to establish a new connection'}",
    message: (e) => `${e.operation} did not reach ${e.host}: ${e.said}.`,
    remedy: "Check the network, the proxy (HTTPS_PROXY) and the endpoint, then run pulumi up again.",
    retry: "passes",
    source: "this project",
    link: PAGES.instanceMigration,
  }),
  TLS_FAILED: entry<{ operation: string; host: string; said: string }>({
    message: (e) => `No trusted TLS connection to ${e.host} for ${e.operation}: ${e.said}.`,
    remedy:
      "Where a company proxy re-signs TLS, give Node its root certificate with NODE_EXTRA_CA_CERTS. Verification is never switched off.",
    retry: "afterFix",
    source: "Node.js TLS error codes",
  }),
  NO_ANSWER: entry<{ operation: string; host: string; said: string }>({
    message: (e) =>
      `${e.operation} got no answer from ${e.host} in time (${e.said}); the service may have done it all the same.`,
    remedy: "Run pulumi up again: it looks before it acts.",
    quota: "perhaps",
    retry: "passes",
    source: "this project",
  }),
  ANSWER_UNREADABLE: entry<{ operation: string; said: string }>({
    message: (e) =>
      `${e.operation} was answered with something that is not the service's answer (${e.said}); a proxy in between does that.`,
    remedy: "Look at what answers at that address (a proxy's login page, a wrong endpoint), then run pulumi up again.",
    quota: "perhaps",
    retry: "passes",
    source: "this project",
  }),
  UNEXPECTED: entry<{ said: string }>({
    message: (e) => `Something that this project does not know failed: ${e.said}.`,
    remedy: "Run pulumi up again: it looks before it acts. If it stays, report it with this text.",
    quota: "perhaps",
    retry: "passes",
    source: "this project",
  }),
};
