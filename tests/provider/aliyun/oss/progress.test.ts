import { retryLine } from "../../../../provider/aliyun/call-retry";
import type { UploadProgress, UploadResult } from "../../../../provider/aliyun/object-store";
import { ProgressMeter } from "../../../../provider/aliyun/oss/progress-meter";
import { TransferPace } from "../../../../provider/aliyun/oss/transfer-pace";
import { progressLine, summaryLine } from "../../../../provider/aliyun/oss/upload-lines";

const MiB = 1024 ** 2;

function meterOf(sizeBytes: number, settings: { rateLimitBytesPerSecond?: number } = {}) {
  let nowMs = 1_000_000;
  const reports: UploadProgress[] = [];
  const meter = new ProgressMeter({
    sizeBytes,
    phase: "uploading",
    now: () => nowMs,
    onProgress: (progress) => reports.push(progress),
    ...settings,
  });
  return {
    meter,
    reports,
    last: () => reports.at(-1),
    now: () => nowMs,
    pass: (seconds: number) => {
      nowMs += seconds * 1000;
    },
    /** Sends bytes that the service acknowledges at once. */
    send: (bytes: number) => {
      meter.sent(bytes);
      meter.noLongerInFlight(bytes);
      meter.acknowledged(bytes);
    },
  };
}

describe("the progress meter", () => {
  it("reports at most once a second", () => {
    const { reports, pass, send } = meterOf(100 * MiB);
    for (let step = 0; step < 50; step++) {
      send(MiB);
      pass(0.1);
    }
    expect(reports).toHaveLength(5);
  });

  it("counts bytes of an earlier run as done, but not in the rate", () => {
    const { meter, last, pass, send } = meterOf(100 * MiB);
    meter.acknowledged(50 * MiB);
    meter.sent(0);
    pass(5);
    send(10 * MiB);
    expect(last()).toMatchObject({
      sizeBytes: 100 * MiB,
      doneBytes: 60 * MiB,
      bytesPerSecond: 2 * MiB,
      etaSeconds: 20,
    });
  });

  it("estimates nothing before 5 seconds and 256 KiB are known", () => {
    const { last, pass, send, reports } = meterOf(1000 * MiB);
    send(32 * MiB); // the system's buffers take the first bytes at once
    for (let second = 1; second < 5; second++) {
      pass(1);
      send(MiB);
    }
    expect(reports).toHaveLength(5);
    for (const report of reports) {
      expect(report).toMatchObject({ bytesPerSecond: undefined, etaSeconds: undefined });
      expect(progressLine(report)).toMatch(/^uploading: \d+ % of 1000.0 MiB$/);
    }
    pass(1);
    send(MiB);
    expect(last()?.etaSeconds).toBeGreaterThan(0);

    const slow = meterOf(1000 * MiB);
    for (let second = 0; second < 8; second++) {
      slow.send(30 * 1024);
      slow.pass(1);
    }
    expect(slow.last()).toMatchObject({ bytesPerSecond: undefined, etaSeconds: undefined }); // 240 KiB so far
    slow.send(30 * 1024);
    expect(slow.last()?.bytesPerSecond).toBeGreaterThan(29 * 1024);
  });

  it("estimates the time left from the bytes that are sent but not acknowledged yet", () => {
    const { meter, last, pass } = meterOf(100 * MiB);
    for (let second = 0; second < 10; second++) {
      meter.sent(4 * MiB);
      pass(1);
      meter.report();
    }
    expect(last()).toMatchObject({ doneBytes: 0, bytesPerSecond: 4 * MiB, etaSeconds: 15 });
    meter.noLongerInFlight(40 * MiB); // the connections broke: the same bytes are sent again
    meter.sent(4 * MiB);
    pass(1);
    meter.report();
    expect(last()).toMatchObject({ bytesPerSecond: 4 * MiB, etaSeconds: 24 });
  });

  it("reports a pause once, and estimates anew after it", () => {
    const { meter, last, reports, pass, send } = meterOf(100 * MiB);
    for (let second = 0; second < 10; second++) {
      send(4 * MiB);
      pass(1);
    }
    const before = reports.length;
    for (let second = 0; second < 3600; second++) {
      meter.report();
      pass(1);
    }
    expect(reports.slice(before).map((each) => progressLine(each))).toEqual([
      "uploading: 40 % of 100.0 MiB, no data for 10s",
    ]);
    send(MiB);
    expect(last()).toMatchObject({ bytesPerSecond: undefined, etaSeconds: undefined, idleSeconds: undefined });
    pass(1);
    meter.report();
    for (let second = 0; second < 5; second++) {
      pass(1);
      send(MiB);
    }
    expect(last()?.bytesPerSecond).toBeCloseTo(MiB, -3);
  });

  it("ignores a burst that is older than the window", () => {
    const { last, pass, send } = meterOf(1000 * MiB);
    send(500 * MiB);
    for (let second = 0; second < 30; second++) {
      pass(1);
      send(MiB);
    }
    expect(last()?.bytesPerSecond).toBeCloseTo(MiB, -3);
  });

  it("never shows more than the rate limit, although the pace sends in bursts and parts are acknowledged in groups", async () => {
    const limit = 8_000_000;
    const { meter, reports, pass, now } = meterOf(4096 * MiB, { rateLimitBytesPerSecond: limit });
    // As the pace plans it: pieces of 250 ms, the first of them early.
    let nextFreeMs = now() - 250;
    let unacknowledged = 0;
    for (let step = 0; step < 1200; step++) {
      while (nextFreeMs <= now()) {
        nextFreeMs += 250;
        unacknowledged += limit / 4;
        meter.sent(limit / 4);
      }
      if (unacknowledged >= 128 * MiB) {
        meter.noLongerInFlight(unacknowledged); // eight parts of 16 MiB finish at the same moment
        meter.acknowledged(unacknowledged);
        unacknowledged = 0;
      }
      meter.report();
      pass(0.1);
    }
    const rates = reports.flatMap(({ bytesPerSecond = [] }) => bytesPerSecond);
    expect(rates.length).toBeGreaterThan(100);
    expect(Math.max(...rates)).toBeLessThanOrEqual(limit);
    expect(Math.min(...rates)).toBeGreaterThan(0.95 * limit);
  });
});

