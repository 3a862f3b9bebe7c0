import { checkNode } from "../../../provider/doctor/machine";
import { type Contact, checkClock, checkOtherEndpoint, checkTls } from "../../../provider/doctor/network";
import { migrationError } from "../../../provider/errors/migration-error";
import { endpointWarning } from "../../../provider/session/transport-warnings";

const failed: Contact = {
  kind: "failed",
  error: migrationError("NETWORK_FAILED", { operation: "an unsigned GET", host: "oss", said: "ENOTFOUND" }),
};
const answered = (skewMs: number): Contact => ({
  ...{ kind: "answered", sentMs: 1_000_000 + skewMs, receivedMs: 1_000_400 + skewMs },
  serverMs: 1_000_200,
});

test("Node.js below the version that package.json asks for is a failure", () => {
  expect(checkNode("v20.0.0", ">=20").status).toBe("ok");
  expect(checkNode("v18.20.4", ">=20")).toEqual({
    ...{ check: "node", status: "failed", details: [] },
    text: "v18.20.4 is too old; the package needs >=20",
    remedy: "Install Node.js 20 or newer.",
  });
});

test.each([
  [0, "ok", "differs by less than a minute"],
  [60_000, "ok", "differs by less than a minute"],
  [-61_000, "warning", "this machine is about 1 minute behind RDS"],
  [900_000, "warning", "this machine is about 15 minutes ahead of RDS"],
  [-930_001, "failed", "this machine is about 16 minutes behind RDS"],
])("a clock that differs by %i ms: %s", (skewMs, status, text) => {
  expect(checkClock("RDS", answered(skewMs))).toMatchObject({ status, text });
});

test("an answer without a time is not compared", () => {
  const contact: Contact = { kind: "answered", sentMs: 0, receivedMs: 0, serverMs: undefined };
  expect(checkClock("RDS", contact)).toMatchObject({ status: "notTried", text: "because the answer has no time" });
});

test("an endpoint that migrations do not use is never a failure", () => {
  const url = "https://oss-cn-hangzhou-internal.aliyuncs.com";
  expect(checkOtherEndpoint("internal", url, failed)).toMatchObject({
    status: "ok",
    text: `${url} does not answer: only machines inside the region's network reach it`,
    details: ["an unsigned GET did not reach oss."],
  });
  expect(checkOtherEndpoint("internal", url, answered(0)).text).toBe(
    `${url} answers; [endpoint] "internal" would use it`,
  );
});

test("an endpoint without TLS is a warning with a remedy", () => {
  const url = "http://oss.example.com";
  const clearText = endpointWarning("ALIBABA_CLOUD_ENDPOINT_OSS", url);
  const route = { service: "OSS", url, proxy: undefined, isOptional: false };
  expect(checkTls({ ...route, clearText, contact: answered(0) })).toEqual({
    ...{ check: "TLS OSS", status: "warning", remedy: "Use https://." },
    text: "[ALIBABA_CLOUD_ENDPOINT_OSS] http:// sends signed requests to oss.example.com in clear text.",
    details: ["Anybody on the network path can read the backup and repeat the requests."],
  });
});
