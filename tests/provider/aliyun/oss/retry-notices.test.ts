import { type CallRetry, retryLine } from "../../../../provider/aliyun/call-retry";
import { describeFault, OssFault } from "../../../../provider/aliyun/oss/oss-fault";
import { ProgressMeter } from "../../../../provider/aliyun/oss/progress-meter";
import { RetryNotices } from "../../../../provider/aliyun/oss/retry-notices";
import { StallWatch, USUAL_RETRY_TIMES, withRetries } from "../../../../provider/aliyun/oss/retry-policy";
import { progressLine } from "../../../../provider/aliyun/oss/upload-lines";
import { outcomeOf, PART, QUICK_RETRIES, seededBytes, startUploadRig, type UploadRig } from "./support/upload-rig";

const MiB = 1024 ** 2;
const START_MS = Date.UTC(2026, 7, 1, 14, 0, 0);
const MINUTE_MS = 60_000;

const fault = (code = "ECONNRESET", message = "socket hang up") =>
  new OssFault("UploadPart", { kind: "passes", code, message });

/** An upload with a fake clock that logs its lines as the step does. Each attempt lasts `attemptMs`, with a report every second. */
function uploadWithClock({ attemptMs = 8000, connections = 8 } = {}) {
  let nowMs = START_MS;
  const lines: string[] = [];
  const now = () => nowMs;
  const notices = new RetryNotices(now, (retry) => lines.push(retryLine("uploading", retry)));
  const watch: StallWatch = new StallWatch(now, USUAL_RETRY_TIMES, ({ fault: last, ...count }) =>
    notices.note(watch.stall, {
      operation: last.operation,
      ...count,
      untilMs: nowMs + watch.remainingMs(),
      fault: describeFault(last),
    }),
  );
  const meter = new ProgressMeter({
    sizeBytes: 1000 * MiB,
    phase: "uploading",
    now,
    isRetrying: () => watch.isStalled && notices.isReported(watch.stall),
    onProgress: (progress) => lines.push(progressLine(progress)),
  });
  const pass = (ms: number) => {
    for (const endMs = nowMs + ms; nowMs < endMs; nowMs += 1000) meter.report();
  };
  let attempts = 0;
  const times = { ...USUAL_RETRY_TIMES, initialDelayMs: 1, maxDelayMs: 1 };
  return {
    lines,
    watch,
    meter,
    pass,
    now,
    attempts: () => attempts,
    /** Sends parts over several connections; `outcome` returns the fault of an attempt, or undefined for success. */
    sendParts: (outcome: (attempt: number) => OssFault | undefined) =>
      Promise.allSettled(
        Array.from({ length: connections }, () =>
          withRetries(
            async () => {
              attempts++;
              meter.sent(64 * 1024); // goes out before the connection breaks
              pass(attemptMs / connections);
              const failed = outcome(attempts);
              if (failed !== undefined) throw failed;
            },
            { watch, times, random: () => 0.999 },
          ),
        ),
      ),
  };
}

const isRetryLine = (line: string): boolean => line.includes("retry");

describe("the lines of a stalled upload", () => {
  it("of 15 minutes are 6, from the second retry on, with the call, the number, the end and the fault", async () => {
    const upload = uploadWithClock();
    upload.watch.noteProgress(); // the service has answered before
    const results = await upload.sendParts(() => fault());
    expect(results.map(({ status }) => status)).toEqual(Array.from({ length: 8 }, () => "rejected"));
    expect(upload.attempts()).toBeGreaterThan(800);
    expect(upload.now() - START_MS).toBeGreaterThanOrEqual(15 * MINUTE_MS);

    const first = upload.lines.findIndex(isRetryLine);
    expect(upload.lines.slice(first)).toEqual(
      [2, 4, 8, 16, 32, 64].map(
        (retry) => `uploading: retry ${retry} of UploadPart, until 14:15:08 UTC: ECONNRESET, socket hang up`,
      ),
    );
    expect(first).toBeLessThanOrEqual(20); // progress of the two first rounds of attempts, whose bytes still moved
  });

  it("of 15 minutes are at most 20 when the fault changes all the time", async () => {
    const upload = uploadWithClock();
    upload.watch.noteProgress();
    await upload.sendParts((attempt) => (attempt % 2 === 0 ? fault() : fault("ETIMEDOUT", "no answer")));
    const retries = upload.lines.filter(isRetryLine);
    expect(retries.length).toBeGreaterThan(6);
    expect(retries.length).toBeLessThanOrEqual(20);
    expect(upload.lines.slice(upload.lines.findIndex(isRetryLine))).toEqual(retries);
    expect(new Set(retries.map((line) => line.split(": ")[2]))).toEqual(
      new Set(["ECONNRESET, socket hang up", "ETIMEDOUT, no answer"]),
    );
  });

  it("do not exist for the first retry, and progress continues after the last", async () => {
    const brief = uploadWithClock({ connections: 1 });
    await brief.sendParts((attempt) => (attempt === 1 ? fault() : undefined));
    expect(brief.lines.filter(isRetryLine)).toEqual([]);

    const upload = uploadWithClock({ connections: 1 });
    await upload.sendParts((attempt) => (attempt <= 3 ? fault() : undefined));
    expect(upload.lines.at(-1)).toMatch(/retry 2 of UploadPart/);
    upload.pass(2000);
    upload.meter.acknowledged(16 * MiB);
    upload.pass(2000);
    expect(upload.lines.at(-1)).toMatch(/^uploading: 1 % of 1000.0 MiB/);
  });

  it("begin anew in the next stall, which counts from 1", async () => {
    const upload = uploadWithClock({ connections: 1 });
    for (let part = 0; part < 2; part++) {
      const end = upload.attempts() + 4;
      await upload.sendParts((attempt) => (attempt < end ? fault() : undefined));
    }
    expect(upload.lines.filter(isRetryLine).map((line) => line.slice(0, 18))).toEqual([
      "uploading: retry 2",
      "uploading: retry 2",
    ]);
  });
});

