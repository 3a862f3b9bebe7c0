import { type Emulator, startEmulator } from "../../../emulator/emulator";
import { codeOf, type RawReply, type RawRequest, send, signedRequest } from "../support/signed-request";

let emulator: Emulator;
beforeAll(async () => {
  emulator = await startEmulator();
});
afterAll(() => emulator.close());

const sendSigned = (request: RawRequest): Promise<RawReply> => signedRequest(emulator, request);
const statusAndCode = (reply: RawReply) => [reply.status, codeOf(reply)];

async function initiate(key: string): Promise<string> {
  const reply = await sendSigned({ method: "POST", key, query: { uploads: "" } });
  return /<UploadId>(.*)<\/UploadId>/.exec(reply.text)?.[1] ?? `no upload: ${reply.text}`;
}

describe("a bucket that does not exist is reported before the access key is checked", () => {
  const date = new Date().toUTCString();
  const headers = { date, authorization: "OSS unknown:signature" };
  it.each([
    ["GET", "/no-such-bucket/?acl", 404],
    ["GET", "/no-such-bucket/?versioning", 404], // not emulated either
    ["PUT", "/no-such-bucket/?cors", 404],
    ["GET", "/no-such-bucket/k", 404],
    ["DELETE", "/no-such-bucket/", 404],
    ["PUT", "/no-such-bucket/", 403], // creates it
    ["GET", "/", 403],
  ])("%s %s gets %i", async (method, target, status) => {
    const code = status === 404 ? "NoSuchBucket" : "InvalidAccessKeyId";
    expect(statusAndCode(await send(emulator, { method, target, headers }))).toEqual([status, code]);
  });

  it("also to a request without a signature and for an invalid object key", async () => {
    const anonymous = await send(emulator, { method: "GET", target: "/no-such-bucket/k" });
    expect(statusAndCode(anonymous)).toEqual([404, "NoSuchBucket"]);
    const invalid = await sendSigned({ method: "GET", bucket: "no-such-bucket", key: "/k" });
    expect(statusAndCode(invalid)).toEqual([404, "NoSuchBucket"]);
  });
});

