import {
  formatLock,
  isLockKey,
  type LockTarget,
  lockKey,
  parseLock,
  type StoredLock,
} from "../../../provider/submission-lock/lock";

const target: LockTarget = { bucket: "b", objectKey: "in/erp.bak", instanceId: "rm-1", databaseName: "erp" };
const lock: StoredLock = {
  instanceId: "rm-1",
  databaseName: "erp",
  crc64: "42",
  claimedAt: "2026-05-01T02:00:00.000Z",
  writer: "0b1c",
};

test("has a key beside the object, one for each destination, whatever the case of the database's name", () => {
  const key = lockKey(target, 1);
  expect(key).toMatch(/^in\/erp\.bak\.[0-9a-f]{16}\.claim$/);
  expect(lockKey({ ...target, databaseName: "ERP" }, 1)).toBe(key);
  const others = [
    lockKey(target, 2),
    lockKey({ ...target, databaseName: "crm" }, 1),
    lockKey({ ...target, instanceId: "rm-2" }, 1),
    lockKey({ ...target, objectKey: "erp.bak" }, 1),
  ];
  expect(new Set([key, ...others]).size).toBe(5);
});

test("differs from any file that a person put beside a backup", () => {
  for (const fencingNumber of [1, 2, 30]) expect(isLockKey(lockKey(target, fencingNumber))).toBe(true);
  for (const key of ["in/erp.bak", "in/erp.bak.claim", "in/insurance.claim", "in/erp.bak.0123456789abcdef.claim.bak"])
    expect([key, isLockKey(key)]).toEqual([key, false]);
});

test("keeps every name within the characters of a key", () => {
  const odd = { ...target, databaseName: "Ünïcode | @:/\n库" };
  expect(lockKey(odd, 3)).toMatch(/^in\/erp\.bak\.[0-9a-f]{16}-3\.claim$/);
});

test("is parsed as it was formatted, with and without its task", () => {
  expect(parseLock(formatLock(lock))).toEqual(lock);
  expect(parseLock(formatLock({ ...lock, taskId: "106121" }))).toEqual({ ...lock, taskId: "106121" });
});

test.each([
  ["nothing", ""],
  ["half of one", formatLock(lock).slice(0, 60)],
  ["a page", "<html></html>"],
  ["another document", '{"Version": "1"}'],
  ["an invalid task id", formatLock({ ...lock, taskId: "1; drop" })],
])("%s is not a lock", (_, text) => {
  expect(parseLock(text)).toBeUndefined();
});

test("members that a later version adds are ignored", () => {
  expect(parseLock(JSON.stringify({ ...lock, phase: "restoring" }))).toEqual(lock);
});
