import { type Emulator, startEmulator } from "../../../emulator/emulator";
import { codeOf, signedRequest } from "../support/signed-request";

let emulator: Emulator;
beforeAll(async () => {
  emulator = await startEmulator();
});
afterAll(() => emulator.close());

const encryption = (settings: string) =>
  `<ServerSideEncryptionRule><ApplyServerSideEncryptionByDefault>${settings}</ApplyServerSideEncryptionByDefault></ServerSideEncryptionRule>`;
const lifecycle = (rule: string) => `<LifecycleConfiguration><Rule>${rule}</Rule></LifecycleConfiguration>`;
const day = (time: string) => `<CreatedBeforeDate>${time}</CreatedBeforeDate>`;
const days = (action: string, count: number, storageClass?: string) =>
  `<${action}><Days>${count}</Days>${storageClass === undefined ? "" : `<StorageClass>${storageClass}</StorageClass>`}</${action}>`;
const tagging = (keys: string[]) =>
  `<Tagging><TagSet>${keys.map((key) => `<Tag><Key>${key}</Key><Value>v</Value></Tag>`).join("")}</TagSet></Tagging>`;
const logging = (bucket: string) =>
  `<BucketLoggingStatus><LoggingEnabled><TargetBucket>${bucket}</TargetBucket></LoggingEnabled></BucketLoggingStatus>`;
const resourceGroup = (id: string) =>
  `<BucketResourceGroupConfiguration><ResourceGroupId>${id}</ResourceGroupId></BucketResourceGroupConfiguration>`;

const request = (method: string, subresource: string, body?: string) =>
  signedRequest(emulator, { method, query: { [subresource]: "" }, body });

/** The configurations that the alicloud provider 3.105.0 reads for every bucket, and the replies that it needs. */
it.each([
  ["cors", 404, "NoSuchCORSConfiguration"],
  ["website", 404, "NoSuchWebsiteConfiguration"],
  ["logging", 200, "<BucketLoggingStatus"],
  ["referer", 200, "<AllowEmptyReferer>true</AllowEmptyReferer>"],
  ["lifecycle", 404, "NoSuchLifecycle"],
  ["policy", 404, "NoSuchBucketPolicy"],
  ["tagging", 200, "<TagSet>"],
  ["transferAcceleration", 404, "NoSuchTransferAccelerationConfiguration"],
  ["resourceGroup", 200, "<ResourceGroupId>"],
  ["acl", 200, "<Grant>private</Grant>"],
  ["location", 200, "<LocationConstraint>oss-cn-hangzhou</LocationConstraint>"],
])("returns ?%s of a new bucket with %i and %s", async (subresource, status, content) => {
  const reply = await request("GET", subresource);
  expect(reply.status).toBe(status);
  expect(reply.text).toContain(content);
});

it.each([
  [
    "lifecycle",
    "<LifecycleConfiguration><Rule><ID>parts</ID><Prefix></Prefix><Status>Enabled</Status><AbortMultipartUpload><Days>7</Days></AbortMultipartUpload></Rule></LifecycleConfiguration>",
  ],
  ["tagging", "<Tagging><TagSet><Tag><Key>team</Key><Value>data</Value></Tag></TagSet></Tagging>"],
  ["policy", '{"Version":"1","Statement":[]}'],
])("returns the document put as ?%s until it is deleted", async (subresource, document) => {
  expect((await request("PUT", subresource, document)).status).toBe(200);
  expect((await request("GET", subresource)).text).toBe(document);
  expect((await request("DELETE", subresource)).status).toBe(204);
  expect((await request("GET", subresource)).text).not.toBe(document);
});

it("removes the namespace that some clients send", async () => {
  await request(
    "PUT",
    "tagging",
    '<Tagging xmlns="http://doc.oss-cn-hangzhou.aliyuncs.com"><TagSet></TagSet></Tagging>',
  );
  expect((await request("GET", "tagging")).text).toBe("<Tagging><TagSet></TagSet></Tagging>");
});

