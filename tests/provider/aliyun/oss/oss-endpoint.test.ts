import { resolveOssEndpoint } from "../../../../provider/aliyun/oss/oss-endpoint";

const resolve = (endpoint?: string, override?: string, region = "cn-hangzhou") =>
  resolveOssEndpoint({ region, endpoint, environment: { ALIBABA_CLOUD_ENDPOINT_OSS: override } });

it.each([
  [undefined, "https://oss-cn-hangzhou.aliyuncs.com", false],
  ["public", "https://oss-cn-hangzhou.aliyuncs.com", false],
  ["internal", "https://oss-cn-hangzhou-internal.aliyuncs.com", false],
  ["accelerate", "https://oss-accelerate.aliyuncs.com", false],
  ["https://backups.example.com", "https://backups.example.com", true],
  ["backups.example.com", "https://backups.example.com", true],
  ["https://backups.example.com:8443/", "https://backups.example.com:8443", true],
  ["http://backups.example.com", "http://backups.example.com", true],
  ["oss-accelerate-overseas.aliyuncs.com", "https://oss-accelerate-overseas.aliyuncs.com", false],
  ["https://my-bucket.oss-cn-hangzhou.aliyuncs.com", "https://oss-cn-hangzhou.aliyuncs.com", false],
  ["http://127.0.0.1:9000", "http://127.0.0.1:9000", false],
  ["http://localhost:9000", "http://localhost:9000", false],
])("resolves %s to %s", (endpoint, url, cname) => {
  expect(resolve(endpoint)).toEqual({ region: "cn-hangzhou", url, cname });
});

it("accepts the region with and without its prefix", () => {
  expect(resolve("internal", undefined, "oss-ap-southeast-1")).toEqual({
    region: "ap-southeast-1",
    url: "https://oss-ap-southeast-1-internal.aliyuncs.com",
    cname: false,
  });
});

it("prefers the environment's override over everything", () => {
  for (const endpoint of [undefined, "internal", "https://backups.example.com"]) {
    expect(resolve(endpoint, "http://127.0.0.1:9000")).toEqual({
      region: "cn-hangzhou",
      url: "http://127.0.0.1:9000",
      cname: false,
    });
  }
  expect(resolve(undefined, "oss-cn-hangzhou-internal.aliyuncs.com").url).toBe(
    "https://oss-cn-hangzhou-internal.aliyuncs.com",
  );
  expect(resolve("internal", "  ").url).toBe("https://oss-cn-hangzhou-internal.aliyuncs.com");
});

it("uses plain HTTP only for an explicit http://", () => {
  for (const endpoint of [undefined, "public", "internal", "accelerate", "example.com", "127.0.0.1:80"]) {
    expect(resolve(endpoint).url).toMatch(/^https:/);
  }
});

it.each([
  "ftp://example.com",
  "https://example.com/path",
  "https://example.com?x=1",
  "https://",
  "ht tp://x",
  "http://[::1]:9000",
])("refuses %s", (endpoint) => {
  expect(() => resolve(endpoint)).toThrow(expect.objectContaining({ code: "ENDPOINT_INVALID" }));
});

it("refuses an endpoint with a password, without repeating it", () => {
  const attempt = () => resolve("https://user:s3cret@example.com");
  expect(attempt).toThrow(expect.objectContaining({ code: "ENDPOINT_INVALID" }));
  expect(attempt).not.toThrow(/s3cret/);
});

it("refuses an invalid region before it becomes part of a host name", () => {
  expect(() => resolve(undefined, undefined, "cn-hangzhou.evil.example/")).toThrow(
    expect.objectContaining({ code: "INPUT_INVALID" }),
  );
});
