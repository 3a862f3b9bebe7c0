import { createHash, createHmac, randomUUID } from "node:crypto";
import { type Emulator, startEmulator } from "../../../emulator/emulator";
import { send } from "../support/signed-request";

let emulator: Emulator;
beforeAll(async () => {
  emulator = await startEmulator();
});
afterAll(() => emulator.close());

const sha256 = (text: string) => createHash("sha256").update(text).digest("hex");

/** Signs a call as the page on ACS3 describes, for calls that no SDK sends. Undefined removes a header. */
async function call({
  method = "POST",
  signAlso = [],
  headers: extra = {},
}: {
  method?: string;
  signAlso?: string[];
  headers?: Record<string, string | undefined>;
}) {
  const headers: Record<string, string> = {};
  const all: Record<string, string | undefined> = {
    host: emulator.host,
    "x-acs-action": "DescribeDBInstances",
    "x-acs-version": "2014-08-15",
    "x-acs-date": new Date().toISOString().replace(/\.\d+/, ""),
    "x-acs-signature-nonce": randomUUID(),
    "x-acs-content-sha256": sha256(""),
    ...extra,
  };
  for (const [name, value] of Object.entries(all)) if (value !== undefined) headers[name] = value;
  const names = [...Object.keys(headers), ...signAlso].sort();
  const lines = names.map((name) => `${name}:${headers[name] ?? ""}`);
  const query = `RegionId=${emulator.region}`;
  const canonical = [method, "/", query, ...lines, "", names.join(";"), sha256("")].join("\n");
  const signature = createHmac("sha256", emulator.accessKeySecret)
    .update(`ACS3-HMAC-SHA256\n${sha256(canonical)}`)
    .digest("hex");
  const reply = await send(emulator, {
    method,
    target: `/?${query}`,
    headers: {
      // node:http sends each character as one byte: UTF-8 goes out as a client in another language sends it
      ...Object.fromEntries(
        Object.entries(headers).map(([name, value]) => [name, Buffer.from(value).toString("latin1")]),
      ),
      authorization: `ACS3-HMAC-SHA256 Credential=${emulator.accessKeyId},SignedHeaders=${names.join(";")},Signature=${signature}`,
    },
  });
  return [reply.status, JSON.parse(reply.text).Code];
}

it.each([
  ["a signed header outside ASCII", { headers: { "x-acs-note": "prüfung à" } }, [200, undefined]],
  ["no nonce", { headers: { "x-acs-signature-nonce": undefined } }, [400, "MissingSignatureNonce"]],
  ["an empty nonce", { headers: { "x-acs-signature-nonce": "" } }, [400, "MissingSignatureNonce"]],
  ["no action", { headers: { "x-acs-action": undefined } }, [400, "MissingAction"]],
  ["the method PUT", { method: "PUT" }, [400, "UnsupportedHTTPMethod"]],
  ["a signed header that is not sent", { signAlso: ["x-not-sent"] }, [400, "IncompleteSignature"]],
  [
    "a day that does not exist",
    { headers: { "x-acs-date": "2026-02-30T00:00:00Z" } },
    [400, "InvalidTimeStamp.Format"],
  ],
])("a call with %s gets %j", async (_, request, expected) => {
  expect(await call(request)).toEqual(expected);
});
