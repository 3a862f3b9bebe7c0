import { keptKeys } from "../../../../provider/aliyun/credentials/kept-keys";
import type { Credentials } from "../../../../provider/aliyun/object-store";

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const START = Date.parse("2026-01-01T00:00:00Z");

let now: number;
let replies: (Credentials | Error)[];
let fetches: number;
const source = () =>
  keptKeys(async () => {
    fetches++;
    const reply = replies.length > 1 ? replies.shift() : replies[0];
    if (reply === undefined || reply instanceof Error) throw reply;
    return reply;
  });
const keys = (accessKeyId: string, expiresAtMs?: number): Credentials => ({
  accessKeyId,
  accessKeySecret: "s",
  expiresAtMs,
});

beforeEach(() => {
  now = START;
  fetches = 0;
  jest.spyOn(Date, "now").mockImplementation(() => now);
});
afterEach(() => jest.restoreAllMocks());

it("keys are renewed five minutes before they expire", async () => {
  replies = [keys("first", START + HOUR), keys("second", START + 2 * HOUR)];
  const kept = source();
  await kept.get();
  now = START + 55 * MINUTE - 1;
  expect(await kept.get()).toMatchObject({ accessKeyId: "first" });
  now = START + 55 * MINUTE;
  expect(await kept.get()).toMatchObject({ accessKeyId: "second" });
  expect(fetches).toBe(2);
});

it("a renewal that fails leaves the old keys until they expire, is tried again every 30 s, and is then the error", async () => {
  replies = [keys("first", START + HOUR), new Error("no network")];
  const kept = source();
  await kept.get();
  for (now = START + 56 * MINUTE; now < START + HOUR; now += 15_000)
    expect(await kept.get()).toMatchObject({ accessKeyId: "first" });
  expect(fetches).toBe(1 + 8);
  await expect(kept.get()).rejects.toThrow("no network");
  replies = [keys("second", START + 2 * HOUR)];
  expect(await kept.get()).toMatchObject({ accessKeyId: "second" });
});

it("keys that the service refused are not returned again, and keys without an expiry are fetched at each call", async () => {
  replies = [keys("first", START + HOUR), new Error("no network")];
  const refused = source();
  await refused.get();
  await expect(refused.get({ fresh: true })).rejects.toThrow("no network");

  replies = [keys("static"), new Error("the file does not exist")];
  const unlimited = source();
  await unlimited.get();
  await expect(unlimited.get()).rejects.toThrow("the file does not exist");
});
