import type { UploadProgress, UploadResult } from "../../../../provider/aliyun/object-store";
import { ProgressMeter } from "../../../../provider/aliyun/oss/progress-meter";
import { TransferPace } from "../../../../provider/aliyun/oss/transfer-pace";
import { progressLine, summaryLine } from "../../../../provider/aliyun/oss/upload-lines";

const MiB = 1024 ** 2;

function meterOf(sizeBytes: number) {
  let nowMs = 1_000_000;
  const reports: UploadProgress[] = [];
  const meter = new ProgressMeter({
    sizeBytes,
    phase: "uploading",
    now: () => nowMs,
    onProgress: (progress) => reports.push(progress),
  });
  return {
    meter,
    reports,
    last: () => reports.at(-1),
    pass: (seconds: number) => {
      nowMs += seconds * 1000;
    },
  };
}

describe("the progress meter", () => {
  it("reports at most once a second", () => {
    const { meter, reports, pass } = meterOf(100 * MiB);
    for (let step = 0; step < 50; step++) {
      meter.moved(MiB);
      pass(0.1);
    }
    expect(reports).toHaveLength(5);
  });

  it("counts bytes of an earlier run as done, but not in the rate", () => {
    const { meter, last, pass } = meterOf(100 * MiB);
    meter.found(50 * MiB);
    pass(2);
    meter.moved(10 * MiB);
    expect(last()).toEqual({
      phase: "uploading",
      sizeBytes: 100 * MiB,
      doneBytes: 60 * MiB,
      bytesPerSecond: 5 * MiB,
      etaSeconds: 8,
    });
  });

  it("shows a stall within seconds: the rate falls, the time left grows and then becomes unknown", () => {
    const { meter, last, pass } = meterOf(100 * MiB);
    for (let second = 0; second < 10; second++) {
      pass(1);
      meter.moved(4 * MiB);
    }
    expect(last()?.bytesPerSecond).toBeCloseTo(4 * MiB, -4);
    for (let second = 0; second < 5; second++) {
      pass(1);
      meter.report();
    }
    expect(last()?.bytesPerSecond).toBeLessThan(2.5 * MiB);
    for (let second = 0; second < 10; second++) {
      pass(1);
      meter.report();
    }
    expect(last()).toMatchObject({ bytesPerSecond: 0, doneBytes: 40 * MiB, etaSeconds: undefined });
  });

  it("ignores a burst that is older than the window", () => {
    const { meter, last, pass } = meterOf(1000 * MiB);
    meter.moved(500 * MiB);
    for (let second = 0; second < 30; second++) {
      pass(1);
      meter.moved(MiB);
    }
    expect(last()?.bytesPerSecond).toBeCloseTo(MiB, -3);
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
    expect(progressLine({ phase: "comparing", ...progress, etaSeconds: undefined })).toBe(
      "comparing with the existing object: 25 % of 4.0 GiB, 85.2 MB/s",
    );
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
