import {
  type Claim,
  formatLock,
  isLockKey,
  type LockTarget,
  lockKey,
  parseLock,
} from "../../../provider/submission-lock/lock";

const place: LockTarget = { bucket: "b", objectKey: "in/erp.bak", instanceId: "rm-1", databaseName: "erp" };
const claim: Claim = {
  instanceId: "rm-1",
  databaseName: "erp",
  crc64: "42",
  claimedAt: "2026-05-01T02:00:00.000Z",
  writer: "0b1c",
};

test("stands beside the object, one for each destination, without regard to the case of the database's name", () => {
  const key = lockKey(place, 1);
  expect(key).toMatch(/^in\/erp\.bak\.[0-9a-f]{16}\.claim$/);
  expect(lockKey({ ...place, databaseName: "ERP" }, 1)).toBe(key);
  const others = [
    lockKey(place, 2),
    lockKey({ ...place, databaseName: "crm" }, 1),
    lockKey({ ...place, instanceId: "rm-2" }, 1),
    lockKey({ ...place, objectKey: "erp.bak" }, 1),
  ];
  expect(new Set([key, ...others]).size).toBe(5);
});

test("is told from what somebody put beside a backup", () => {
  for (const generation of [1, 2, 30]) expect(isLockKey(lockKey(place, generation))).toBe(true);
  for (const key of ["in/erp.bak", "in/erp.bak.claim", "in/insurance.claim", "in/erp.bak.0123456789abcdef.claim.bak"])
    expect([key, isLockKey(key)]).toEqual([key, false]);
});

test("keeps every name within the characters of a key", () => {
  const odd = { ...place, databaseName: "Ünïcode | @:/\n库" };
  expect(lockKey(odd, 3)).toMatch(/^in\/erp\.bak\.[0-9a-f]{16}-3\.claim$/);
});

test("is read as it was written, with and without its task", () => {
  expect(parseLock(formatLock(claim))).toEqual(claim);
  expect(parseLock(formatLock({ ...claim, taskId: "106121" }))).toEqual({ ...claim, taskId: "106121" });
});

test.each([
  ["nothing", ""],
  ["half of one", formatLock(claim).slice(0, 60)],
  ["a page", "<html></html>"],
  ["another document", '{"Version": "1"}'],
  ["an id that is none", formatLock({ ...claim, taskId: "1; drop" })],
])("%s is no claim", (_, text) => {
  expect(parseLock(text)).toBeUndefined();
});

test("members that a later version adds are no fault", () => {
  expect(parseLock(JSON.stringify({ ...claim, phase: "restoring" }))).toEqual(claim);
});
