import { PollPause, type PollPauseOptions, taskPollPause } from "../../../provider/decisions/poll-pause";
import type { Clock } from "../../../provider/session/clock";
import { type PollOptions, pollUntil } from "../../../provider/session/poll-until";

/** A clock on which sleeping takes no time, with the pauses that were slept. */
function fakeClock(onSleep: (count: number) => void = () => undefined) {
  const pauses: number[] = [];
  let nowMs = 1_000;
  const clock: Clock = {
    now: () => nowMs,
    async sleep(ms) {
      pauses.push(ms);
      nowMs += ms;
      onSleep(pauses.length);
    },
  };
  return { clock, pauses };
}

const signal = new AbortController().signal;

/** Polls the values one after the other until one is "end"; returns what was slept and how often it fetched. */
async function poll(values: string[], options: Partial<PollOptions<string>> = {}, onSleep?: (count: number) => void) {
  const { clock, pauses } = fakeClock(onSleep);
  const seen: string[] = [];
  const pausesAtFetch: number[] = [];
  const polled = await pollUntil<string>("start", {
    fetchNext: async (previous, pauseMs) => {
      seen.push(previous);
      pausesAtFetch.push(pauseMs);
      return values[seen.length - 1] ?? "";
    },
    isDone: (value) => value === "end",
    pause: new PollPause({ firstMs: 100 }),
    clock,
    signal,
    ...options,
  });
  return { polled, pauses, fetches: seen.length, seen, pausesAtFetch };
}

test("pauses before each fetch, hands the last value on and returns the one that is done", async () => {
  const { polled, pauses, seen } = await poll(["a", "b", "end"]);
  expect(polled).toEqual({ kind: "done", value: "end" });
  expect(pauses).toEqual([100, 100, 100]);
  expect(seen).toEqual(["start", "a", "b"]);
});

test("fetches nothing when the initial value is done", async () => {
  const { polled, pauses, fetches } = await poll([], { isDone: () => true });
  expect(polled).toEqual({ kind: "done", value: "start" });
  expect([pauses, fetches]).toEqual([[], 0]);
});

test("fetches at once where asked to, and pauses from then on", async () => {
  expect((await poll(["end"], { fetchesAtOnce: true })).pauses).toEqual([]);
  expect((await poll(["a", "end"], { fetchesAtOnce: true })).pauses).toEqual([100]);
});

describe("the deadline", () => {
  test("cuts the last pause short, and the fetch behind it is the last", async () => {
    const { polled, pauses, fetches } = await poll(["a", "b", "c", "d"], { deadlineMs: 1_250 });
    expect(polled).toEqual({ kind: "timedOut", value: "c" });
    expect(pauses).toEqual([100, 100, 50]);
    expect(fetches).toBe(3);
  });
  test("that is over leaves only a fetch without a pause", async () => {
    expect(await poll(["a"], { deadlineMs: 1_000 })).toMatchObject({ polled: { kind: "timedOut" }, fetches: 0 });
    const once = await poll(["a"], { deadlineMs: 0, fetchesAtOnce: true });
    expect(once).toMatchObject({ polled: { kind: "timedOut", value: "a" }, fetches: 1, pauses: [] });
  });
  test("that is reached by a fetch that is done does not count", async () => {
    expect((await poll(["end"], { deadlineMs: 1_050 })).polled.kind).toBe("done");
  });
});

test("the number of fetches ends it without another pause", async () => {
  const { polled, pauses } = await poll(["a", "b", "c"], { maxFetches: 2 });
  expect(polled).toEqual({ kind: "timedOut", value: "b" });
  expect(pauses).toEqual([100, 100]);
});

describe("an abort during a pause", () => {
  const reason = new Error("stopped");
  const abortedPoll = (options: Partial<PollOptions<string>>) => {
    const ending = new AbortController();
    return poll(["a", "b", "end"], { ...options, signal: ending.signal }, (count) => {
      if (count === 2) ending.abort(reason);
    });
  };
  test("throws its reason without another fetch", async () => {
    const fetch = jest.fn(async () => "a");
    await expect(abortedPoll({ fetchNext: fetch })).rejects.toBe(reason);
    expect(fetch).toHaveBeenCalledTimes(1);
  });
  test("leaves the decision to one more fetch where asked to", async () => {
    const fetch = jest.fn().mockResolvedValueOnce("a").mockResolvedValueOnce("end");
    expect((await abortedPoll({ fetchNext: fetch, fetchesAfterAbort: true })).polled.kind).toBe("done");
    expect(fetch).toHaveBeenCalledTimes(2);
  });
});

describe("the pause", () => {
  const hasChanged = (previous: string, value: string) => previous !== value;

  test("stretches to its maximum while nothing changes", async () => {
    const pause = new PollPause({ firstMs: 100, growth: 2, maxMs: 350 });
    const { pauses, pausesAtFetch } = await poll(["start", "start", "start", "end"], { pause, hasChanged });
    expect(pauses).toEqual([100, 200, 350, 350]);
    expect(pausesAtFetch).toEqual(pauses);
  });
  test("is reset by a change, to another length where one is given", async () => {
    const pause = taskPollPause({ firstMs: 2_000, afterChangeMs: 30_000 });
    const values = ["start", "start", "a", "a", "a", "end"];
    expect((await poll(values, { pause, hasChanged })).pauses).toEqual([2_000, 3_000, 4_500, 30_000, 45_000, 67_500]);
  });
  test("that begins longer than the maximum is kept", async () => {
    const pause = taskPollPause({ firstMs: 600_000 });
    expect((await poll(["a", "a", "end"], { pause })).pauses).toEqual([600_000, 600_000, 600_000]);
  });
  test("is shortened by what the value allows", async () => {
    const longestPauseMs = (value: string) => (value === "start" ? 30 : 500);
    expect((await poll(["a", "end"], { longestPauseMs })).pauses).toEqual([30, 100]);
  });
});

test.each<PollPauseOptions>([
  { firstMs: Number.NaN },
  { firstMs: 0 },
  { firstMs: -1 },
  { firstMs: 1, maxMs: Number.NaN },
  { firstMs: 1, afterChangeMs: 0 },
  { firstMs: 1, growth: Number.NaN },
  { firstMs: 1, growth: 0.5 },
])("refuses the pause %j", (options) => {
  expect(() => new PollPause(options)).toThrow(RangeError);
});

test("refuses a deadline that is not a number", async () => {
  await expect(poll(["end"], { deadlineMs: Number.NaN })).rejects.toThrow(RangeError);
});
