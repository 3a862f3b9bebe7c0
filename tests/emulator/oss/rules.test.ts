import { createHash } from "node:crypto";
import * as net from "node:net";
import { type Emulator, startEmulator } from "../../../emulator/emulator";
import { codeOf, type RawReply, type RawRequest, signedRequest } from "../support/signed-request";

const PART_BYTES = 102_400;

let emulator: Emulator;
beforeAll(async () => {
  emulator = await startEmulator();
});
afterAll(() => emulator.close());

const sendSigned = (request: RawRequest): Promise<RawReply> => signedRequest(emulator, request);
const statusAndCode = (reply: RawReply) => [reply.status, codeOf(reply)];

async function initiate(key: string, headers: Record<string, string> = {}): Promise<string> {
  const reply = await sendSigned({ method: "POST", key, query: { uploads: "" }, headers });
  return /<UploadId>(.*)<\/UploadId>/.exec(reply.text)?.[1] ?? `no upload: ${reply.text}`;
}

async function sendPart(key: string, uploadId: string, partNumber: number, sizeBytes = PART_BYTES): Promise<string> {
  const reply = await sendSigned({
    method: "PUT",
    key,
    query: { partNumber: `${partNumber}`, uploadId },
    body: Buffer.alloc(sizeBytes, partNumber),
  });
  return String(reply.headers.etag);
}

function complete(
  key: string,
  uploadId: string,
  parts: [number, string][],
  headers: Record<string, string> = {},
): Promise<RawReply> {
  const list = parts.map(([number, etag]) => `<Part><PartNumber>${number}</PartNumber><ETag>${etag}</ETag></Part>`);
  const body = `<CompleteMultipartUpload>${list.join("")}</CompleteMultipartUpload>`;
  return sendSigned({ method: "POST", key, query: { uploadId }, body, headers });
}

