import { type Emulator, startEmulator } from "../../../emulator/emulator";
import { aliOssClient, ossErrorOf } from "../support/ali-oss-client";
import { codeOf, send, signedRequest } from "../support/signed-request";

const MINUTE_MS = 60_000;
let emulator: Emulator;

beforeAll(async () => {
  emulator = await startEmulator();
  await emulator.oss.putObject(emulator.bucket, "there.bin", Buffer.from("content"));
});
afterAll(() => emulator.close());
afterEach(() => {
  emulator.clock.offsetMs = 0;
});

describe.each([
  { name: "V4", v1: false },
  { name: "V1", v1: true },
])("an OSS request signed with $name", ({ v1 }) => {
  const read = (options: Parameters<typeof aliOssClient>[1] = {}) =>
    aliOssClient(emulator, { v1, ...options }).get("there.bin");

  it("is served repeatedly", async () => {
    for (let time = 0; time < 3; time++) expect((await read()).res.status).toBe(200);
  });

  it("is refused with a wrong secret", async () => {
    const keys = { accessKeyId: emulator.accessKeyId, accessKeySecret: "wrong" };
    expect(await ossErrorOf(read({ keys }))).toMatchObject({ status: 403, code: "SignatureDoesNotMatch" });
  });

  it("is refused with an unknown key", async () => {
    const keys = { accessKeyId: "unknown", accessKeySecret: emulator.accessKeySecret };
    expect(await ossErrorOf(read({ keys }))).toMatchObject({ status: 403, code: "InvalidAccessKeyId" });
  });

  it.each([16, -16])("is refused when the clocks differ by %i minutes", async (minutes) => {
    emulator.clock.offsetMs = minutes * MINUTE_MS;
    expect(await ossErrorOf(read())).toMatchObject({ status: 403, code: "RequestTimeTooSkewed" });
  });

  it.each([14, -14])("is served when the clocks differ by %i minutes", async (minutes) => {
    emulator.clock.offsetMs = minutes * MINUTE_MS;
    expect((await read()).res.status).toBe(200);
  });

  it("is served with a temporary key until it expires, and never without its token", async () => {
    const keys = await emulator.sts.issue(60);
    expect((await read({ keys })).res.status).toBe(200);
    const { securityToken: _, ...withoutToken } = keys;
    expect(await ossErrorOf(read({ keys: withoutToken }))).toMatchObject({ code: "InvalidAccessKeyId" });
    const withOtherToken = { ...keys, securityToken: "other" };
    expect(await ossErrorOf(read({ keys: withOtherToken }))).toMatchObject({
      status: 403,
      code: "InvalidSecurityToken",
    });
    emulator.clock.offsetMs = MINUTE_MS;
    expect(await ossErrorOf(read({ keys }))).toMatchObject({ status: 403, code: "SecurityTokenExpired" });
  });

  it("is served with the bucket in the path, in the Host, in both, or, with a custom domain, in neither", async () => {
    const addresses = [
      { localhost: true },
      {},
      { sldEnable: true },
      { localhost: true, sldEnable: false, cname: true },
    ];
    for (const options of addresses) expect((await read(options)).res.status).toBe(200);
  });
});

it("refuses a V4 scope of another region", async () => {
  const scope = await send(emulator, {
    method: "GET",
    target: `/${emulator.bucket}/there.bin`,
    headers: {
      "x-oss-date": new Date().toISOString().replace(/[-:]|\.\d+/g, ""),
      "x-oss-content-sha256": "UNSIGNED-PAYLOAD",
      authorization: `OSS4-HMAC-SHA256 Credential=${emulator.accessKeyId}/${new Date().toISOString().slice(0, 10).replaceAll("-", "")}/cn-beijing/oss/aliyun_v4_request,Signature=00`,
    },
  });
  expect(scope.status).toBe(400);
  expect(scope.text).toContain("Invalid signing region in Authorization header.");
});

it("reads the time of a V4 request from its Date header without x-oss-date, as aliyun-oss-go-sdk signs", async () => {
  const read = (signedAtMs: number) =>
    signedRequest(emulator, { method: "GET", key: "there.bin", withDateHeader: true, signedAtMs });
  expect((await read(Date.now())).status).toBe(200);
  expect(codeOf(await read(Date.now() - 16 * MINUTE_MS))).toBe("RequestTimeTooSkewed");
  const target = `/${emulator.bucket}/there.bin`;
  const scope = `${emulator.accessKeyId}/20200101/${emulator.region}/oss/aliyun_v4_request`;
  const headers = {
    date: new Date().toUTCString(),
    "x-oss-content-sha256": "UNSIGNED-PAYLOAD",
    authorization: `OSS4-HMAC-SHA256 Credential=${scope},Signature=00`,
  };
  expect((await send(emulator, { method: "GET", target, headers })).text).toContain("Invalid signing date");
  const undated = { ...headers, date: "yesterday" };
  expect((await send(emulator, { method: "GET", target, headers: undated })).text).toContain("Invalid Date header");
});

