import { headerOf } from "../http/incoming-request";
import { percentEncode, percentEncodePath } from "../http/percent-encoding";
import type { QueryPair } from "../http/request-target";
import { canonicalResource, type OssSignedRequest } from "./oss-signed-request";
import { hmacSha256, sha256Hex } from "./signature-digest";

/** The fields of a V4 signature, from the Authorization header or the query. */
export interface V4SignatureFields {
  accessKeyId: string;
  /** `yyyymmdd` of the scope. */
  scopeDate: string;
  region: string;
  product: string;
  /** `yyyymmddThhmmssZ`; an HTTP date when the request has only a Date header. */
  dateTime: string;
  additionalHeaders: readonly string[];
  signature: string;
}

/**
 * Yields every canonical request that SDKs build for one request. They differ only for query parameters with an empty
 * value, which are signed as `k` (Python, Go), as `k=` (ali-oss, empty string) or not at all (ali-oss, undefined).
 * Observed with ali-oss 6.23.0 listV2. Which of them the service accepts is not known.
 * @see https://help.aliyun.com/en/oss/developer-reference/recommend-to-use-signature-version-4
 */
export function* canonicalRequestsV4(request: OssSignedRequest, fields: V4SignatureFields): Generator<string> {
  const additional = [...fields.additionalHeaders].sort();
  const headerNames = Object.keys(request.headers).filter(
    (name) =>
      name.startsWith("x-oss-") || name === "content-type" || name === "content-md5" || additional.includes(name),
  );
  const headers = headerNames.sort().map((name) => `${name}:${headerOf(request.headers, name) ?? ""}\n`);
  for (const query of canonicalQueries(request.query.filter(([name]) => name !== "x-oss-signature"))) {
    yield [
      request.method,
      percentEncodePath(canonicalResource(request)),
      query,
      headers.join(""),
      additional.join(";"),
      headerOf(request.headers, "x-oss-content-sha256") ?? "UNSIGNED-PAYLOAD",
    ].join("\n");
  }
}

/** With more empty parameters than this, only the documented form is tried. */
const MAX_EMPTY_PARAMETERS = 5;

function* canonicalQueries(query: readonly QueryPair[]): Generator<string> {
  const encoded = query.map(([name, value]) => [percentEncode(name), percentEncode(value)] as const);
  encoded.sort(([left], [right]) => (left < right ? -1 : left > right ? 1 : 0));
  const empties = encoded.filter(([, value]) => value === "").length;
  const variants = empties > MAX_EMPTY_PARAMETERS ? 1 : 3 ** empties;
  for (let variant = 0; variant < variants; variant++) {
    let choices = variant;
    const parts: string[] = [];
    for (const [name, value] of encoded) {
      if (value !== "") {
        parts.push(`${name}=${value}`);
        continue;
      }
      const choice = choices % 3;
      choices = Math.floor(choices / 3);
      if (choice === 0) parts.push(name);
      if (choice === 1) parts.push(`${name}=`);
    }
    yield parts.join("&");
  }
}

export function stringToSignV4(fields: V4SignatureFields, canonicalRequest: string): string {
  const scope = `${fields.scopeDate}/${fields.region}/${fields.product}/aliyun_v4_request`;
  return ["OSS4-HMAC-SHA256", fields.dateTime, scope, sha256Hex(canonicalRequest)].join("\n");
}

export function signV4(secret: string, fields: V4SignatureFields, canonicalRequest: string): string {
  const dateKey = hmacSha256(`aliyun_v4${secret}`, fields.scopeDate);
  const productKey = hmacSha256(hmacSha256(dateKey, fields.region), fields.product);
  const signingKey = hmacSha256(productKey, "aliyun_v4_request");
  return hmacSha256(signingKey, stringToSignV4(fields, canonicalRequest)).toString("hex");
}

/**
 * Parses `OSS4-HMAC-SHA256 Credential=…,AdditionalHeaders=a;b,Signature=…`; names in any case, separated by `, ` or
 * `,`.
 */
export function parseV4Authorization(authorization: string): Omit<V4SignatureFields, "dateTime"> | undefined {
  const values = new Map<string, string>();
  for (const part of authorization.slice("OSS4-HMAC-SHA256".length).split(",")) {
    const equals = part.indexOf("=");
    if (equals > 0) values.set(part.slice(0, equals).trim().toLowerCase(), part.slice(equals + 1).trim());
  }
  const credential = parseV4Credential(values.get("credential") ?? "");
  const signature = values.get("signature");
  if (credential === undefined || signature === undefined) return undefined;
  return { ...credential, signature, additionalHeaders: listOfHeaders(values.get("additionalheaders")) };
}

/** Parses `ak/yyyymmdd/region/oss/aliyun_v4_request`; the region may be empty. */
export function parseV4Credential(
  credential: string,
): Pick<V4SignatureFields, "accessKeyId" | "scopeDate" | "region" | "product"> | undefined {
  const [accessKeyId, scopeDate, region, product, terminator, ...rest] = credential.split("/");
  if (!accessKeyId || !scopeDate || region === undefined || !product) return undefined;
  if (terminator !== "aliyun_v4_request" || rest.length > 0) return undefined;
  return { accessKeyId, scopeDate, region, product };
}

/** Parses `a;b`. An empty text is a list of one empty name, which no request may sign. */
export function listOfHeaders(text: string | undefined): string[] {
  return text === undefined ? [] : text.split(";").map((name) => name.trim().toLowerCase());
}
