import { EventEmitter } from "node:events";
import type { Engine } from "../../../provider/hosts/engine";
import { type Lifetime, watchLifetime } from "../../../provider/hosts/lifetime";

/** Maximum time that a provider may run after its engine has exited; milliseconds. */
const LIMIT_MS = 10_000;
/** Time between the engine's SIGINT and SIGKILL; milliseconds. */
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

/** A handler that ends when its signal aborts, as waiting handlers do. */
const waiting = (): Promise<string> =>
  lifetime.run(
    (signal) =>
      new Promise((resolve) => {
        signal.addEventListener("abort", () => resolve(String(signal.reason)), { once: true });
      }),
  );

const noReplies = (): boolean[] => Array.from({ length: 100 }, () => false);

test("when the engine has exited, a waiting handler is aborted and the process exits within the limit", async () => {
  const handler = waiting();
  await jest.advanceTimersByTimeAsync(60_000);
  expect(exits).toEqual([]);
  answers = noReplies();
  await jest.advanceTimersByTimeAsync(LIMIT_MS);
  await expect(handler).resolves.toContain("the Pulumi engine is gone");
  expect(exits).toEqual([1]);
});

test("an idle process also exits when its engine has exited: nothing else would end it", async () => {
  await lifetime.run(async () => {});
  await jest.advanceTimersByTimeAsync(60_000);
  answers = noReplies();
  await jest.advanceTimersByTimeAsync(LIMIT_MS);
  expect(exits).toEqual([1]);
});

test("a process that is watched from its start exits with its engine although it never ran a handler", async () => {
  answers = noReplies();
  lifetime.watch();
  await jest.advanceTimersByTimeAsync(LIMIT_MS);
  expect(exits).toEqual([1]);
});

test("a cancelled run aborts its handlers, and the process goes on until its engine ends it", async () => {
  const handler = waiting();
  lifetime.cancel("the run was cancelled");
  await expect(handler).resolves.toContain("the run was cancelled");
  await jest.advanceTimersByTimeAsync(60_000);
  expect(exits).toEqual([]);
  host.emit("SIGINT");
  await jest.advanceTimersByTimeAsync(1);
  expect(exits).toEqual([0]);
});

test("one lost ping is ignored", async () => {
  const handler = waiting();
  answers = [false, true, false, true, false];
  await jest.advanceTimersByTimeAsync(60_000);
  expect(exits).toEqual([]);
  host.emit("SIGINT");
  await handler;
});

test("successive handlers share one ping at a time", async () => {
  for (let each = 0; each < 50; each += 1) {
    await lifetime.run(async () => {});
    await jest.advanceTimersByTimeAsync(100);
  }
  expect(pings).toBeLessThanOrEqual(5);
});

test.each(["SIGINT", "SIGTERM"])(
  "%s aborts waiting handlers, and the process exits before the engine kills it",
  async (signal) => {
    const handler = waiting();
    host.emit(signal);
    await expect(handler).resolves.toContain(signal);
    expect(exits).toEqual([]);
    await jest.advanceTimersByTimeAsync(KILL_MS - 1);
    expect(exits).toEqual([0]);
  },
);

test("SIGINT ends an idle process at once", async () => {
  await lifetime.run(async () => {});
  host.emit("SIGINT");
  await jest.advanceTimersByTimeAsync(1);
  expect(exits).toEqual([0]);
});

test("a handler that is called after the end is aborted at once", async () => {
  host.emit("SIGINT");
  await lifetime.run(async (signal) => expect(signal.aborted).toBe(true));
});
