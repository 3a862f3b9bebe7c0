import { systemClock } from "../../../provider/session/clock";

test("sleeps for the time, and returns at once when the signal aborts", async () => {
  const began = Date.now();
  await systemClock.sleep(30);
  expect(Date.now() - began).toBeGreaterThanOrEqual(29);
  const ending = new AbortController();
  setTimeout(() => ending.abort(), 10);
  await systemClock.sleep(60_000, ending.signal);
  await systemClock.sleep(60_000, ending.signal);
  expect(Date.now() - began).toBeLessThan(5_000);
});

test("a time beyond the limit of a timer still waits", async () => {
  const ending = new AbortController();
  let awake = false;
  const sleeping = systemClock.sleep(60 * 24 * 3_600_000, ending.signal).then(() => {
    awake = true;
  });
  await new Promise((resolve) => setTimeout(resolve, 30));
  expect(awake).toBe(false);
  ending.abort();
  await sleeping;
});
