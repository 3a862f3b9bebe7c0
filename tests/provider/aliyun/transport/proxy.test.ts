import { proxyFor } from "../../../../provider/aliyun/transport/proxy";
import { sendRequest } from "../../../../provider/aliyun/transport/send-request";
import { type ConnectProxy, startConnectProxy } from "../../../support/connect-proxy";

const HTTPS = "https://rds.aliyuncs.com/";
const HTTP = "http://rds.aliyuncs.com/";

describe("the proxy of the environment", () => {
  it.each<[string, Record<string, string>, string]>([
    ["HTTPS_PROXY", { HTTPS_PROXY: "http://a:1" }, HTTPS],
    ["https_proxy", { https_proxy: "http://a:1", HTTPS_PROXY: "http://b:2" }, HTTPS],
    ["HTTP_PROXY", { HTTP_PROXY: "http://a:1", HTTPS_PROXY: "http://b:2" }, HTTP],
    ["ALL_PROXY", { ALL_PROXY: "http://a:1" }, HTTPS],
    ["HTTPS_PROXY", { HTTPS_PROXY: "a:1" }, HTTPS],
  ])("is that of %s in %j for %s", (variable, environment, url) => {
    expect(proxyFor(url, environment)).toMatchObject({ protocol: "http:", hostname: "a", port: 1, variable });
  });

  it.each([
    {},
    { HTTP_PROXY: "http://a:1" },
    { HTTPS_PROXY: " " },
    { HTTPS_PROXY: "a:1", NO_PROXY: "rds.aliyuncs.com" },
  ])("is none in %j", (environment) => {
    expect(proxyFor(HTTPS, environment as Record<string, string>)).toBeUndefined();
  });

  it("has its user and password percent-decoded, and not in its label", () => {
    const found = proxyFor(HTTPS, { HTTPS_PROXY: "http://us%40er:p%3Ass%2F@proxy.example.com:3128" });
    expect(found?.authorization).toBe(`Basic ${Buffer.from("us@er:p:ss/").toString("base64")}`);
    expect(found?.label).toBe("the proxy http://proxy.example.com:3128 of HTTPS_PROXY");
  });

  it.each([
    "socks5://us3r:s3cret@a:1080",
    "http://us3r:s3cret@",
    "http://us3r:w%rd@a:1",
    "http://[::1",
    "http://a:99999",
  ])("is refused with the variable's name and without the value for %s", (value) => {
    let message = "";
    try {
      proxyFor(HTTPS, { https_proxy: value });
    } catch (error) {
      message = String(error);
      expect(error).toMatchObject({ code: "PROXY_INVALID" });
    }
    expect(message).toContain("https_proxy names no usable proxy");
    expect(message).not.toMatch(/us3r|s3cret|w%rd/);
  });
});

describe("a proxy that fails", () => {
  const environment = { ...process.env };
  let proxy: ConnectProxy;
  beforeEach(async () => {
    proxy = await startConnectProxy();
    const url = `http://user:pa%20ss@127.0.0.1:${proxy.port}`;
    Object.assign(process.env, { http_proxy: url, https_proxy: url, no_proxy: "" });
  });
  afterEach(async () => {
    process.env = { ...environment };
    await proxy.close();
  });
  const ask = (url: string, connectTimeoutMs = 2_000) => sendRequest({ method: "GET", url, connectTimeoutMs });

  it.each([HTTPS, HTTP])("by closing the connection is a network fault for %s", async (url) => {
    proxy.faults.push("close");
    await expect(ask(url)).rejects.toMatchObject({
      ...{ name: "NetworkFault", code: "ECONNRESET" },
      proxy: `the proxy http://127.0.0.1:${proxy.port} of ${url === HTTPS ? "https" : "http"}_proxy`,
    });
    expect(proxy.authorizations).toEqual([`Basic ${Buffer.from("user:pa ss").toString("base64")}`]);
  });

  it.each([
    [502, "EPROXYBUSY"],
    [504, "EPROXYBUSY"],
    [429, "EPROXYBUSY"],
    [403, "EPROXYREFUSED"],
  ])("with %i to CONNECT is a fault with its own code", async (status, code) => {
    proxy.faults.push({ status });
    await expect(ask(HTTPS)).rejects.toMatchObject({
      name: "NetworkFault",
      code,
      message: expect.stringMatching(/answered \d+ No to CONNECT/),
    });
  });

  it.each([HTTPS, HTTP])("with 407 is named for %s", async (url) => {
    proxy.faults.push({ status: 407 });
    const error = await ask(url).catch((reason: unknown) => reason);
    expect(error).toMatchObject({ code: "PROXY_USER_REFUSED", message: expect.stringContaining("http://127.0.0.1") });
    expect(String(error)).not.toMatch(/pa(?: |%20)ss/);
  });

  it("by its silence is left after the connect time-out, its connection closed", async () => {
    proxy.faults.push("silence");
    await expect(ask(HTTPS, 60)).rejects.toMatchObject({ name: "RequestTimeoutError" });
    for (let turns = 0; proxy.open() > 0 && turns < 100; turns++) await new Promise((done) => setTimeout(done, 10));
    expect(proxy.open()).toBe(0);
  });

  it("is left out for a request that is direct", async () => {
    await expect(sendRequest({ method: "GET", url: "http://127.0.0.1:9/", isDirect: true })).rejects.toMatchObject({
      code: "ECONNREFUSED",
    });
    expect(proxy.asked).toEqual([]);
  });
});