describe("a multipart upload", () => {
  it.each(["0", "10001", "x", ""])("refuses part number %j", async (partNumber) => {
    const uploadId = await initiate("numbers.bin");
    const reply = await sendSigned({ method: "PUT", key: "numbers.bin", query: { partNumber, uploadId }, body: "x" });
    expect(statusAndCode(reply)).toEqual([400, "InvalidArgument"]);
  });

  it("accepts part number 10,000 and gaps between part numbers", async () => {
    const uploadId = await initiate("gaps.bin");
    const parts: [number, string][] = [];
    for (const number of [10_000, 3]) parts.unshift([number, await sendPart("gaps.bin", uploadId, number)]);
    expect((await complete("gaps.bin", uploadId, parts)).status).toBe(200);
    expect(emulator.oss.objects(emulator.bucket).find(({ key }) => key === "gaps.bin")?.sizeBytes).toBe(2 * PART_BYTES);
  });

  it("checks part sizes only at completion, and never the size of the last part", async () => {
    const uploadId = await initiate("small.bin");
    const small = await sendPart("small.bin", uploadId, 1, PART_BYTES - 1);
    const last = await sendPart("small.bin", uploadId, 2, 1);
    const refused = await complete("small.bin", uploadId, [
      [1, small],
      [2, last],
    ]);
    expect(statusAndCode(refused)).toEqual([400, "EntityTooSmall"]);
    expect(refused.text).toContain("<EC>0042-00000213</EC>");
    const large = await sendPart("small.bin", uploadId, 1, PART_BYTES);
    expect(
      (
        await complete("small.bin", uploadId, [
          [1, large],
          [2, last],
        ])
      ).status,
    ).toBe(200);
  });

  it("refuses wrong ETags, missing parts, wrong order, and repeated parts, and stays unchanged", async () => {
    const uploadId = await initiate("refused.bin");
    const [first, second] = [await sendPart("refused.bin", uploadId, 1), await sendPart("refused.bin", uploadId, 2)];
    const attempts: [[number, string][], string][] = [
      [
        [
          [1, first],
          [2, first],
        ],
        "InvalidPart",
      ],
      [
        [
          [1, first],
          [3, second],
        ],
        "InvalidPart",
      ],
      [
        [
          [2, second],
          [1, first],
        ],
        "InvalidPartOrder",
      ],
      [
        [
          [1, first],
          [1, first],
        ],
        "InvalidPartOrder",
      ],
    ];
    for (const [parts, code] of attempts) {
      expect(statusAndCode(await complete("refused.bin", uploadId, parts))).toEqual([400, code]);
    }
    expect(emulator.oss.uploads().find((upload) => upload.uploadId === uploadId)?.parts).toHaveLength(2);
  });

  it("accepts ETags with XML entities, as Go's SDK sends them", async () => {
    const uploadId = await initiate("entities.bin");
    const etag = (await sendPart("entities.bin", uploadId, 1)).replaceAll('"', "&#34;");
    expect((await complete("entities.bin", uploadId, [[1, etag]])).status).toBe(200);
  });

  it("keeps the later of two parts with the same number", async () => {
    const uploadId = await initiate("again.bin");
    await sendPart("again.bin", uploadId, 1, 500);
    const etag = await sendPart("again.bin", uploadId, 1, 700);
    await complete("again.bin", uploadId, [[1, etag]]);
    expect((await emulator.oss.getObject(emulator.bucket, "again.bin")).length).toBe(700);
  });

  it("does not exist after completion, nor for another key", async () => {
    const uploadId = await initiate("completed.bin");
    const etag = await sendPart("completed.bin", uploadId, 1);
    expect(statusAndCode(await complete("other.bin", uploadId, [[1, etag]]))).toEqual([404, "NoSuchUpload"]);
    expect((await complete("completed.bin", uploadId, [[1, etag]])).status).toBe(200);
    expect(statusAndCode(await complete("completed.bin", uploadId, [[1, etag]]))).toEqual([404, "NoSuchUpload"]);
    expect(statusAndCode(await sendSigned({ method: "DELETE", key: "completed.bin", query: { uploadId } }))).toEqual([
      404,
      "NoSuchUpload",
    ]);
  });

  it("does not show its object before completion", async () => {
    const uploadId = await initiate("hidden.bin");
    await sendPart("hidden.bin", uploadId, 1);
    expect((await sendSigned({ method: "HEAD", key: "hidden.bin" })).status).toBe(404);
    expect((await sendSigned({ method: "GET", query: { prefix: "hidden" } })).text).not.toContain("<Contents>");
  });
});

describe("x-oss-forbid-overwrite", () => {
  const forbid = { "x-oss-forbid-overwrite": "true" };
  beforeAll(() => emulator.oss.putObject(emulator.bucket, "kept.bin", Buffer.from("kept")));

  it("refuses Put, Initiate and Complete of an existing object and keeps the object", async () => {
    expect(statusAndCode(await sendSigned({ method: "PUT", key: "kept.bin", body: "x", headers: forbid }))).toEqual([
      409,
      "FileAlreadyExists",
    ]);
    const initiated = await sendSigned({ method: "POST", key: "kept.bin", query: { uploads: "" }, headers: forbid });
    expect(statusAndCode(initiated)).toEqual([409, "FileAlreadyExists"]);
    const uploadId = await initiate("kept.bin");
    const etag = await sendPart("kept.bin", uploadId, 1);
    expect(statusAndCode(await complete("kept.bin", uploadId, [[1, etag]], forbid))).toEqual([
      409,
      "FileAlreadyExists",
    ]);
    expect((await emulator.oss.getObject(emulator.bucket, "kept.bin")).toString()).toBe("kept");
  });

  it("accepts a new object", async () => {
    expect((await sendSigned({ method: "PUT", key: "fresh.bin", body: "x", headers: forbid })).status).toBe(200);
  });
});

