import { Fixture } from "../../../testing/fixture";

let fixture: Fixture;
afterEach(() => fixture.close());

/** The warnings of the clients that a run opens, without a request. */
async function warningsOf(env: Record<string, string>, endpoint?: string): Promise<string[]> {
  fixture = await Fixture.open({ env });
  const { session, log } = fixture.process();
  for (const scope of [{ endpoint }, { endpoint, region: "cn-beijing" }]) {
    session.clients.store(scope);
    session.clients.rds(scope);
    session.clients.ram(scope);
  }
  return log.filter(({ kind }) => kind === "warning").map(({ message }) => message.split("\n")[0] ?? "");
}

it("is silent about the loopback and about HTTPS", async () => {
  const env = { ALIBABA_CLOUD_ENDPOINT_OSS: "", ALIBABA_CLOUD_ENDPOINT_RDS: "rds.example.com" };
  const loopback = {
    ...env,
    ALIBABA_CLOUD_ENDPOINT_RAM: "http://[::1]:9",
    ALIBABA_CLOUD_ENDPOINT_STS: "http://127.1.2.3",
  };
  expect(await warningsOf(loopback, "http://localhost:9")).toEqual([]);
});

it("warns once of an endpoint argument without TLS", async () => {
  const env = { ALIBABA_CLOUD_ENDPOINT_OSS: "" };
  expect(await warningsOf(env, "http://oss.example.com:8080")).toEqual([
    "[endpoint] http:// sends signed requests to oss.example.com:8080 in clear text.",
  ]);
});

it.each(["OSS", "RDS", "RAM", "STS"])("warns of an endpoint of %s without TLS", async (service) => {
  const name = `ALIBABA_CLOUD_ENDPOINT_${service}`;
  expect(await warningsOf({ [name]: "http://127.0.0.1.example.com" })).toEqual([
    `[${name}] http:// sends signed requests to 127.0.0.1.example.com in clear text.`,
  ]);
});

it("warns that certificates are not verified", async () => {
  expect(await warningsOf({ NODE_TLS_REJECT_UNAUTHORIZED: "0" })).toEqual([
    "NODE_TLS_REJECT_UNAUTHORIZED=0 switches off the verification of TLS certificates.",
  ]);
});

it("warns at a preview", async () => {
  fixture = await Fixture.open({ env: { NODE_TLS_REJECT_UNAUTHORIZED: "0" } });
  const { log } = await fixture.preview({ backup: await fixture.backup("erp.bak") });
  expect(log.filter(({ message }) => message.startsWith("NODE_TLS_REJECT_UNAUTHORIZED"))).toHaveLength(1);
});