describe("an anonymous request", () => {
  it("can only read from a public bucket", async () => {
    emulator.oss.makeBucket({ name: "public-one", acl: "public-read" });
    await emulator.oss.putObject("public-one", "open.bin", Buffer.from("open"));
    expect((await send(emulator, { method: "GET", target: "/public-one/open.bin" })).text).toBe("open");
    expect((await send(emulator, { method: "PUT", target: "/public-one/new.bin", body: "x" })).status).toBe(403);
    expect((await send(emulator, { method: "GET", target: `/${emulator.bucket}/there.bin` })).status).toBe(403);
  });

  it("can also write to a bucket that everyone may write to, but not list it", async () => {
    emulator.oss.makeBucket({ name: "writable", acl: "public-read-write" });
    expect((await send(emulator, { method: "PUT", target: "/writable/new.bin", body: "x" })).status).toBe(200);
    expect((await send(emulator, { method: "GET", target: "/writable/" })).status).toBe(403);
    expect((await send(emulator, { method: "DELETE", target: "/writable/new.bin" })).status).toBe(204);
    expect(emulator.oss.objects("writable")).toEqual([]);
  });
});

describe("a signed URL", () => {
  const v4 = async (client: ReturnType<typeof aliOssClient>, seconds: number, method = "GET"): Promise<string> =>
    // @ts-expect-error signatureUrlV4 is missing in the types
    client.signatureUrlV4(method, seconds, {}, "there.bin");
  const fetchUrl = (url: string, method = "GET") =>
    send(emulator, { method, target: url.replace(/^http:\/\/[^/]+/, ""), headers: { host: new URL(url).host } });

  it("of V1 is served for its method and until it expires", async () => {
    const url = aliOssClient(emulator, { v1: true, localhost: true }).signatureUrl("there.bin", { expires: 60 });
    expect((await fetchUrl(url)).text).toBe("content");
    expect((await fetchUrl(url, "HEAD")).status).toBe(403);
    emulator.clock.offsetMs = 2 * MINUTE_MS;
    const late = await fetchUrl(url);
    expect(late.status).toBe(403);
    expect(late.text).toContain("Request has expired.");
  });

  it("of V4 is served for its method and until it expires, also when it names no bucket", async () => {
    for (const localhost of [true, false]) {
      const url = await v4(aliOssClient(emulator, { localhost }), 60);
      emulator.clock.offsetMs = 0;
      expect((await fetchUrl(url)).text).toBe("content");
      expect((await fetchUrl(url, "HEAD")).status).toBe(403);
      emulator.clock.offsetMs = 2 * MINUTE_MS;
      expect((await fetchUrl(url)).text).toContain("Request has expired.");
    }
  });

  it("of V4 is refused if it is valid for more than a week", async () => {
    const url = await v4(aliOssClient(emulator, { localhost: true }), 8 * 86_400);
    expect((await fetchUrl(url)).status).toBe(400);
  });

  it("for PUT stores the body", async () => {
    const url = aliOssClient(emulator, { v1: true, localhost: true }).signatureUrl("sent.bin", { method: "PUT" });
    const sent = await send(emulator, { method: "PUT", target: url.replace(/^http:\/\/[^/]+/, ""), body: "by URL" });
    expect(sent.status).toBe(200);
    expect((await emulator.oss.getObject(emulator.bucket, "sent.bin")).toString()).toBe("by URL");
  });

  it("is refused after a change", async () => {
    const url = aliOssClient(emulator, { v1: true, localhost: true }).signatureUrl("there.bin");
    expect((await fetchUrl(url.replace("there.bin", "other.bin"))).text).toContain("SignatureDoesNotMatch");
  });

  it("is verified by RDS as a GET", async () => {
    const client = aliOssClient(emulator, { v1: true, localhost: true });
    const { objects } = emulator;
    expect(objects.openSignedUrl(client.signatureUrl("there.bin"))).toEqual({
      bucket: emulator.bucket,
      key: "there.bin",
    });
    expect(objects.openSignedUrl(client.signatureUrl("there.bin", { method: "PUT" }))).toEqual({ refused: "denied" });
    expect(objects.openSignedUrl(client.signatureUrl("missing.bin"))).toEqual({ refused: "notFound" });
    expect(objects.openSignedUrl("not a url")).toEqual({ refused: "denied" });
    const expiring = client.signatureUrl("there.bin", { expires: 60 });
    emulator.clock.offsetMs = 2 * MINUTE_MS;
    expect(objects.openSignedUrl(expiring)).toEqual({ refused: "expired" });
  });
});
