import { signAcs3 } from "../../../../provider/aliyun/rpc/acs3-signature";

const CALL = {
  method: "POST",
  host: "ecs.cn-shanghai.aliyuncs.com",
  version: "2014-05-26",
  action: "RunInstances",
  query: { RegionId: "cn-shanghai", ImageId: "win2019_1809_x64_dtc_zh-cn_40G_alibase_20230811.vhd" },
  nowMs: Date.parse("2023-10-26T10:22:32Z"),
  nonce: "3156853299f313e23d1673dc12e1703d",
} as const;
const KEYS = { accessKeyId: "YourAccessKeyId", accessKeySecret: "YourAccessKeySecret" };

it("gives the signature of the vendor's own example", () => {
  // https://help.aliyun.com/en/sdk/product-overview/v3-request-structure-and-signature, fixed parameters
  expect(signAcs3(CALL, KEYS).headers.authorization).toBe(
    "ACS3-HMAC-SHA256 Credential=YourAccessKeyId," +
      "SignedHeaders=host;x-acs-action;x-acs-content-sha256;x-acs-date;x-acs-signature-nonce;x-acs-version," +
      "Signature=06563a9e1b43f5dfe96b81484da74bceab24a1d853912eee15083a6f0f3283c0",
  );
});

it("sorts parameters by name and encodes everything that is not unreserved", () => {
  const query = { b: "erp (1)*'!~-_.", a: "ü/+ &=", A: "" };
  expect(signAcs3({ ...CALL, query }, KEYS).query).toBe("A=&a=%C3%BC%2F%2B%20%26%3D&b=erp%20%281%29%2A%27%21~-_.");
});

it("signs the token of temporary keys, and never sends the secret", () => {
  const { headers } = signAcs3(CALL, { ...KEYS, securityToken: "token" });
  expect(headers["x-acs-security-token"]).toBe("token");
  expect(headers.authorization).toContain(";x-acs-security-token;");
  expect(JSON.stringify(headers)).not.toContain(KEYS.accessKeySecret);
});
