import { EventEmitter } from "node:events";
import type { Engine } from "../../../provider/hosts/engine";
import { type Lifetime, watchLifetime } from "../../../provider/hosts/lifetime";

/** The longest that a provider may go on after its engine is gone; milliseconds. */
const LIMIT_MS = 10_000;
/** The engine sends SIGKILL so long after SIGINT; milliseconds. */
const KILL_MS = 5_000;

let answers: boolean[];
let pings: number;
let exits: number[];
let host: EventEmitter;
let lifetime: Lifetime;

beforeEach(() => {
  jest.useFakeTimers();
  answers = [];
  pings = 0;
  exits = [];
  host = Object.assign(new EventEmitter(), { exit: (code: number) => exits.push(code) });
  const engine: Engine = {
    write: () => {},
    flush: async () => {},
    answers: async () => {
      pings += 1;
      return answers.shift() ?? true;
    },
  };
  lifetime = watchLifetime(engine, host as unknown as NodeJS.Process);
});
afterEach(() => {
  jest.useRealTimers();
});

/** A handler that ends when it is told to, as waiting ones do. */
const waiting = (): Promise<string> =>
  lifetime.run(
    (signal) =>
      new Promise((resolve) => {
        signal.addEventListener("abort", () => resolve(String(signal.reason)), { once: true });
      }),
  );

const gone = (): boolean[] => Array.from({ length: 100 }, () => false);

test("a waiting handler is told when the engine is gone, and the process ends, all within the limit", async () => {
  const handler = waiting();
  await jest.advanceTimersByTimeAsync(60_000);
  expect(exits).toEqual([]);
  answers = gone();
  await jest.advanceTimersByTimeAsync(LIMIT_MS);
  await expect(handler).resolves.toContain("the Pulumi engine is gone");
  expect(exits).toEqual([1]);
});

test("a process without work ends too when its engine is gone: nobody else would end it", async () => {
  await lifetime.run(async () => {});
  await jest.advanceTimersByTimeAsync(60_000);
  answers = gone();
  await jest.advanceTimersByTimeAsync(LIMIT_MS);
  expect(exits).toEqual([1]);
});

test("one lost ping means nothing", async () => {
  const handler = waiting();
  answers = [false, true, false, true, false];
  await jest.advanceTimersByTimeAsync(60_000);
  expect(exits).toEqual([]);
  host.emit("SIGINT");
  await handler;
});

test("handlers that come and go are watched by one ping at a time", async () => {
  for (let each = 0; each < 50; each += 1) {
    await lifetime.run(async () => {});
    await jest.advanceTimersByTimeAsync(100);
  }
  expect(pings).toBeLessThanOrEqual(5);
});

test.each(["SIGINT", "SIGTERM"])("%s ends what waits, and the process before the engine kills it", async (signal) => {
  const handler = waiting();
  host.emit(signal);
  await expect(handler).resolves.toContain(signal);
  expect(exits).toEqual([]);
  await jest.advanceTimersByTimeAsync(KILL_MS - 1);
  expect(exits).toEqual([0]);
});

test("SIGINT ends a process without work at once", async () => {
  await lifetime.run(async () => {});
  host.emit("SIGINT");
  await jest.advanceTimersByTimeAsync(1);
  expect(exits).toEqual([0]);
});

test("a handler that is called after the end is told at once", async () => {
  host.emit("SIGINT");
  await lifetime.run(async (signal) => expect(signal.aborted).toBe(true));
});