describe("the pace", () => {
  it("limits many callers to the rate and a short burst", async () => {
    let nowMs = 0;
    const pace = new TransferPace(1_000_000, () => nowMs);
    const startMs = Date.now();
    await Promise.all(Array.from({ length: 6 }, () => pace.take(100_000))); // 0.6 s worth, 0.25 s of it at once
    const waitedMs = Date.now() - startMs;
    expect(waitedMs).toBeGreaterThanOrEqual(200);
    nowMs = 10_000;
    const quickMs = Date.now();
    await pace.take(1); // time that nobody used is not saved up beyond the burst
    expect(Date.now() - quickMs).toBeLessThan(50);
  });

  it("ends a wait when the signal aborts", async () => {
    const pace = new TransferPace(1, () => 0);
    await pace.take(1000);
    await expect(pace.take(1, AbortSignal.timeout(20))).rejects.toThrow();
  });
});

describe("the lines", () => {
  it("of progress contain the percentage, the size, the rate and the time left", () => {
    const progress = { sizeBytes: 4 * 1024 * MiB, doneBytes: 1024 * MiB, bytesPerSecond: 85_200_000, etaSeconds: 37 };
    expect(progressLine({ phase: "uploading", ...progress })).toBe("uploading: 25 % of 4.0 GiB, 85.2 MB/s, 37s left");
    expect(progressLine({ phase: "uploading", ...progress }, "online about Sun 14:20, 1.5 to 2.5 h")).toBe(
      "uploading: 25 % of 4.0 GiB, 85.2 MB/s; online about Sun 14:20, 1.5 to 2.5 h",
    );
    expect(progressLine({ phase: "comparing", ...progress, etaSeconds: undefined })).toBe(
      "comparing with the existing object: 25 % of 4.0 GiB, 85.2 MB/s",
    );
    expect(progressLine({ phase: "uploading", sizeBytes: 4 * 1024 * MiB, doneBytes: 0 })).toBe(
      "uploading: 0 % of 4.0 GiB",
    );
  });

  it("of a retry contain the call, the number, the end and the fault, in at most 100 characters", () => {
    const retry = {
      operation: "UploadPart",
      retry: 4,
      untilMs: Date.UTC(2026, 7, 1, 14, 35, 2),
      fault: "ECONNRESET, reset",
    };
    expect(retryLine("uploading", retry)).toBe(
      "uploading: retry 4 of UploadPart, until 14:35:02 UTC: ECONNRESET, reset",
    );
    expect(retryLine("uploading", { ...retry, retry: 2, maxRetries: 3 })).toContain(
      "retry 2 of 3 of UploadPart, until",
    );
    const long = retryLine("uploading", {
      ...retry,
      operation: "CompleteMultipartUpload",
      fault: `ServiceBusy, ${"x".repeat(200)}`,
    });
    expect(long).toMatch(/^uploading: retry 4 of CompleteMultipartUpload, until 14:35:02 UTC: Servic.*…x+$/);
    expect(long).toHaveLength(100);
  });

  const result: UploadResult = {
    object: { bucket: "b", key: "erp.bak", sizeBytes: 10 * MiB, crc64: "42", etag: '"AB-1"', lastModifiedMs: 0 },
    outcome: "uploaded",
    bytesSent: 10 * MiB,
    seconds: 2,
    requestId: "5F8A",
  };

  it("of the end contain bytes, seconds, rate, ETag, CRC64 and RequestId", () => {
    expect(summaryLine(result)).toBe(
      'uploaded, 10.0 MiB sent in 2.0s (5.2 MB/s).\noss://b/erp.bak: ETag "AB-1", CRC64 42, RequestId 5F8A',
    );
  });

  it("of the end contain no rate above the limit", () => {
    expect(summaryLine({ ...result, seconds: 0.5 }, 4_000_000)).toContain("sent in 0.5s (4.0 MB/s).");
  });

  it("of the end contain the outcome and the uploads that could not be aborted", () => {
    expect(summaryLine({ ...result, outcome: "resumed", bytesSent: MiB, leftUploadIds: ["X1"] })).toContain(
      "resumed an earlier upload of 10.0 MiB, 1.0 MiB sent in 2.0s (0.5 MB/s).\noss://b/erp.bak: ETag",
    );
    expect(summaryLine({ ...result, leftUploadIds: ["X1", "X2"] })).toContain("could not be aborted: X1, X2");
    expect(summaryLine({ ...result, outcome: "alreadyThere", bytesSent: 0, requestId: undefined })).toBe(
      'existed already, 10.0 MiB compared in 2.0s.\noss://b/erp.bak: ETag "AB-1", CRC64 42',
    );
  });
});
