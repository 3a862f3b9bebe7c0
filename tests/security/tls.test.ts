import { readFileSync } from "node:fs";
import * as https from "node:https";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { Fixture } from "../../testing/fixture";

jest.setTimeout(60_000);

const certificate = (name: string): string => readFileSync(join(__dirname, "fixtures", name), "utf8");

/** A man in the middle: a TLS server with an untrusted certificate. */
let imposter: https.Server;
let requests = 0;
let fixture: Fixture;

beforeAll(async () => {
  const identity = { key: certificate("self-signed-key.pem"), cert: certificate("self-signed-cert.pem") };
  imposter = https.createServer(identity, (_request, response) => {
    requests++;
    response.end("{}");
  });
  await new Promise<void>((resolve) => imposter.listen(0, "127.0.0.1", resolve));
});
afterAll(async () => {
  imposter.closeAllConnections();
  await new Promise((resolve) => imposter.close(resolve));
});
afterEach(() => fixture.close());

const url = (): string => `https://127.0.0.1:${(imposter.address() as AddressInfo).port}`;

it.each(["RDS", "OSS", "RAM"])("sends nothing to %s when its certificate is untrusted", async (service) => {
  fixture = await Fixture.open({ env: { [`ALIBABA_CLOUD_ENDPOINT_${service}`]: url() } });
  const process = fixture.process();
  const { session } = process;
  const calls: Record<string, () => Promise<unknown>> = {
    RDS: () => session.lookups.instance({}, fixture.emulator.instanceId),
    OSS: () => session.lookups.bucket({}, fixture.emulator.bucket),
    RAM: () => session.lookups.role({}, "AliyunRDSImportRole"),
  };
  await expect(calls[service]?.()).rejects.toThrow(/^(OSS_)?TLS_FAILED: .*self.signed/is);
  expect(requests).toBe(0);
});
