import { type Emulator, startEmulator } from "../../../emulator/emulator";
import { codeOf, type RawReply, send } from "../support/signed-request";

let emulator: Emulator;
beforeAll(async () => {
  emulator = await startEmulator();
});
afterAll(() => emulator.close());

const statusAndCode = (reply: RawReply) => [reply.status, codeOf(reply)];

describe("a signature", () => {
  it.each([
    ["names a header that is not sent", { additional: ["range"] }, "0002-00000211"],
    ["has an empty list of headers", { additional: [""] }, "0002-00000209"],
    ["has an empty name among its headers", { additional: ["user-agent", ""] }, "0002-00000210"],
  ])("that %s is refused", async (_, { additional }, ec) => {
    const scope = `${emulator.accessKeyId}/20261129/${emulator.region}/oss/aliyun_v4_request`;
    const reply = await send(emulator, {
      method: "GET",
      target: `/${emulator.bucket}/k`,
      headers: {
        "x-oss-date": new Date().toISOString().replace(/[-:]|\.\d+/g, ""),
        "x-oss-content-sha256": "UNSIGNED-PAYLOAD",
        "user-agent": "test",
        authorization: `OSS4-HMAC-SHA256 Credential=${scope.replace("20261129", new Date().toISOString().slice(0, 10).replaceAll("-", ""))},AdditionalHeaders=${additional.join(";")},Signature=ab`,
      },
    });
    expect(statusAndCode(reply)).toEqual([400, "InvalidArgument"]);
    expect(reply.text).toContain(`<EC>${ec}</EC>`);
  });

  it.each([
    {
      "x-oss-date": "20260230T000000Z",
      authorization: "OSS4-HMAC-SHA256 Credential=AK/20260302/R/oss/aliyun_v4_request,Signature=ab",
    },
    {
      date: "Mon, 30 Feb 2026 00:00:00 GMT",
      authorization: "OSS4-HMAC-SHA256 Credential=AK/20260302/R/oss/aliyun_v4_request,Signature=ab",
    },
  ])("of a day that does not exist is refused: %j", async ({ authorization, ...headers }) => {
    const signed = authorization.replace("AK", emulator.accessKeyId).replace("R/", `${emulator.region}/`);
    const reply = await send(emulator, {
      method: "GET",
      target: `/${emulator.bucket}/k`,
      headers: { ...headers, "x-oss-content-sha256": "UNSIGNED-PAYLOAD", authorization: signed },
    });
    expect(statusAndCode(reply)).toEqual([400, "InvalidArgument"]);
  });
});