describe("against the emulator", () => {
  let rig: UploadRig;
  beforeEach(async () => {
    rig = await startUploadRig();
  });
  afterEach(() => rig.close());

  /** Uploads six parts and returns the outcome with the lines in their order. */
  async function upload(settings: Parameters<UploadRig["store"]>[0] = {}) {
    const file = rig.writeFile("a.bak", seededBytes(6 * PART, 7));
    const retries: CallRetry[] = [];
    const lines: string[] = [];
    const outcome = await outcomeOf(
      rig.upload(
        file,
        {
          onProgress: (progress) => lines.push(progressLine(progress)),
          onRetry: (retry) => {
            retries.push(retry);
            lines.push(retryLine("uploading", retry));
          },
        },
        rig.store(settings),
      ),
    );
    return { outcome, retries, lines };
  }

  it("connections that are reset until the budget ends give few lines with the end of the budget", async () => {
    rig.emulator.faults.add({ match: { action: "UploadPart" }, effect: { kind: "reset", at: "during" } });
    const budgetMs = 2500;
    const startMs = Date.now();
    const { outcome, retries, lines } = await upload({ retryTimes: { ...QUICK_RETRIES, budgetMs } });
    const endMs = Date.now();
    expect(outcome).toBe("OSS_UNAVAILABLE");
    expect(rig.calls().UploadPart).toBeGreaterThan(20);
    expect(retries.map(({ retry }) => retry)).toEqual(retries.map((_, index) => 2 ** (index + 1)));
    expect(retries.length).toBeGreaterThanOrEqual(3);
    expect(retries.length).toBeLessThan(10);
    for (const { operation, untilMs, fault: words } of retries) {
      expect([operation, words]).toEqual(["UploadPart", expect.stringMatching(/^(ECONNRESET|EPIPE), /)]);
      expect(untilMs).toBeGreaterThanOrEqual(startMs + budgetMs);
      expect(untilMs).toBeLessThanOrEqual(endMs);
    }
    const first = lines.findIndex(isRetryLine);
    expect(lines.slice(first).filter((line) => !isRetryLine(line))).toEqual([]);
  });

  it("resets are not reported when other calls succeed between them", async () => {
    rig.emulator.faults.add({
      match: { action: "InitiateMultipartUpload" },
      times: 3,
      effect: { kind: "reset", at: "before" },
    });
    const { outcome, retries } = await upload();
    expect(outcome).toBe("uploaded");
    expect(retries).toEqual([]); // the list of uploads, which is read after each reset, succeeds
  });

  it("a service that is busy for every connection is reported until it answers", async () => {
    rig.emulator.faults.add({
      times: 4,
      effect: { kind: "refuse", status: 503, code: "ServiceBusy", message: "Slow down." },
    });
    const { outcome, retries } = await upload();
    expect(outcome).toBe("uploaded");
    expect(retries).toMatchObject([
      { operation: "HeadObject", retry: 2 },
      { operation: "HeadObject", retry: 4 },
    ]);
  });

  it("a limited number of retries is reported as such", async () => {
    rig.emulator.faults.add({ match: { action: "ListMultipartUploads" }, effect: { kind: "html", status: 403 } });
    const { outcome, retries } = await upload();
    expect(outcome).toBe("OSS_REPLY_UNREADABLE");
    expect(retries).toMatchObject([{ operation: "ListMultipartUploads", retry: 2, maxRetries: 3 }]);
  });
});
