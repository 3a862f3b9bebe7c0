import { type CutoverInput, cutoverObstacles } from "../../../provider/decisions/cutover-guard";
import type { Increment } from "../../../provider/model/increment";

const log = (name: string, first: string, last: string, more: Partial<Increment> = {}): Increment => ({
  ...{ file: `logs/${name}`, type: "LOG", sizeBytes: 1, modifiedAt: "2026-05-01T02:00:00.000Z" },
  ...{ setGuid: name, firstLsn: first, lastLsn: last },
  ...more,
});

const LAST = log("last.trn", "100", "200");
const TAIL = log("tail.trn", "100", "200", { tail: true });
const EMPTY = log("empty.trn", "200", "200");

const obstacles = (input: Partial<CutoverInput>): string[] =>
  cutoverObstacles({ reachedLsn: 200n, end: { file: "last.trn" }, listed: [LAST], gaps: [], pending: [], ...input });

const NO_TAIL = /^the last file, last\.trn, is not a log taken WITH NORECOVERY/;

test.each<[string, Partial<CutoverInput>, (string | RegExp)[]]>([
  ["a last log taken without NORECOVERY", {}, [NO_TAIL]],
  ["the full backup alone", { end: {}, listed: [] }, [/^the last file, the full backup, is not a log/]],
  ["a tail log", { end: { file: "tail.trn", tail: true }, listed: [TAIL] }, []],
  ["a tail log that no longer exists", { end: { file: "tail.trn", tail: true }, listed: [] }, []],
  ["a last file that is declared final", { cutover: { final: "somewhere/last.trn" } }, []],
  ["an empty log that is declared final", { listed: [LAST, EMPTY], cutover: { final: "empty.trn" } }, []],
  ["an empty log that nobody declares", { listed: [LAST, EMPTY] }, [NO_TAIL]],
  ["an empty tail log", { listed: [LAST, { ...EMPTY, tail: true }] }, []],
  [
    "another file declared final",
    { cutover: { final: "x.trn" } },
    [/^cutover\.final declares x\.trn .* ends with last/],
  ],
  ["requireTailLog: false", { cutover: { requireTailLog: false } }, []],
  [
    "requireTailLog: false, and a gap",
    {
      cutover: { requireTailLog: false },
      gaps: [{ missingFrom: 200n, nextFile: "logs/4.trn", nextFirstLsn: 300n }],
    },
    ["the log from LSN 200 on is missing (logs/4.trn starts after it)"],
  ],
  ["one pending file", { pending: [TAIL] }, ["1 increment is not applied yet: tail.trn"]],
  ["two pending files", { pending: [LAST, TAIL] }, ["2 increments are not applied yet: last.trn, tail.trn"]],
  [
    "a file that is being applied",
    { applying: "tail.trn", end: { file: "tail.trn", tail: true } },
    ["tail.trn is still being applied"],
  ],
])("%s", (_what, input, reasons) => {
  expect(obstacles(input)).toEqual(
    reasons.map((reason) => (typeof reason === "string" ? reason : expect.stringMatching(reason))),
  );
});