describe("a body", () => {
  it("with a wrong Content-MD5 is refused and stores nothing", async () => {
    const reply = await sendSigned({
      method: "PUT",
      key: "digest.bin",
      body: "x",
      headers: { "content-md5": "1B2M2Y8AsgTpgAmY7PhCfg==" },
    });
    expect(statusAndCode(reply)).toEqual([400, "InvalidDigest"]);
    expect((await sendSigned({ method: "HEAD", key: "digest.bin" })).status).toBe(404);
  });

  it("that ends before its announced length stores nothing", async () => {
    const before = emulator.journal.entries.length;
    await cutConnection({ key: "short.bin", announced: 1000, sent: 400 });
    const [entry] = emulator.journal.entries.slice(before);
    expect(entry).toMatchObject({ action: "PutObject", code: "ClientGone" });
    expect((await sendSigned({ method: "HEAD", key: "short.bin" })).status).toBe(404);
  });

  it("can be chunked, also when it is empty", async () => {
    const chunked = { "transfer-encoding": "chunked" };
    expect((await sendSigned({ method: "PUT", key: "chunked.bin", body: "abc", headers: chunked })).status).toBe(200);
    expect(
      (await sendSigned({ method: "POST", key: "chunked.bin", query: { uploads: "" }, headers: chunked })).status,
    ).toBe(200);
    expect((await emulator.oss.getObject(emulator.bucket, "chunked.bin")).toString()).toBe("abc");
  });

  /** Sends a request whose body ends early; resolves when the emulator has journaled it. */
  async function cutConnection({
    key,
    announced,
    sent,
  }: {
    key: string;
    announced: number;
    sent: number;
  }): Promise<void> {
    // The signature covers neither length nor body, so the headers of a valid request can be reused.
    const captured = await captureHeaders(key);
    const socket = net.connect(emulator.port, "127.0.0.1");
    socket.on("error", () => undefined);
    const head = [`PUT /${emulator.bucket}/${key} HTTP/1.1`, ...captured, `content-length: ${announced}`];
    socket.write(`${head.join("\r\n")}\r\n\r\n${"x".repeat(sent)}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
    socket.destroy();
    const seen = emulator.journal.entries.length;
    while (emulator.journal.entries.length === seen) await new Promise((resolve) => setTimeout(resolve, 5));
  }

  async function captureHeaders(key: string): Promise<string[]> {
    const lines = new Promise<string[]>((resolve) => {
      const server = net.createServer((socket) => {
        socket.once("data", (data) => {
          resolve(data.toString().split("\r\n\r\n")[0]?.split("\r\n").slice(1) ?? []);
          socket.destroy();
          server.close();
        });
      });
      server.listen(0, "127.0.0.1", () => {
        const { port } = server.address() as net.AddressInfo;
        signedRequest({ ...emulator, port }, { method: "PUT", key, body: "" }).catch(() => undefined);
      });
    });
    return (await lines).filter((line) => !line.toLowerCase().startsWith("content-length"));
  }
});

describe("a name", () => {
  it.each(["..", "a/../b", "./a", "a/."])("with dot segments is refused: %s", async (key) => {
    expect(statusAndCode(await sendSigned({ method: "PUT", key, body: "x" }))).toEqual([400, "InvalidObjectName"]);
  });

  it("that starts with a slash or is longer than 1,023 bytes is refused", async () => {
    for (const key of ["/lead", "\\lead", "ü".repeat(512)]) {
      expect(statusAndCode(await sendSigned({ method: "PUT", key, body: "x" }))).toEqual([400, "InvalidObjectName"]);
    }
    expect((await sendSigned({ method: "PUT", key: `a${"ü".repeat(511)}`, body: "x" })).status).toBe(200);
  });

  it("can have percent-encoded slashes, as oss2 sends them", async () => {
    const target = `/${emulator.bucket}/deep%2Ffolder%2Fk.bin`;
    expect((await sendSigned({ method: "PUT", key: "deep/folder/k.bin", target, body: "x" })).status).toBe(200);
    expect(emulator.oss.objects(emulator.bucket).some(({ key }) => key === "deep/folder/k.bin")).toBe(true);
  });

  it("keeps its plus signs", async () => {
    const target = `/${emulator.bucket}/a+b.bin`;
    expect((await sendSigned({ method: "PUT", key: "a+b.bin", target, body: "x" })).status).toBe(200);
  });

  it("that is not percent-encoded UTF-8 is refused", async () => {
    expect((await sendSigned({ method: "GET", target: `/${emulator.bucket}/%ff` })).status).toBe(400);
    expect((await sendSigned({ method: "GET", target: `/${emulator.bucket}/?prefix=%ff` })).status).toBe(400);
  });
});

describe("a bucket", () => {
  it("with an invalid name is refused", async () => {
    for (const bucket of ["ab", "-ab", "UPPER", "under_score"]) {
      expect(statusAndCode(await sendSigned({ method: "PUT", bucket }))).toEqual([400, "InvalidBucketName"]);
    }
  });

  it("can be created again with equal properties, but not with others or if another account owns it", async () => {
    expect((await sendSigned({ method: "PUT", bucket: "mine" })).status).toBe(200);
    expect((await sendSigned({ method: "PUT", bucket: "mine" })).status).toBe(200);
    const other = "<CreateBucketConfiguration><StorageClass>IA</StorageClass></CreateBucketConfiguration>";
    expect(statusAndCode(await sendSigned({ method: "PUT", bucket: "mine", body: other }))).toEqual([
      409,
      "BucketAlreadyExists",
    ]);
    emulator.oss.makeBucket({ name: "theirs", ownerId: "1999999999999999" });
    expect(statusAndCode(await sendSigned({ method: "PUT", bucket: "theirs" }))).toEqual([409, "BucketAlreadyExists"]);
    expect(statusAndCode(await sendSigned({ method: "GET", bucket: "theirs", query: { bucketInfo: "" } }))).toEqual([
      403,
      "AccessDenied",
    ]);
    expect((await sendSigned({ method: "GET", bucket: "" })).text).not.toContain("theirs");
  });

  it("is private when the ACL header is empty, as the alicloud provider sends it", async () => {
    const put = (acl: string) => sendSigned({ method: "PUT", bucket: "empty-acl", headers: { "x-oss-acl": acl } });
    expect(statusAndCode(await put("secret"))).toEqual([400, "InvalidArgument"]);
    expect((await put("")).status).toBe(200);
    const info = await sendSigned({ method: "GET", bucket: "empty-acl", query: { bucketInfo: "" } });
    expect(info.text).toContain("<Grant>private</Grant>");
  });

  it("with objects or unfinished uploads cannot be deleted", async () => {
    await sendSigned({ method: "PUT", bucket: "full" });
    await emulator.oss.putObject("full", "k", Buffer.from("x"));
    expect(statusAndCode(await sendSigned({ method: "DELETE", bucket: "full" }))).toEqual([409, "BucketNotEmpty"]);
    emulator.oss.removeObject("full", "k");
    await sendSigned({ method: "POST", bucket: "full", key: "k", query: { uploads: "" } });
    expect(statusAndCode(await sendSigned({ method: "DELETE", bucket: "full" }))).toEqual([409, "BucketNotEmpty"]);
    const [upload] = emulator.oss.uploads("full");
    await sendSigned({ method: "DELETE", bucket: "full", key: "k", query: { uploadId: upload?.uploadId ?? "" } });
    expect((await sendSigned({ method: "DELETE", bucket: "full" })).status).toBe(204);
  });

  it("of another region returns its location; other operations need that region's endpoint", async () => {
    emulator.oss.makeBucket({ name: "far-away", region: "cn-beijing" });
    const info = await sendSigned({ method: "GET", bucket: "far-away", query: { bucketInfo: "" } });
    expect(info.text).toContain("<Location>oss-cn-beijing</Location>");
    const put = await sendSigned({ method: "PUT", bucket: "far-away", key: "k", body: "x" });
    expect(statusAndCode(put)).toEqual([403, "AccessDenied"]);
    expect(put.text).toContain("<Endpoint>oss-cn-beijing.aliyuncs.com</Endpoint>");
  });

  it("encrypts new objects after PutBucketEncryption and reports it", async () => {
    await sendSigned({ method: "PUT", bucket: "encrypting" });
    const none = await sendSigned({ method: "GET", bucket: "encrypting", query: { encryption: "" } });
    expect(codeOf(none)).toBe("NoSuchServerSideEncryptionRule");
    const rule =
      "<ServerSideEncryptionRule><ApplyServerSideEncryptionByDefault><SSEAlgorithm>AES256</SSEAlgorithm></ApplyServerSideEncryptionByDefault></ServerSideEncryptionRule>";
    await sendSigned({ method: "PUT", bucket: "encrypting", query: { encryption: "" }, body: rule });
    expect((await sendSigned({ method: "GET", bucket: "encrypting", query: { encryption: "" } })).text).toContain(
      "AES256",
    );
    expect(
      (await sendSigned({ method: "PUT", bucket: "encrypting", key: "k", body: "x" })).headers[
        "x-oss-server-side-encryption"
      ],
    ).toBe("AES256");
    expect((await sendSigned({ method: "GET", bucket: "encrypting", query: { bucketInfo: "" } })).text).toContain(
      "<SSEAlgorithm>AES256</SSEAlgorithm>",
    );
    expect(emulator.objects.head("encrypting", "k")).toMatchObject({ serverSideEncryption: "AES256" });
    expect(emulator.objects.bucket("encrypting")).toMatchObject({ serverSideEncryption: "AES256" });
  });

  it("is the default storage class of its objects; archived objects cannot be read", async () => {
    emulator.oss.makeBucket({ name: "archive", storageClass: "Archive" });
    await sendSigned({ method: "PUT", bucket: "archive", key: "k", body: "x" });
    expect((await sendSigned({ method: "HEAD", bucket: "archive", key: "k" })).headers["x-oss-storage-class"]).toBe(
      "Archive",
    );
    expect(statusAndCode(await sendSigned({ method: "GET", bucket: "archive", key: "k" }))).toEqual([
      403,
      "InvalidObjectState",
    ]);
    await sendSigned({
      method: "PUT",
      bucket: "archive",
      key: "s",
      body: "x",
      headers: { "x-oss-storage-class": "Standard" },
    });
    expect((await sendSigned({ method: "GET", bucket: "archive", key: "s" })).text).toBe("x");
  });
});

describe("conditions and ranges", () => {
  beforeAll(() =>
    emulator.oss.putObject(emulator.bucket, "conditions.bin", Buffer.from("0123456789"), {
      lastModifiedMs: Date.UTC(2026, 0, 1),
    }),
  );
  const get = (headers: Record<string, string>) => sendSigned({ method: "GET", key: "conditions.bin", headers });

  it("are evaluated", async () => {
    const etag = '"781E5E245D69B566979B86E28D23F2C7"';
    expect((await get({ "if-match": etag })).status).toBe(200);
    expect(statusAndCode(await get({ "if-match": '"other"' }))).toEqual([412, "PreconditionFailed"]);
    expect((await get({ "if-none-match": etag })).status).toBe(304);
    expect((await get({ "if-modified-since": "Thu, 01 Jan 2026 00:00:00 GMT" })).status).toBe(304);
    expect((await get({ "if-unmodified-since": "Wed, 31 Dec 2025 23:59:59 GMT" })).status).toBe(412);
  });

  it("return 206, or the whole object when the range exceeds it", async () => {
    const part = await get({ range: "bytes=2-4" });
    expect([part.status, part.headers["content-range"], part.text]).toEqual([206, "bytes 2-4/10", "234"]);
    expect([(await get({ range: "bytes=8-12" })).status, (await get({ range: "bytes=8-12" })).text.length]).toEqual([
      200, 10,
    ]);
  });
});

describe("a reply", () => {
  it("has a Date header, a request id, times with zero milliseconds and no xmlns", async () => {
    const reply = await sendSigned({ method: "GET", query: { "list-type": "2" } });
    expect(Math.abs(Date.parse(String(reply.headers.date)) - Date.now())).toBeLessThan(5000);
    expect(reply.headers["x-oss-request-id"]).toMatch(/^[0-9A-F]{24}$/);
    expect(reply.text).toMatch(/<LastModified>\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.000Z</);
    expect(reply.text).not.toContain("xmlns");
  });

  it("to a failed HEAD has the error document in a header", async () => {
    const reply = await sendSigned({ method: "HEAD", key: "missing" });
    expect([reply.status, reply.body.length, codeOf(reply), reply.headers["x-oss-ec"]]).toEqual([
      404,
      0,
      "NoSuchKey",
      "0026-00000001",
    ]);
  });

  it("encodes names with encoding-type=url and reports it", async () => {
    await emulator.oss.putObject(emulator.bucket, "enc/a b+&.bin", Buffer.from(""));
    const reply = await sendSigned({ method: "GET", query: { prefix: "enc/", "encoding-type": "url" } });
    expect(reply.text).toContain("<Key>enc/a%20b%2B%26.bin</Key>");
    expect(reply.text).toContain("<EncodingType>url</EncodingType>");
  });

  it("to a failed request contains code, message, request id, EC and the string to sign", async () => {
    const reply = await sendSigned({ method: "GET", key: "k", target: `/${emulator.bucket}/other` });
    expect([reply.status, codeOf(reply)]).toEqual([403, "SignatureDoesNotMatch"]);
    expect(reply.text).toContain("<EC>0002-00000040</EC>");
    expect(reply.text).toContain(`GET\n/${emulator.bucket}/other\n`);
    expect(reply.text).toContain(`<RequestId>${reply.headers["x-oss-request-id"]}</RequestId>`);
  });
});

describe("an unsupported feature", () => {
  it.each<[string, RawRequest]>([
    ["an operation", { method: "POST", key: "k", query: { append: "", position: "0" }, body: "x" }],
    ["a sub-resource", { method: "GET", query: { replication: "" } }],
    ["a parameter", { method: "GET", key: "k", query: { "x-oss-process": "image/info" } }],
    ["a header", { method: "PUT", key: "k", body: "x", headers: { "x-oss-callback": "e30=" } }],
    ["a method", { method: "PATCH", key: "k" }],
    ["copying", { method: "PUT", key: "k", headers: { "x-oss-copy-source": "/b/k", "content-length": "0" } }],
  ])("is refused: %s", async (_, request) => {
    expect(statusAndCode(await sendSigned(request))).toEqual([400, "NotImplemented"]);
  });

  it("is refused: XML that declares entities", async () => {
    const body = `<!DOCTYPE x [<!ENTITY a "aaaa">]><Delete><Object><Key>&a;</Key></Object></Delete>`;
    expect(
      statusAndCode(
        await sendSigned({ method: "POST", query: { delete: "" }, body, headers: { "content-md5": "x" } }),
      ).slice(0, 1),
    ).toEqual([400]);
  });
});

it("lists one version per object and deletes it by version, as the alicloud provider's forceDestroy does", async () => {
  await sendSigned({ method: "PUT", bucket: "versions" });
  for (const key of ["a&b", "c d"]) await emulator.oss.putObject("versions", key, Buffer.from("x"));
  const query = { versions: "", "encoding-type": "url", "max-keys": "1" };
  const first = await sendSigned({ method: "GET", bucket: "versions", query });
  expect(first.text).toContain("<Version><Key>a%26b</Key>");
  expect(first.text).toContain("<VersionId>null</VersionId><IsLatest>true</IsLatest>");
  expect(first.text).toContain("<NextKeyMarker>a%26b</NextKeyMarker>");
  const second = await sendSigned({ method: "GET", bucket: "versions", query: { ...query, "key-marker": "a&b" } });
  expect(second.text).toContain("<Key>c%20d</Key>");
  const objects = ["a&amp;b", "c d"].map((key) => `<Object><Key>${key}</Key><VersionId>null</VersionId></Object>`);
  const body = `<Delete><Quiet>false</Quiet>${objects.join("")}</Delete>`;
  const headers = { "content-md5": createHash("md5").update(body).digest("base64") };
  const deleted = await sendSigned({ method: "POST", bucket: "versions", query: { delete: "" }, body, headers });
  expect([deleted.status, emulator.oss.objects("versions")]).toEqual([200, []]);
});
