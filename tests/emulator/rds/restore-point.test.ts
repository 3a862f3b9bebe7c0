import fc from "fast-check";
import { type BackupFacts, unreadableFacts } from "../../../emulator/rds/backup-facts";
import { applyIncrement, type RestorePoint, restorePointAfterFull } from "../../../emulator/rds/restore-point";

const POINT: RestorePoint = { lastLsn: "200", fullSetGuid: "full", forkId: "A" };

const facts = (members: Partial<BackupFacts>): BackupFacts => {
  const { unreadable: _, ...none } = unreadableFacts("");
  return { ...none, kind: "Transaction_Log", ...members };
};

const applies = (point: RestorePoint, members: Partial<BackupFacts>): boolean =>
  "point" in applyIncrement(point, facts(members));

test("applies a log if and only if FirstLSN ≤ p < LastLSN", () => {
  const lsn = fc.bigInt({ min: 0n, max: 10n ** 25n });
  fc.assert(
    fc.property(lsn, lsn, lsn, (first, last, restored) => {
      const point = { ...POINT, lastLsn: `${restored}` };
      expect(applies(point, { firstLsn: `${first}`, lastLsn: `${last}` })).toBe(first <= restored && restored < last);
    }),
  );
});

test.each([
  { what: "its own fork", forks: [{ id: "A", endLsn: "300" }], applied: true },
  {
    what: "a fork that branched off at the restored LSN",
    forks: [
      { id: "B", endLsn: "300" },
      { id: "A", endLsn: "200" },
    ],
    applied: true,
  },
  {
    what: "a fork that branched off before the restored LSN",
    forks: [
      { id: "B", endLsn: "300" },
      { id: "A", endLsn: "199" },
    ],
    applied: false,
  },
  { what: "a foreign fork", forks: [{ id: "B", endLsn: "300" }], applied: false },
  { what: "an unknown fork", forks: [], applied: true },
])("checks a log of $what", ({ forks, applied }) => {
  expect(applies(POINT, { firstLsn: "100", lastLsn: "300", forks })).toBe(applied);
});

test("continues on the fork of an applied log", () => {
  const forks = [
    { id: "B", endLsn: "300" },
    { id: "A", endLsn: "250" },
  ];
  expect(applyIncrement(POINT, facts({ firstLsn: "100", lastLsn: "300", forks }))).toEqual({
    point: { ...POINT, lastLsn: "300", forkId: "B" },
  });
});

test("applies a differential of the restored full backup that is newer than the restored LSN", () => {
  const differential = { kind: "Differential_Database", differentialBaseGuid: "full", firstLsn: "100" } as const;
  expect(applies(POINT, { ...differential, lastLsn: "201" })).toBe(true);
  expect(applies(POINT, { ...differential, lastLsn: "200" })).toBe(false);
  expect(applies(POINT, { ...differential, lastLsn: "201", differentialBaseGuid: "other" })).toBe(false);
});

test("refuses an increment without LSNs, and every increment after a full backup without LSNs", () => {
  expect(applies(POINT, { firstLsn: null, lastLsn: null })).toBe(false);
  expect(restorePointAfterFull(facts({ kind: "Database" }))).toBeNull();
  expect(applyIncrement(null, facts({ firstLsn: "1", lastLsn: "2" }))).toHaveProperty("failure");
});
