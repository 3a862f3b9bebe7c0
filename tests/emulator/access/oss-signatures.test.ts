import fc from "fast-check";
import { signV1 } from "../../../emulator/access/oss-v1-signature";
import { canonicalRequestsV4, parseV4Authorization, signV4 } from "../../../emulator/access/oss-v4-signature";
import { headerBytes } from "../../../emulator/http/header-bytes";

// The signer of ali-oss 6.23.0, called directly, so that the tests compare with the signatures that its users send.
const sdk: {
  authorization(id: string, secret: string, text: string): string;
  buildCanonicalString(method: string, resource: string, request: object): string;
  authorizationV4(
    id: string,
    secret: string,
    region: string,
    method: string,
    request: object,
    bucket?: string,
    key?: string,
  ): string;
} = require("ali-oss/lib/common/signUtils");

const key = fc.string({ unit: "grapheme", minLength: 1, maxLength: 30 });
// Also values outside ASCII: clients send and sign them as UTF-8.
const metadata = fc.oneof(fc.stringMatching(/^[!-~]{1,20}$/), fc.stringMatching(/^[ü中à-ÿ]{1,10}$/));

it("computes the V4 signature that ali-oss sends, for any key", () => {
  fc.assert(
    fc.property(key, metadata, fc.constantFrom("PUT", "GET", "POST"), (objectKey, value, method) => {
      const headers = {
        "x-oss-date": "20261122T081500Z",
        "x-oss-content-sha256": "UNSIGNED-PAYLOAD",
        "x-oss-meta-a": value,
      };
      const queries = { uploadId: "0A+/=", partNumber: "7", uploads: null };
      const authorization = sdk.authorizationV4(
        "id",
        "secret",
        "cn-hangzhou",
        method,
        { headers, queries },
        "bucket",
        objectKey,
      );
      const fields = parseV4Authorization(authorization);
      if (fields === undefined) throw new Error(`cannot parse ${authorization}`);
      const query = Object.entries(queries).map(([name, text]) => [name, text ?? ""] as const);
      const sent = { ...headers, "x-oss-meta-a": headerBytes(value) };
      const request = { method, bucket: "bucket", key: objectKey, query, headers: sent };
      const full = { ...fields, dateTime: headers["x-oss-date"] };
      const signatures = [...canonicalRequestsV4(request, full)].map((canonical) => signV4("secret", full, canonical));
      expect(signatures).toContain(fields.signature);
    }),
  );
});

it("computes the V1 signature that ali-oss sends, for any key", () => {
  fc.assert(
    fc.property(key, metadata, fc.constantFrom("PUT", "GET", "POST"), (objectKey, value, method) => {
      const headers = {
        "content-type": "text/plain",
        "x-oss-date": "Sun, 22 Nov 2026 08:15:00 GMT",
        "x-oss-meta-a": value,
      };
      const parameters = { uploadId: "0A+/=", partNumber: "7" };
      const text = sdk.buildCanonicalString(method, `/bucket/${objectKey}`, { headers, parameters });
      const query = [...Object.entries(parameters), ["max-parts", "5"] as const]; // the last one is not signed
      const signature = signV1(
        "secret",
        {
          method,
          bucket: "bucket",
          key: objectKey,
          query,
          headers: { ...headers, "x-oss-meta-a": headerBytes(value) },
        },
        headers["x-oss-date"],
      );
      expect(sdk.authorization("id", "secret", text)).toBe(`OSS id:${signature}`);
    }),
  );
});

it("parses V4 authorizations with spaces after commas and with additional headers", () => {
  const text =
    "OSS4-HMAC-SHA256 Credential=ak/20261122//oss/aliyun_v4_request, AdditionalHeaders=User-Agent;host, Signature=ab";
  expect(parseV4Authorization(text)).toEqual({
    accessKeyId: "ak",
    scopeDate: "20261122",
    region: "",
    product: "oss",
    additionalHeaders: ["user-agent", "host"],
    signature: "ab",
  });
  expect(parseV4Authorization("OSS4-HMAC-SHA256 Credential=ak/20261122/r/oss/abc,Signature=ab")).toBeUndefined();
});