it.each([
  ["lifecycle", "<Tagging/>"],
  ["lifecycle", "<LifecycleConfiguration>"],
  ["policy", "{"],
  ["policy", '{"a":1}'],
  ["policy", '{"Version":"2","Statement":[]}'],
  ["policy", '{"Version":"1","Statement":[{"Effect":"Perhaps","Action":"oss:*","Resource":"*"}]}'],
  ["encryption", encryption("<SSEAlgorithm>random</SSEAlgorithm>")],
  ["encryption", encryption("<SSEAlgorithm>AES256</SSEAlgorithm><KMSMasterKeyID>k</KMSMasterKeyID>")],
  ["encryption", encryption("<SSEAlgorithm>KMS</SSEAlgorithm><KMSDataEncryption>abc</KMSDataEncryption>")],
  ["encryption", "<ServerSideEncryptionRule/>"],
  ["lifecycle", "<LifecycleConfiguration/>"],
  ["lifecycle", lifecycle("<Status>Enabled</Status>")],
  ["lifecycle", lifecycle("<Status>On</Status><Expiration><Days>1</Days></Expiration>")],
  ["lifecycle", lifecycle("<Status>Enabled</Status><Expiration><Days>0</Days></Expiration>")],
  ["lifecycle", lifecycle(`<Status>Enabled</Status><Expiration>${day("2026-02-30T00:00:00.000Z")}</Expiration>`)],
  ["lifecycle", lifecycle(`<Status>Enabled</Status><Expiration>${day("2026-02-03T01:00:00.000Z")}</Expiration>`)],
  ["lifecycle", lifecycle("<Status>Enabled</Status><Transition><Days>1</Days></Transition>")],
  ["lifecycle", lifecycle(`<Status>Enabled</Status>${days("Expiration", 3)}${days("Transition", 4, "IA")}`)],
  ["lifecycle", lifecycle(`<Status>Enabled</Status>${days("Transition", 5, "IA")}${days("Transition", 2, "Archive")}`)],
  ["lifecycle", lifecycle(`<Status>Enabled</Status>${days("Expiration", 6)}${days("Transition", 5, "Standard")}`)],
  [
    "lifecycle",
    lifecycle(
      `<Status>Enabled</Status><Expiration>${day("2026-02-03T00:00:00.000Z")}</Expiration>${days("Transition", 5, "IA")}`,
    ),
  ],
  [
    "lifecycle",
    lifecycle(
      "<Status>Enabled</Status><NoncurrentVersionTransition><NoncurrentDays>20</NoncurrentDays><StorageClass>IA</StorageClass></NoncurrentVersionTransition><NoncurrentVersionTransition><NoncurrentDays>12</NoncurrentDays><StorageClass>Archive</StorageClass></NoncurrentVersionTransition>",
    ),
  ],
  [
    "lifecycle",
    lifecycle(`<Status>Enabled</Status><Tag><Key>%&amp;</Key><Value>v</Value></Tag>${days("Expiration", 3)}`),
  ],
  [
    "cors",
    "<CORSConfiguration><CORSRule><AllowedOrigin>*</AllowedOrigin><AllowedMethod>GET</AllowedMethod><MaxAgeSeconds>-1</MaxAgeSeconds></CORSRule></CORSConfiguration>",
  ],
  ["tagging", tagging(Array.from({ length: 21 }, (_, index) => `k${index}`))],
  ["tagging", tagging(["a", "a"])],
  ["tagging", tagging([""])],
  ["tagging", tagging(["Aliyun-x"])],
  ["tagging", tagging(["acs:x"])],
  ["tagging", tagging(["ü".repeat(33)])],
  ["cors", "<CORSConfiguration/>"],
  ["cors", "<CORSConfiguration><CORSRule><AllowedOrigin>*</AllowedOrigin></CORSRule></CORSConfiguration>"],
  ["referer", "<RefererConfiguration><RefererList/></RefererConfiguration>"],
  ["logging", "<BucketLoggingStatus><LoggingEnabled/></BucketLoggingStatus>"],
  ["logging", logging("no-such-bucket")],
  ["logging", logging("theirs")],
  ["logging", logging("far-away")],
  ["resourceGroup", resourceGroup("rg-not-exist")],
])("refuses an invalid document for ?%s: %s", async (subresource, document) => {
  emulator.oss.makeBucket({ name: "theirs", ownerId: "1999999999999999" });
  emulator.oss.makeBucket({ name: "far-away", region: "cn-beijing" });
  const before = (await request("GET", subresource)).text;
  const reply = await request("PUT", subresource, document);
  expect(reply.status).toBe(400);
  expect(codeOf(reply)).toMatch(/^(MalformedXML|Invalid[A-Z]\w+|ResourceGroupIdPreCheckError)$/);
  const after = (await request("GET", subresource)).text;
  expect(after.replace(/<RequestId>.*?</, "")).toBe(before.replace(/<RequestId>.*?</, ""));
});

// What the integration tests of alibabacloud-oss-python-sdk-v2 1.4.1 and oss2 2.19.1 put and read back.
it.each([
  [
    "cors",
    "<CORSConfiguration><CORSRule><AllowedOrigin>*</AllowedOrigin><AllowedMethod>GET</AllowedMethod><AllowedHeader>GET</AllowedHeader></CORSRule></CORSConfiguration>",
    "<AllowedHeader>get</AllowedHeader>",
  ],
  [
    "cors",
    "<CORSConfiguration><CORSRule><AllowedOrigin>*</AllowedOrigin><AllowedMethod>GET</AllowedMethod></CORSRule></CORSConfiguration>",
    "<ResponseVary>false</ResponseVary></CORSConfiguration>",
  ],
  [
    "referer",
    "<RefererConfiguration><AllowEmptyReferer>false</AllowEmptyReferer></RefererConfiguration>",
    "<AllowTruncateQueryString>true</AllowTruncateQueryString></RefererConfiguration>",
  ],
  [
    "lifecycle",
    lifecycle(
      "<Status>Enabled</Status><Expiration><ExpiredObjectDeleteMarker>True</ExpiredObjectDeleteMarker></Expiration>",
    ),
    "<ExpiredObjectDeleteMarker>true<",
  ],
  [
    "encryption",
    encryption("<SSEAlgorithm>AES256</SSEAlgorithm><KMSDataEncryption>SM4</KMSDataEncryption>"),
    encryption("<SSEAlgorithm>AES256</SSEAlgorithm>"),
  ],
  ["resourceGroup", resourceGroup(""), "<ResourceGroupId>rg-emulated</ResourceGroupId>"],
])("returns the document put as ?%s in the form of the service", async (subresource, document, expected) => {
  expect((await request("PUT", subresource, document)).status).toBe(200);
  expect((await request("GET", subresource)).text).toContain(expected);
});

