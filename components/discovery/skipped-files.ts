import type { SkippedFile } from "./discovered";

/** More lines than these would hide what else a preview says; all are in the output `skipped`. */
const MOST_LINES = 20;
/** Left out as somebody asked or as a full migration does: nothing to look after. */
const AS_EXPECTED = /^is (a (log|differential) backup|an increment|the backup of|another full backup|the same backup)/;

/** What the log says of files that were left out: one row for those that somebody should look at, one for the others. */
export function describeSkipped(skipped: readonly SkippedFile[]): { severity: "info" | "warn"; message: string }[] {
  const expected = skipped.filter(({ reason }) => AS_EXPECTED.test(reason));
  const others = skipped.filter(({ reason }) => !AS_EXPECTED.test(reason));
  return [
    ...(others.length === 0 ? [] : [{ severity: "warn" as const, message: lines(others) }]),
    ...(expected.length === 0 ? [] : [{ severity: "info" as const, message: lines(expected) }]),
  ];
}

function lines(skipped: readonly SkippedFile[]): string {
  const shown = skipped.slice(0, MOST_LINES).map(({ file, reason }) => `  ${file} ${reason}`);
  const more = skipped.length > MOST_LINES ? [`  and ${skipped.length - MOST_LINES} more: see the output skipped`] : [];
  const count = skipped.length === 1 ? "1 file is" : `${skipped.length} files are`;
  return [`${count} left out:`, ...shown, ...more].join("\n");
}
