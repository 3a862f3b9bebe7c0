import fc from "fast-check";
import {
  classifyNetworkFault,
  classifyReply,
  type FaultKind,
  firstWordsOf,
} from "../../../../provider/aliyun/oss/oss-fault";

const judged = (status: number, code?: string, headers: Record<string, string> = {}, body = "<html>no</html>") =>
  classifyReply({ status, headers, body: Buffer.from(body), code });

it.each<[number, string | undefined, FaultKind]>([
  [500, "InternalError", "passes"],
  [503, "ServiceBusy", "passes"],
  [502, undefined, "passes"],
  [429, undefined, "passes"],
  [408, undefined, "passes"],
  [400, "RequestTimeout", "passes"],
  [409, "OperationAborted", "passes"],
  [501, "NotImplemented", "refused"],
  [403, "AccessDenied", "refused"],
  [404, "NoSuchUpload", "refused"],
  [409, "FileAlreadyExists", "refused"],
  [403, "RequestTimeTooSkewed", "clockSkew"],
  [403, "SecurityTokenExpired", "credentials"],
  [403, "InvalidAccessKeyId", "credentials"],
  [403, "SomethingNewFromTheCloud", "refused"],
  [403, undefined, "unreadable"],
  [404, undefined, "unreadable"],
  [200, undefined, "unreadable"],
  [302, undefined, "unreadable"],
  [407, undefined, "unreadable"],
])("classifies %d %s as %s", (status, code, kind) => {
  expect(judged(status, code).kind).toBe(kind);
});

it("accepts a refusal without a body from OSS: the reply to a HEAD has none", () => {
  expect(judged(403, undefined, { "x-oss-request-id": "5F" }, "").kind).toBe("refused");
  expect(judged(403, undefined, {}, "").kind).toBe("unreadable");
});

it.each<[string, FaultKind]>([
  ["ECONNRESET", "passes"],
  ["ETIMEDOUT", "passes"],
  ["ENOTFOUND", "passes"],
  ["EAI_AGAIN", "passes"],
  ["ECONNREFUSED", "passes"],
  ["EPIPE", "passes"],
  ["CERT_HAS_EXPIRED", "refused"],
  ["DEPTH_ZERO_SELF_SIGNED_CERT", "refused"],
  ["ERR_TLS_CERT_ALTNAME_INVALID", "refused"],
  ["EPROTO", "refused"],
  ["HPE_INVALID_CONSTANT", "unreadable"],
])("classifies the network fault %s as %s", (code, kind) => {
  expect(classifyNetworkFault(code, "").kind).toBe(kind);
});

it("reads Retry-After as seconds and as a date, by the service's clock", () => {
  const date = "Sun, 22 Nov 2026 10:00:00 GMT";
  expect(judged(503, "x", { "retry-after": "7" }).retryAfterMs).toBe(7000);
  const until = { date, "retry-after": "Sun, 22 Nov 2026 10:00:30 GMT" };
  expect(judged(503, "x", until).retryAfterMs).toBe(30_000);
  expect(judged(503, "x", { ...until, "retry-after": "Sun, 22 Nov 2026 09:00:00 GMT" }).retryAfterMs).toBe(0);
  expect(judged(503, "x", { "retry-after": "soon" }).retryAfterMs).toBeUndefined();
  expect(judged(503, "x", { date }).serverTimeMs).toBe(Date.UTC(2026, 10, 22, 10));
});

it("shows the first words of a foreign page on one line, without tags and query strings", () => {
  const page = "<html>\n<body>Blocked:\thttp://x/y?Signature=abc&OSSAccessKeyId=k\n</body></html>";
  expect(firstWordsOf(Buffer.from(page))).toBe("Blocked: http://x/y?…");
  expect(firstWordsOf(Buffer.alloc(0))).toBe("an empty body");
});

it("makes one printable line of at most 160 characters of any body", () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 2000 }), (body) => {
      const words = firstWordsOf(body);
      expect(words).not.toMatch(/[\n\r\p{Cc}]/u);
      expect(words.length).toBeLessThanOrEqual(160);
      expect(words).not.toBe("");
    }),
  );
});
