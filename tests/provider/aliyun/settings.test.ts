import { endpointOverride, findRegion, firstEnv, type Settings } from "../../../provider/aliyun/settings";

const settings = (env: Record<string, string>, config: Record<string, string> = {}): Settings => ({
  config: (key) => config[key],
  env: (name) => env[name],
});

test("the region comes from the argument, then the configuration, then the environment", () => {
  const all = settings({ ALICLOUD_REGION: "cn-env" }, { "alicloud:region": "cn-config" });
  expect(findRegion(all, "cn-argument")).toBe("cn-argument");
  expect(findRegion(all, undefined)).toBe("cn-config");
  expect(findRegion(settings({ ALIBABA_CLOUD_REGION: "cn-other" }), undefined)).toBe("cn-other");
  expect(findRegion(settings({ ALICLOUD_REGION: "" }), undefined)).toBeUndefined();
});

test("a variable that is set to nothing counts as not set", () => {
  expect(firstEnv(settings({ A: "", B: "b" }), ["A", "B"])).toBe("b");
});

test.each([
  ["127.0.0.1:8080", { host: "127.0.0.1:8080", protocol: "https" }],
  ["http://127.0.0.1:8080", { host: "127.0.0.1:8080", protocol: "http" }],
  ["HTTP://localhost/", { host: "localhost", protocol: "http" }],
  ["https://rds.example.com", { host: "rds.example.com", protocol: "https" }],
])("the endpoint %s: only http:// written out means plain HTTP", (text, endpoint) => {
  expect(endpointOverride(settings({ ALIBABA_CLOUD_ENDPOINT_RDS: text }), "RDS")).toEqual(endpoint);
});

test("the endpoint's older variable is read too, and no variable means none", () => {
  expect(endpointOverride(settings({ RDS_ENDPOINT: "h" }), "RDS")).toEqual({ host: "h", protocol: "https" });
  expect(endpointOverride(settings({}), "RDS")).toBeUndefined();
});
