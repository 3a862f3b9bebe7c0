import type { JournalEntry } from "../../emulator/world";
import { lateClaims } from "../../faults/late-claims";

const KEY = "db004.bak.8c2c.claim";
const entry = (action: string, status: number | undefined = 200, key = KEY): JournalEntry => ({
  ...{ request: 1, atMs: 0, service: "oss", action, status, detail: { key } },
});

test("a claim is late when it was written behind the removal, and only as long as it is there", () => {
  const settled = [entry("PutObject"), entry("DeleteObject", 204)];
  expect(lateClaims(settled)).toEqual([]);
  expect(lateClaims([...settled, entry("PutObject")])).toEqual([KEY]);
  expect(lateClaims([...settled, entry("PutObject"), entry("DeleteObject", 204)])).toEqual([]);
});

test("a claim that nobody has removed is not late, and neither is another object", () => {
  expect(lateClaims([entry("PutObject"), entry("DeleteObject", 503), entry("PutObject")])).toEqual([]);
  expect(lateClaims([entry("DeleteObject", 204, "db004.bak"), entry("PutObject", 200, "db004.bak")])).toEqual([]);
});
