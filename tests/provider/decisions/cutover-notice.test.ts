import { type CutoverNoticeInput, describeCutover } from "../../../provider/decisions/cutover-notice";
import type { ChainStart, Increment } from "../../../provider/model/increment";

const MIB = 2 ** 20;

const start: ChainStart = {
  ...{ setGuid: "F", lastLsn: "100", checkpointLsn: "90", forkId: null },
  ...{ databaseName: "erp", familyGuid: null, serverName: "SRV", createdAt: null },
};

const tail = (more: Partial<Increment> = {}): Increment => ({
  ...{ file: "logs/tail.trn", type: "LOG", sizeBytes: 10 * MIB, modifiedAt: "2026-05-01T02:00:00.000Z" },
  ...{ setGuid: "T", firstLsn: "100", lastLsn: "200", tail: true },
  ...more,
});

const noticeOf = (increment: Increment, more: Partial<CutoverNoticeInput> = {}): string =>
  describeCutover({
    ...{ databaseName: "erp", pending: [increment], listed: [increment], start, rounds: [] },
    end: { lsn: "200", forkId: null, file: "tail.trn", tail: true },
    ...more,
  }).join("\n");

test("names the point of no return, what to stop, how to roll back, and when RDS takes its first backup", () => {
  const text = noticeOf(tail());
  expect(text).toMatch(/this up applies tail.trn and opens the database. POINT OF NO RETURN/);
  expect(text).toMatch(/stop every application/);
  expect(text).toMatch(/RESTORE DATABASE \[erp\] WITH RECOVERY on the source/);
  expect(text).toMatch(/backs it up for the first time only in its next backup window/);
});

test.each([
  [500 * MIB, false],
  [500 * MIB + 1, true],
])("warns of a last log of %p bytes: %p", (sizeBytes, warns) => {
  expect(/the vendor advises at most 500 MB/.test(noticeOf(tail({ sizeBytes })))).toBe(warns);
});

test("warns of database flags in the last file, or in the full backup without it", () => {
  expect(noticeOf(tail({ readOnly: true }))).toMatch(/erp was READ_ONLY/);
  expect(noticeOf(tail({ singleUser: true }))).toMatch(/erp was in SINGLE_USER/);
  const gone = { listed: [], pending: [], start: { ...start, readOnly: true as const } };
  expect(noticeOf(tail(), gone)).toMatch(/erp was READ_ONLY/);
  expect(noticeOf(tail())).not.toMatch(/READ_ONLY|SINGLE_USER/);
});

test("estimates the time of the pending files from the earlier ones, in proportion to size", () => {
  const rounds = [
    { sizeBytes: 10 * MIB, seconds: 20 },
    { sizeBytes: 10 * MIB, seconds: 40 },
  ];
  expect(noticeOf(tail({ sizeBytes: MIB }), { rounds })).toMatch(
    /about 30s for 1 file, after 2 earlier ones of 30s each/,
  );
  expect(noticeOf(tail({ sizeBytes: 40 * MIB }), { rounds })).toMatch(/about 2m 0s for 1 file/);
  expect(noticeOf(tail())).toMatch(/unknown, because no increment was applied before/);
});
