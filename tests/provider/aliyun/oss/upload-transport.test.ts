import { CHUNKS } from "../../../../provider/aliyun/oss/chunk-pool";
import { newTransferBudget } from "../../../../provider/aliyun/oss/transfer-budget";
import { startConnectProxy, type TunnelFault } from "../../../support/connect-proxy";
import { interceptReads } from "./support/intercept-reads";
import { startTcpRelay } from "./support/tcp-relay";
import { outcomeOf, PART, QUICK_RETRIES, seededBytes, startUploadRig, type UploadRig } from "./support/upload-rig";

let rig: UploadRig;
const environment = { ...process.env };
beforeEach(async () => {
  rig = await startUploadRig();
});
afterEach(() => {
  process.env = { ...environment };
  jest.restoreAllMocks();
  return rig.close();
});

const CONTENT = seededBytes(5 * PART + 5, 41);

describe("connections", () => {
  it("are shared by concurrent uploads and reused", async () => {
    const relay = await startTcpRelay(rig.emulator.port);
    const endpoint = { region: rig.emulator.region, url: relay.endpoint, cname: false };
    const budget = newTransferBudget(3);
    const store = rig.store({ endpoint, budget });
    const files = Array.from({ length: 12 }, (_, index) => rig.writeFile(`${index}.bak`, seededBytes(3 * PART, index)));
    const results = await Promise.all(
      files.map((file, index) => rig.upload(file, { key: `many/${index}.bak`, parallel: 5 }, store)),
    );
    expect(results.map(({ outcome }) => outcome)).toEqual(files.map(() => "uploaded"));
    expect(relay.peakConnections()).toBeLessThanOrEqual(3 + 8); // parts and control calls
    expect(relay.totalConnections()).toBeLessThanOrEqual(2 * (3 + 8)); // and not one for each of 100 requests
    await relay.close();
  });

  it("that break cost only the parts on them", async () => {
    const relay = await startTcpRelay(rig.emulator.port);
    const endpoint = { region: rig.emulator.region, url: relay.endpoint, cname: false };
    const store = rig.store({ endpoint });
    rig.emulator.faults.add({ match: { action: "UploadPart" }, nth: [2, 4], effect: { kind: "reset", at: "during" } });
    const result = await rig.upload(rig.writeFile("a.bak", CONTENT), {}, store);
    expect(result.bytesSent).toBeLessThanOrEqual(CONTENT.length + 2 * PART);
    await relay.close();
  });
});

/** More than an upload asks for. */
const REFUSALS: TunnelFault[] = Array(100).fill({ status: 403, reason: "Forbidden" });

describe("a proxy from the environment", () => {
  it("carries all calls of a plain HTTP endpoint", async () => {
    const proxy = await startConnectProxy();
    process.env.http_proxy = proxy.url;
    // Not by its IP address: ali-oss would write the bucket's public host name into Host, and a proxy follows Host.
    const endpoint = { region: rig.emulator.region, url: `http://localhost:${rig.emulator.port}`, cname: false };
    expect(await outcomeOf(rig.upload(rig.writeFile("a.bak", CONTENT), {}, rig.store({ endpoint })))).toBe("uploaded");
    expect(CONTENT.equals((await rig.object()) ?? Buffer.alloc(0))).toBe(true);
    expect(proxy.asked.length).toBe(Object.values(rig.calls()).reduce((a, b) => a + b));
    await proxy.close();
  });

  it("is not used for hosts in NO_PROXY", async () => {
    const proxy = await startConnectProxy();
    Object.assign(process.env, { http_proxy: proxy.url, no_proxy: "127.0.0.1" });
    expect(await outcomeOf(rig.upload(rig.writeFile("a.bak", CONTENT)))).toBe("uploaded");
    expect(proxy.asked).toEqual([]);
    await proxy.close();
  });

  it("is asked for a tunnel to an HTTPS endpoint, and its refusal is quoted", async () => {
    const proxy = await startConnectProxy();
    proxy.faults.push(...REFUSALS);
    process.env.https_proxy = proxy.url;
    const endpoint = { region: "cn-hangzhou", url: "https://oss-cn-hangzhou.aliyuncs.com", cname: false };
    const file = rig.writeFile("a.bak", CONTENT);
    const error = await rig.upload(file, {}, rig.store({ endpoint })).catch((reason: unknown) => reason);
    expect(proxy.asked[0]).toBe(`CONNECT ${rig.emulator.bucket}.oss-cn-hangzhou.aliyuncs.com:443`);
    expect(error).toMatchObject({ code: "OSS_REPLY_UNREADABLE", what: expect.stringContaining("403 Forbidden") });
    await proxy.close();
  });
});

