import type { IncomingHttpHeaders } from "node:http";
import type { QueryPair } from "../http/request-target";
import { ENCRYPTION_HEADERS } from "./encryption";
import { OSS_OPERATIONS } from "./operations/all-operations";
import { OssFault } from "./oss-fault";
import type { OssOperation } from "./oss-operation";
import type { OssTarget } from "./oss-target";

/** Query parameters of signed URLs. Every operation accepts them. */
const SIGNATURE_PARAMETERS: ReadonlySet<string> = new Set([
  "OSSAccessKeyId",
  "Expires",
  "Signature",
  "security-token",
  "x-oss-additional-headers",
  "x-oss-credential",
  "x-oss-date",
  "x-oss-expires",
  "x-oss-security-token",
  "x-oss-signature",
  "x-oss-signature-version",
]);

/** `x-oss-` headers that the emulator supports, or that have no observable effect here. */
const SUPPORTED_HEADERS: ReadonlySet<string> = new Set([
  "x-oss-acl",
  "x-oss-content-sha256",
  "x-oss-date",
  "x-oss-forbid-overwrite",
  "x-oss-range-behavior",
  "x-oss-request-payer",
  "x-oss-security-token",
  ...ENCRYPTION_HEADERS,
  "x-oss-storage-class",
  "x-oss-traffic-limit",
  "x-oss-user-agent",
]);

/** Finds the operation by method, target and query parameters; undefined when no operation matches. */
export function findOperation(
  method: string,
  target: OssTarget,
  query: readonly QueryPair[],
): OssOperation | undefined {
  const level = target.bucket === undefined ? "service" : target.key === undefined ? "bucket" : "object";
  const names = new Set(query.map(([name]) => name));
  return OSS_OPERATIONS.filter(
    (operation) =>
      operation.level === level &&
      operation.method === method &&
      (operation.requires ?? []).every((name) => names.has(name)),
  ).sort((left, right) => (right.requires?.length ?? 0) - (left.requires?.length ?? 0))[0];
}

/** Whether a request creates a bucket, and so may name one that does not exist. */
export function createsBucket(method: string, target: OssTarget, query: readonly QueryPair[]): boolean {
  const operation = findOperation(method, target, query);
  return operation?.createsBucket === true && unsupportedParameter(operation, query) === undefined;
}

function unsupportedParameter(operation: OssOperation, query: readonly QueryPair[]): string | undefined {
  const supported = new Set([...(operation.requires ?? []), ...(operation.allows ?? [])]);
  return query.find(([name]) => !supported.has(name) && !SIGNATURE_PARAMETERS.has(name))?.[0];
}

/**
 * Refuses unsupported operations, parameters and headers instead of ignoring them.
 * @throws OssFault `NotImplemented`
 */
export function checkSupported(
  operation: OssOperation | undefined,
  query: readonly QueryPair[],
  headers: IncomingHttpHeaders,
): asserts operation is OssOperation {
  if (operation === undefined) throw notImplemented("this operation");
  const parameter = unsupportedParameter(operation, query);
  if (parameter !== undefined) throw notImplemented(`the parameter ${parameter} of ${operation.name}`);
  for (const name of Object.keys(headers)) {
    if (!name.startsWith("x-oss-") || name.startsWith("x-oss-meta-") || SUPPORTED_HEADERS.has(name)) continue;
    throw notImplemented(`the header ${name}`);
  }
}

function notImplemented(what: string): OssFault {
  return new OssFault("NotImplemented", { message: `The emulator does not imitate ${what}.` });
}
