import { OssFault } from "../../../../provider/aliyun/oss/oss-fault";
import { PartQueue } from "../../../../provider/aliyun/oss/part-queue";
import {
  type RetryTimes,
  StallWatch,
  USUAL_RETRY_TIMES,
  withRetries,
} from "../../../../provider/aliyun/oss/retry-policy";
import { Semaphore } from "../../../../provider/aliyun/oss/semaphore";

describe("a semaphore", () => {
  it("grants permits in the order of the requests, never more than exist", async () => {
    const semaphore = new Semaphore(2);
    const order: number[] = [];
    let held = 0;
    await Promise.all(
      [1, 2, 3, 4, 5].map(async (number) => {
        await semaphore.take();
        held++;
        expect(held).toBeLessThanOrEqual(2);
        order.push(number);
        await new Promise((resolve) => setImmediate(resolve));
        held--;
        semaphore.give();
      }),
    );
    expect(order).toEqual([1, 2, 3, 4, 5]);
  });

  it("forgets aborted requests", async () => {
    const semaphore = new Semaphore(1);
    await semaphore.take();
    const stop = new AbortController();
    const waiting = semaphore.take(stop.signal);
    stop.abort(new Error("stopped"));
    await expect(waiting).rejects.toThrow("stopped");
    await expect(semaphore.take(stop.signal)).rejects.toThrow("stopped");
    semaphore.give();
    await semaphore.take();
  });
});

describe("the queue of parts", () => {
  it("lets `take` wait for more until it is closed", async () => {
    const queue = new PartQueue();
    const taken = Promise.all([queue.take(), queue.take(), queue.take()]);
    queue.add(7);
    queue.add(8);
    queue.close();
    expect((await taken).sort()).toEqual([7, 8, undefined]);
    expect(await queue.take()).toBeUndefined();
  });

  it("returns nothing after it is abandoned", async () => {
    const queue = new PartQueue();
    queue.add(1);
    queue.abandon();
    expect(await queue.take()).toBeUndefined();
  });
});

describe("retries", () => {
  const times: RetryTimes = { budgetMs: 1000, firstContactMs: 100, initialDelayMs: 1, maxDelayMs: 4 };
  const busy = (facts: object = {}) =>
    new OssFault("UploadPart", { kind: "passes", status: 503, code: "ServiceBusy", message: "", ...facts });
  let nowMs = 0;
  const run = (attempt: () => Promise<unknown>, watch = new StallWatch(() => nowMs, times)) =>
    withRetries(attempt, { watch, times, random: () => 0.5 });

  beforeEach(() => {
    nowMs = 0;
  });

  it("continue while calls succeed, and end when none does for the whole budget", async () => {
    const watch = new StallWatch(() => nowMs, times);
    let calls = 0;
    const fail = async () => {
      calls++;
      nowMs += 300;
      throw busy();
    };
    await expect(run(fail, watch)).rejects.toThrow("ServiceBusy");
    expect(calls).toBe(5); // 0, 300, 600 and 900 ms after the first fault there was time left, after 1,200 there was none
    watch.noteProgress(); // a sibling's part arrived
    calls = 0;
    nowMs += 3600_000; // and then a file was read for an hour, which is nobody's fault
    await expect(run(fail, watch)).rejects.toThrow("ServiceBusy");
    expect(calls).toBe(5);
  });

  it("end much earlier when the service has never answered", async () => {
    let calls = 0;
    const silent = async () => {
      calls++;
      nowMs += 60;
      throw busy({ status: undefined, code: "ENOTFOUND" });
    };
    await expect(run(silent)).rejects.toThrow("ENOTFOUND");
    expect(calls).toBe(3);
  });

  it.each(["refused", "credentials", "clockSkew"] as const)("are not made for a fault of the kind %s", async (kind) => {
    let calls = 0;
    const fail = async () => {
      calls++;
      throw busy({ kind });
    };
    await expect(run(fail)).rejects.toThrow();
    expect(calls).toBe(1);
  });

  it("are not made for an error that is not an OSS fault", async () => {
    let calls = 0;
    const fail = async () => {
      calls++;
      throw new TypeError("a bug");
    };
    await expect(run(fail)).rejects.toThrow("a bug");
    expect(calls).toBe(1);
  });

  it("wait a random time up to a limit that doubles", async () => {
    const waits: number[] = [];
    let lastMs = performance.now();
    let calls = 0;
    await withRetries(
      async () => {
        waits.push(performance.now() - lastMs);
        lastMs = performance.now();
        if (++calls < 5) throw busy();
      },
      {
        watch: new StallWatch(Date.now, USUAL_RETRY_TIMES),
        times: { ...USUAL_RETRY_TIMES, initialDelayMs: 20, maxDelayMs: 60 },
        random: () => 0.999,
      },
    );
    const [, first = 0, second = 0, third = 0, fourth = 0] = waits;
    expect(first).toBeGreaterThanOrEqual(18);
    expect(second).toBeGreaterThanOrEqual(38);
    expect(third).toBeGreaterThanOrEqual(58);
    expect(fourth).toBeLessThan(500); // 60, not 160
  });
});