it("refuses a key id for objects that are not encrypted with KMS", async () => {
  const headers = { "x-oss-server-side-encryption": "AES256", "x-oss-server-side-encryption-key-id": "k" };
  const reply = await signedRequest(emulator, { method: "PUT", key: "k", headers, body: "x" });
  expect([reply.status, codeOf(reply)]).toEqual([400, "InvalidArgument"]);
});

it("deletes the tags that the request names, and all without a name", async () => {
  await request("PUT", "tagging", tagging(["%@a", "b", "c"]));
  await signedRequest(emulator, { method: "DELETE", query: { tagging: "%@a,c" } });
  expect((await request("GET", "tagging")).text).toContain(tagging(["b"]));
  await request("DELETE", "tagging");
  expect((await request("GET", "tagging")).text).not.toContain("<Key>");
  const lifecycleNamed = await signedRequest(emulator, { method: "DELETE", query: { lifecycle: "rule" } });
  expect(codeOf(lifecycleNamed)).toBe("NotImplemented");
});

it("shows encryption and resource group in GetBucketInfo as they were put", async () => {
  await request("PUT", "encryption", encryption("<SSEAlgorithm>KMS</SSEAlgorithm><KMSMasterKeyID>k</KMSMasterKeyID>"));
  await request("PUT", "resourceGroup", resourceGroup("rg-a1"));
  const info = (await request("GET", "bucketInfo")).text;
  expect(info).toContain("<SSEAlgorithm>KMS</SSEAlgorithm><KMSMasterKeyID>k</KMSMasterKeyID>");
  expect(info).toContain("<ResourceGroupId>rg-a1</ResourceGroupId>");
  await request("DELETE", "encryption");
});

describe("server-side encryption with KMS", () => {
  const kms = { "x-oss-server-side-encryption": "KMS" };
  const keyed = { ...kms, "x-oss-server-side-encryption-key-id": "k", "x-oss-server-side-data-encryption": "SM4" };

  it("is what the headers of PutBucket set, for the bucket and its objects", async () => {
    await signedRequest(emulator, { method: "PUT", bucket: "keyed", headers: keyed });
    const rule = await signedRequest(emulator, { method: "GET", bucket: "keyed", query: { encryption: "" } });
    expect(rule.text).toContain("<KMSMasterKeyID>k</KMSMasterKeyID><KMSDataEncryption>SM4</KMSDataEncryption>");
    await signedRequest(emulator, { method: "PUT", bucket: "keyed", key: "k", body: "x" });
    const { headers } = await signedRequest(emulator, { method: "HEAD", bucket: "keyed", key: "k" });
    expect(headers).toMatchObject(keyed);
  });

  it("names the default key where the request names none, and is that of the upload for its parts", async () => {
    const put = await signedRequest(emulator, { method: "PUT", key: "k", headers: kms, body: "x" });
    expect(put.headers["x-oss-server-side-encryption-key-id"]).toMatch(/^[0-9a-f-]{36}$/);
    const started = await signedRequest(emulator, { method: "POST", key: "p", query: { uploads: "" }, headers: keyed });
    const uploadId = /<UploadId>(.*)<\/UploadId>/.exec(started.text)?.[1] ?? "";
    const part = { method: "PUT", key: "p", query: { uploadId, partNumber: "1" }, body: "x" };
    expect(codeOf(await signedRequest(emulator, { ...part, headers: kms }))).toBe("InvalidArgument");
    expect((await signedRequest(emulator, part)).headers).toMatchObject(keyed);
    const complete = { method: "POST", key: "p", query: { uploadId }, headers: kms };
    expect(codeOf(await signedRequest(emulator, complete))).toBe("InvalidArgument");
  });

  it.each([undefined, "AES256"])("ignores the algorithm of the data with %s", async (algorithm) => {
    const chosen: Record<string, string> = algorithm === undefined ? {} : { "x-oss-server-side-encryption": algorithm };
    const headers = { ...chosen, "x-oss-server-side-data-encryption": "SM4" };
    const put = await signedRequest(emulator, { method: "PUT", key: "k", headers, body: "x" });
    expect(put.status).toBe(200);
    expect(put.headers["x-oss-server-side-data-encryption"]).toBeUndefined();
  });
});
