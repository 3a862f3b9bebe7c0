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

// What the integration tests of alibabacloud-oss-python-sdk-v2 1.4.1 put and read back.
it.each([
  [
    "cors",
    "<CORSConfiguration><CORSRule><AllowedOrigin>*</AllowedOrigin><AllowedMethod>GET</AllowedMethod><AllowedHeader>GET</AllowedHeader></CORSRule></CORSConfiguration>",
    "<AllowedHeader>get</AllowedHeader>",
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