describe("what the vendor's tests expect", () => {
  it("the last page of a list of uploads or parts has its markers", async () => {
    emulator.oss.makeBucket({ name: "marked" });
    const started = await sendSigned({ method: "POST", bucket: "marked", key: "k", query: { uploads: "" } });
    const uploadId = /<UploadId>(.*)<\/UploadId>/.exec(started.text)?.[1] ?? "";
    const uploads = await sendSigned({ method: "GET", bucket: "marked", query: { uploads: "", "max-parts": "9" } });
    expect(uploads.text).toContain("<NextKeyMarker>k</NextKeyMarker>");
    expect(uploads.text).toContain(`<NextUploadIdMarker>${uploadId}</NextUploadIdMarker>`);
    expect(uploads.text).toContain("<IsTruncated>false</IsTruncated>");
    const parts = await sendSigned({ method: "GET", bucket: "marked", key: "k", query: { uploadId } });
    expect(parts.text).toContain("<PartNumberMarker>0</PartNumberMarker>");
  });

  it.each(["", "<CompleteMultipartUpload/>", "<CompleteMultipartUpload><Part/></CompleteMultipartUpload>"])(
    "an upload completed with %j makes an empty object, if the body is a list without parts",
    async (body) => {
      const uploadId = await initiate("empty.bin");
      const reply = await sendSigned({ method: "POST", key: "empty.bin", query: { uploadId }, body });
      const stored = emulator.oss.objects(emulator.bucket).find(({ key }) => key === "empty.bin");
      if (body === "<CompleteMultipartUpload/>") expect([reply.status, stored?.sizeBytes]).toEqual([200, 0]);
      else expect([statusAndCode(reply), stored]).toEqual([[400, "MalformedXML"], undefined]);
      emulator.oss.removeObject(emulator.bucket, "empty.bin");
    },
  );

  it("versionId=null is the object, and no other version exists", async () => {
    await emulator.oss.putObject(emulator.bucket, "versioned.bin", Buffer.from("x"));
    for (const method of ["GET", "HEAD", "DELETE"]) {
      const ask = (versionId: string) => sendSigned({ method, key: "versioned.bin", query: { versionId } });
      expect(statusAndCode(await ask("other"))).toEqual([400, "InvalidArgument"]);
      expect((await ask("null")).status).toBeLessThan(300);
    }
    expect(emulator.oss.objects(emulator.bucket).some(({ key }) => key === "versioned.bin")).toBe(false);
  });

  it("an own bucket is not created again with another redundancy or ACL", async () => {
    expect((await sendSigned({ method: "PUT", bucket: "again" })).status).toBe(200);
    const zrs = "<CreateBucketConfiguration><DataRedundancyType>ZRS</DataRedundancyType></CreateBucketConfiguration>";
    const headers = { "x-oss-acl": "public-read" };
    for (const request of [{ body: zrs }, { headers }]) {
      const reply = await sendSigned({ method: "PUT", bucket: "again", ...request });
      expect(statusAndCode(reply)).toEqual([409, "BucketAlreadyExists"]);
      expect(reply.text).toContain("<EC>0015-00000104</EC>");
    }
  });

  it("BucketStat counts objects by storage class and parts", async () => {
    emulator.oss.makeBucket({ name: "counted" });
    const stat = async () => (await sendSigned({ method: "GET", bucket: "counted", query: { stat: "" } })).text;
    expect(await stat()).toContain("<LastModifiedTime>0</LastModifiedTime>");
    await emulator.oss.putObject("counted", "a", Buffer.from("abc"));
    await emulator.oss.putObject("counted", "b", Buffer.from("ab"), { storageClass: "IA" });
    const text = await stat();
    for (const [name, value] of [
      ["Storage", 5],
      ["ObjectCount", 2],
      ["LiveChannelCount", 0],
      ["StandardStorage", 3],
      ["InfrequentAccessStorage", 65_536],
      ["InfrequentAccessRealStorage", 2],
      ["InfrequentAccessObjectCount", 1],
      ["DeepColdArchiveObjectCount", 0],
      ["DeleteMarkerCount", 0],
    ])
      expect(text).toContain(`<${name}>${value}</${name}>`);
    expect(text).toMatch(/<LastModifiedTime>[1-9]\d{9}<\/LastModifiedTime>/);
  });

  it("a missing upload has the EC number of its operation", async () => {
    const query = { uploadId: "none" };
    const part = await sendSigned({ method: "PUT", key: "k", query: { ...query, partNumber: "1" }, body: "x" });
    expect(part.text).toContain("<EC>0042-00000104</EC>");
    for (const method of ["GET", "DELETE"]) {
      expect((await sendSigned({ method, key: "k", query })).text).toContain("<EC>0042-00000002</EC>");
    }
  });

  it("a bucket without encryption gets 404, which the SDKs take for no rule", async () => {
    emulator.oss.makeBucket({ name: "plain" });
    const reply = await sendSigned({ method: "GET", bucket: "plain", query: { encryption: "" } });
    expect(statusAndCode(reply)).toEqual([404, "NoSuchServerSideEncryptionRule"]);
  });

  it("a header outside ASCII is kept as it was sent, also one that a signed URL sets", async () => {
    const sent = Buffer.from("Prüfung à").toString("latin1");
    await sendSigned({ method: "PUT", key: "ü.bin", headers: { "x-oss-meta-note": sent }, body: Buffer.from("x") }); // with a text, node:http would send the headers as UTF-8
    const query = { "response-content-disposition": 'attachment; filename="中.bak"' };
    const reply = await sendSigned({ method: "GET", key: "ü.bin", query });
    expect(reply.headers["x-oss-meta-note"]).toBe(sent);
    expect(Buffer.from(String(reply.headers["content-disposition"]), "latin1").toString()).toContain("中.bak");
    const broken = await sendSigned({ method: "GET", key: "ü.bin", query: { "response-expires": "a\r\nb: c" } });
    expect(statusAndCode(broken)).toEqual([400, "InvalidArgument"]);
  });
});
