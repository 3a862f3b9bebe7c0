import { createServer, type IncomingMessage, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { ChunkPool } from "../../../../provider/aliyun/oss/chunk-pool";
import { LocalFile } from "../../../../provider/aliyun/oss/local-file";
import { MultipartCalls } from "../../../../provider/aliyun/oss/multipart-calls";
import { OssCalls } from "../../../../provider/aliyun/oss/oss-calls";
import { PartBody } from "../../../../provider/aliyun/oss/part-body";

/** Checks requests and paged replies against a scripted server. */
let server: Server;
let asked: { method?: string; url: URL; headers: IncomingMessage["headers"]; bytes: number }[];
let answers: { status?: number; headers?: Record<string, string>; body?: string }[];
let calls: MultipartCalls;

beforeEach(async () => {
  asked = [];
  answers = [];
  server = createServer((request, response) => {
    let bytes = 0;
    request.on("data", (piece: Buffer) => {
      bytes += piece.length;
    });
    request.on("end", () => {
      asked.push({
        method: request.method,
        url: new URL(request.url ?? "", "http://oss"),
        headers: request.headers,
        bytes,
      });
      const { status = 200, headers = {}, body = "" } = answers.shift() ?? { status: 500 };
      response.writeHead(status, { date: new Date().toUTCString(), ...headers }).end(body);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const oss = new OssCalls({
    endpoint: { region: "cn-hangzhou", url, cname: false },
    credentials: { get: async () => ({ accessKeyId: "key", accessKeySecret: "secret", securityToken: "token" }) },
    retryTimes: { budgetMs: 0 },
  });
  calls = new MultipartCalls(oss, { bucket: "backups", key: "a/erp.bak", watch: oss.stallWatch() });
});
afterEach(async () => {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});

const listed = "<Bucket>backups</Bucket><Key>a/erp.bak</Key><UploadId>U</UploadId>";
const xml = (root: string, content: string) => ({ body: `<?xml version="1.0"?><${root}>${content}</${root}>` });
const upload = (key: string, id: string) =>
  `<Upload><Key>${key}</Key><UploadId>${id}</UploadId><Initiated>2026-11-22T10:00:00.000Z</Initiated></Upload>`;
const part = (number: number, crc = "<HashCrc64ecma>42</HashCrc64ecma>") =>
  `<Part><PartNumber>${number}</PartNumber><LastModified>2026-11-22T10:00:00.000Z</LastModified><ETag>"E${number}"</ETag>${crc}<Size>100</Size></Part>`;

it("lists the uploads of exactly one key, over all pages", async () => {
  const more =
    "<IsTruncated>true</IsTruncated><NextKeyMarker>a/erp.bak</NextKeyMarker><NextUploadIdMarker>U1</NextUploadIdMarker>";
  answers = [
    xml("ListMultipartUploadsResult", `${listed}${more}${upload("a/erp.bak", "U1")}`),
    xml(
      "ListMultipartUploadsResult",
      `${listed}<IsTruncated>false</IsTruncated>${upload("a/erp.bak", "U2")}${upload("a/erp.bak2", "U3")}`,
    ),
  ];
  expect(await calls.listUnfinished()).toEqual([
    { uploadId: "U1", initiatedMs: Date.UTC(2026, 10, 22, 10) },
    { uploadId: "U2", initiatedMs: Date.UTC(2026, 10, 22, 10) },
  ]);
  expect(asked[0]?.url.searchParams.get("prefix")).toBe("a/erp.bak");
  expect(asked[1]?.url.searchParams.get("key-marker")).toBe("a/erp.bak");
  expect(asked[1]?.url.searchParams.get("upload-id-marker")).toBe("U1");
});

it("lists parts over all pages, including a page with one part and a part without a checksum", async () => {
  const more = "<IsTruncated>true</IsTruncated><NextPartNumberMarker>2</NextPartNumberMarker>";
  answers = [
    xml("ListPartsResult", `${listed}${more}${part(1)}${part(2, "")}`),
    xml("ListPartsResult", `${listed}<IsTruncated>false</IsTruncated>${part(7)}`),
  ];
  expect(await calls.listParts("U")).toEqual([
    { number: 1, sizeBytes: 100, etag: '"E1"', crc64: 42n },
    { number: 2, sizeBytes: 100, etag: '"E2"', crc64: undefined },
    { number: 7, sizeBytes: 100, etag: '"E7"', crc64: 42n },
  ]);
  expect(asked[1]?.url.searchParams.get("part-number-marker")).toBe("2");
});

/** A list that is cut off or repeats itself is no list: a missing upload would be started again, a missing part sent again. */
describe("does not take for complete", () => {
  const more = "<IsTruncated>true</IsTruncated>";
  const parts = (marker: string) => xml("ListPartsResult", `${listed}${more}${marker}${part(1)}`);
  const uploads = (marker: string) =>
    xml("ListMultipartUploadsResult", `<Bucket>backups</Bucket>${more}${marker}${upload("a/erp.bak", "U1")}`);
  const at = (number: number) => parts(`<NextPartNumberMarker>${number}</NextPartNumberMarker>`);
  const always = (answer: (typeof answers)[number]) => Array.from({ length: 10 }, () => answer);
  const behind = (key: string) => uploads(`<NextKeyMarker>${key}</NextKeyMarker>`);

  it.each<[string, typeof answers]>([
    ["parts that go on at the same place", always(at(1))],
    ["parts that go on in a circle", [at(1), at(2), ...always(at(1))]],
    ["parts that go on nowhere", always(parts(""))],
    ["a reply without a list of parts", always(xml("Other", ""))],
  ])("%s", async (_, given) => {
    answers = given;
    await expect(calls.listParts("U")).rejects.toMatchObject({ code: "OSS_REPLY_UNREADABLE" });
  });

  it.each<[string, typeof answers]>([
    ["uploads that go on at the same place", always(behind("a"))],
    ["uploads that go on nowhere", always(uploads(""))],
    ["a reply without a list of uploads", always(xml("Other", ""))],
  ])("%s", async (_, given) => {
    answers = given;
    await expect(calls.listUnfinished()).rejects.toMatchObject({ code: "OSS_REPLY_UNREADABLE" });
  });
});

it("distinguishes a missing upload from one without parts", async () => {
  answers = [
    { status: 404, ...xml("Error", "<Code>NoSuchUpload</Code><Message>gone</Message>") },
    xml("ListPartsResult", `${listed}<IsTruncated>false</IsTruncated>`),
  ];
  expect(await calls.listParts("U")).toBeUndefined();
  expect(await calls.listParts("U")).toEqual([]);
});

it("never overwrites an object", async () => {
  answers = [
    xml("InitiateMultipartUploadResult", "<UploadId>U9</UploadId>"),
    { headers: { etag: '"X-1"', "x-oss-request-id": "5F" }, ...xml("CompleteMultipartUploadResult", "<ETag>X</ETag>") },
  ];
  expect(await calls.initiate()).toBe("U9");
  expect(await calls.complete("U9", [{ number: 1, etag: '"E1"' }])).toEqual({ etag: '"X-1"', requestId: "5F" });
  expect(asked.map(({ headers }) => headers["x-oss-forbid-overwrite"])).toEqual(["true", "true"]);
  // The header is signed, so nothing between can remove it.
  for (const { headers } of asked)
    expect(headers.authorization).toMatch(/^OSS4-HMAC-SHA256 Credential=key\/\d{8}\/cn-hangzhou\/oss/);
});

it("sends a part with its length, the token and the traffic limit, to the bucket's own host", async () => {
  const file = await LocalFile.open(__filename);
  const body = new PartBody({ file, start: 3, end: 203, chunks: new ChunkPool(), onSent: () => undefined });
  answers = [{ headers: { etag: '"E"', "x-oss-hash-crc64ecma": "18446744073709551615" } }];
  const reply = await calls.putPart("U", { number: 5, sizeBytes: 200 }, body, {
    timeoutMs: 5000,
    trafficLimitBitsPerSecond: 8_000_000,
  });
  await file.close();
  expect(reply).toEqual({ etag: '"E"', crc64: 2n ** 64n - 1n });
  expect(asked[0]).toMatchObject({
    method: "PUT",
    bytes: 200,
    headers: {
      host: "backups.oss-cn-hangzhou.aliyuncs.com",
      "content-length": "200",
      "x-oss-security-token": "token",
      "x-oss-traffic-limit": "8000000",
    },
  });
  expect(asked[0]?.url.pathname).toBe("/a/erp.bak");
  expect(Object.fromEntries(asked[0]?.url.searchParams ?? [])).toEqual({ partNumber: "5", uploadId: "U" });
});
