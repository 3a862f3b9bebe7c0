import type { SkipCause, SkippedBackup } from "../../../components/discovery/discovery";
import { describeSkipped, skippedFiles } from "../../../components/discovery/skipped-files";

const skipped = (cause: SkipCause, others: Partial<SkippedBackup> = {}): SkippedBackup => ({
  ...{ file: `${cause}.bak`, cause, reason: "has a reason in words that decide nothing" },
  ...others,
});

test.each<[SkipCause, "info" | "warn"]>([
  ["increment", "info"],
  ["notChosen", "info"],
  ["otherFull", "info"],
  ["duplicate", "info"],
  ["listedLink", "info"],
  ["excluded", "warn"],
  ["unfinished", "warn"],
  ["notABackup", "warn"],
  ["unsound", "warn"],
  ["notPlanned", "warn"],
  ["noFull", "warn"],
])("a file with the cause %s is reported as %s", (cause, severity) => {
  expect(describeSkipped([skipped(cause)])).toEqual([
    { severity, message: `1 file is left out:\n  ${cause}.bak has a reason in words that decide nothing` },
  ]);
});

test("a file that a finding names needs no other message, and the program's output has it", () => {
  const named = skipped("unsound", { isInFinding: true });
  expect(describeSkipped([named, skipped("unsound", { file: "other.bak" })])).toEqual([
    { severity: "warn", message: expect.stringMatching(/^1 file is left out:\n {2}other\.bak /) },
  ]);
  expect(skippedFiles([named])).toEqual([{ file: named.file, reason: named.reason }]);
});