it("reports an endpoint without TLS at once", async () => {
  const url = rig.emulator.endpoint.replace("http:", "https:");
  const endpoint = { region: rig.emulator.region, url, cname: false };
  const file = rig.writeFile("a.bak", CONTENT);
  const error = await rig.upload(file, {}, rig.store({ endpoint })).catch((reason: unknown) => reason);
  expect(error).toMatchObject({ code: "OSS_TLS_FAILED" });
});

it("reaches an endpoint by the name localhost, with the bucket in the path", async () => {
  const url = `http://localhost:${rig.emulator.port}`;
  const endpoint = { region: rig.emulator.region, url, cname: false };
  expect(await outcomeOf(rig.upload(rig.writeFile("a.bak", CONTENT), {}, rig.store({ endpoint })))).toBe("uploaded");
});

it("sends missing parts while listed ones are still being compared", async () => {
  const file = rig.writeFile("a.bak", CONTENT);
  await rig.beginUpload({ 1: CONTENT.subarray(0, PART), 2: CONTENT.subarray(PART, 2 * PART) });
  rig.forget();
  interceptReads(file, async (position) => {
    // Blocks reads of the listed parts until a missing one has arrived.
    while (position < 2 * PART && rig.calls().UploadPart === undefined) {
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
  });
  expect(await rig.upload(file)).toMatchObject({ outcome: "resumed", bytesSent: CONTENT.length - 2 * PART });
});

it("keeps the rate limit, and sends it to the service", async () => {
  const file = rig.writeFile("a.bak", CONTENT);
  const startedMs = Date.now();
  const result = await rig.upload(file, { rateLimitBytesPerSecond: 1_000_000 });
  // 512,005 bytes at 1 MB/s, with a burst of a quarter of a second.
  expect(Date.now() - startedMs).toBeGreaterThanOrEqual(200);
  expect(result.outcome).toBe("uploaded");
});

it("sends often enough under a low rate to avoid the idle time-out", async () => {
  const file = rig.writeFile("a.bak", CONTENT.subarray(0, PART));
  const store = rig.store({ timeouts: { idleMs: 1_000 } });
  const result = await rig.upload(file, { rateLimitBytesPerSecond: 40_000 }, store);
  expect(result.bytesSent).toBe(PART); // nothing was cut and sent again
});

it("reports acknowledged bytes, at most once a second, and stops at the end", async () => {
  const file = rig.writeFile("a.bak", CONTENT);
  rig.emulator.faults.add({ match: { action: "UploadPart" }, effect: { kind: "delay", ms: 700, at: "after" } });
  const reports: { atMs: number; doneBytes: number }[] = [];
  await rig.upload(file, {
    onProgress: ({ phase, doneBytes, sizeBytes }) => {
      expect({ phase, sizeBytes }).toEqual({ phase: "uploading", sizeBytes: CONTENT.length });
      const acknowledged =
        rig.emulator.oss.uploads()[0]?.parts.reduce((sum, part) => sum + part.sizeBytes, 0) ?? CONTENT.length;
      expect(doneBytes).toBeLessThanOrEqual(acknowledged);
      reports.push({ atMs: Date.now(), doneBytes });
    },
  });
  const count = reports.length;
  expect(count).toBeGreaterThanOrEqual(2);
  for (const [index, { atMs }] of reports.slice(1).entries()) {
    expect(atMs - (reports[index]?.atMs ?? 0)).toBeGreaterThan(800); // by the meter's clock it is a second
  }
  await new Promise((resolve) => setTimeout(resolve, 1100));
  expect(reports).toHaveLength(count);
});

it("uses no more memory for file contents than its pool", async () => {
  const budget = newTransferBudget(2);
  const file = rig.writeFile("a.bak", CONTENT);
  const store = rig.store({ budget, retryTimes: QUICK_RETRIES });
  rig.emulator.faults.add({ probability: 0.2, seed: 3, effect: { kind: "reset", at: "during" } });
  for (let run = 0; run < 5; run++) await rig.upload(file, { key: `run/${run}` }, store);
  // Every chunk was released: all of them can be acquired at once.
  const chunks = await Promise.all(Array.from({ length: CHUNKS }, () => budget.chunks.acquire()));
  expect(new Set(chunks.map(({ bytes }) => bytes.byteOffset)).size).toBe(CHUNKS);
});
