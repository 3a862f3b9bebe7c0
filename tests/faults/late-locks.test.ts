import type { JournalEntry } from "../../emulator/world";
import { lateLocks } from "../../faults/late-locks";

const KEY = "db004.bak.8c2c.claim";
const entry = (action: string, status: number | undefined = 200, key = KEY): JournalEntry => ({
  ...{ request: 1, atMs: 0, service: "oss", action, status, detail: { key } },
});

test("a lock is late when it was written after the removal and still exists", () => {
  const completed = [entry("PutObject"), entry("DeleteObject", 204)];
  expect(lateLocks(completed)).toEqual([]);
  expect(lateLocks([...completed, entry("PutObject")])).toEqual([KEY]);
  expect(lateLocks([...completed, entry("PutObject"), entry("DeleteObject", 204)])).toEqual([]);
});

test("neither a lock that was never removed nor another object is late", () => {
  expect(lateLocks([entry("PutObject"), entry("DeleteObject", 503), entry("PutObject")])).toEqual([]);
  expect(lateLocks([entry("DeleteObject", 204, "db004.bak"), entry("PutObject", 200, "db004.bak")])).toEqual([]);
});
