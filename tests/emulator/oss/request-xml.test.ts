import { createHash } from "node:crypto";
import { type Emulator, startEmulator } from "../../../emulator/emulator";
import { codeOf, signedRequest } from "../support/signed-request";

let emulator: Emulator;
beforeAll(async () => {
  emulator = await startEmulator();
});
afterAll(() => emulator.close());

function deleteObjects(xml: string | Uint8Array) {
  const md5 = createHash("md5").update(xml).digest("base64");
  return signedRequest(emulator, {
    method: "POST",
    query: { delete: "", "encoding-type": "url" },
    headers: { "content-md5": md5 },
    body: xml,
  });
}

const keys = () => emulator.oss.objects(emulator.bucket).map(({ key }) => key);
const documentOf = (key: string) => `<Delete><Object><Key>${key}</Key></Object></Delete>`;

it.each([
  ["a&#1;b", "a\x01b"],
  ["a&#x1F;b", "a\x1fb"],
  ["a&#13;&#10;b", "a\r\nb"],
  ["a\x02b", "a\x02b"], // Python's SDK sends control characters as they are
  ["&lt;&gt;&amp;&apos;&quot;", "<>&'\""],
  ["a&amp;#1;b", "a&#1;b"],
  ["<![CDATA[a&#1;b]]>", "a&#1;b"],
  ["&#128512;&#xfc;", "😀ü"],
  [" spaced ", " spaced "],
])("the key %j in a request deletes the object %j and no other", async (sent, key) => {
  await emulator.oss.putObject(emulator.bucket, key, Buffer.from("x"));
  await emulator.oss.putObject(emulator.bucket, "ab", Buffer.from("x"));
  const reply = await deleteObjects(documentOf(sent));
  expect(reply.status).toBe(200);
  expect(decodeURIComponent(/<Key>(.*)<\/Key>/s.exec(reply.text)?.[1] ?? "")).toBe(key);
  expect(keys()).toEqual(["ab"]);
});

it.each([
  ["an unknown entity", documentOf("a&nbsp;b")],
  ["a reference without an end", documentOf("a&amp b")],
  ["a bare ampersand", documentOf("a&b")],
  ["a reference to no character", documentOf("a&#0;b")],
  ["a reference to half a character", documentOf("a&#xD800;b")],
  ["a reference beyond Unicode", documentOf("a&#x110000;b")],
  ["bytes that are not UTF-8", Buffer.from(documentOf("a\xffb"), "latin1")],
  ["another encoding", `<?xml version="1.0" encoding="GBK"?>${documentOf("ab")}`],
])("a request with %s is refused, and nothing is deleted", async (_, xml) => {
  await emulator.oss.putObject(emulator.bucket, "ab", Buffer.from("x"));
  const reply = await deleteObjects(xml);
  expect([reply.status, codeOf(reply)]).toEqual([400, "MalformedXML"]);
  expect(keys()).toEqual(["ab"]);
});
