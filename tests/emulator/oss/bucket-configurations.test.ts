import { type Emulator, startEmulator } from "../../../emulator/emulator";
import { codeOf, signedRequest } from "../support/signed-request";

let emulator: Emulator;
beforeAll(async () => {
  emulator = await startEmulator();
});
afterAll(() => emulator.close());

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
])("refuses an invalid document for ?%s: %s", async (subresource, document) => {
  const reply = await request("PUT", subresource, document);
  expect([reply.status, codeOf(reply)]).toEqual([400, expect.stringMatching(/^(MalformedXML|InvalidArgument)$/)]);
});
