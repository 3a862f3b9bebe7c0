import { counted } from "../../provider/errors/message-text";
import type { SkipCause, SkippedBackup, SkippedFile } from "./discovery";

/** More lines would hide the rest of the preview. The output `skipped` has all files. */
const MAX_LINES = 20;
/** Causes that need no action: the program asked for it, or a full-only migration does it. */
const EXPECTED: ReadonlySet<SkipCause> = new Set<SkipCause>([
  "increment",
  "notChosen",
  "otherFull",
  "duplicate",
  "listedLink",
]);

/**
 * Log messages about the skipped files: a warning for those that need attention, an info message for the others. A file that a
 * database's finding names is in neither.
 */
export function describeSkipped(skipped: readonly SkippedBackup[]): { severity: "info" | "warn"; message: string }[] {
  const unnamed = skipped.filter(({ isInFinding }) => isInFinding !== true);
  const expected = unnamed.filter(({ cause }) => EXPECTED.has(cause));
  const others = unnamed.filter(({ cause }) => !EXPECTED.has(cause));
  return [
    ...(others.length === 0 ? [] : [{ severity: "warn" as const, message: lines(others) }]),
    ...(expected.length === 0 ? [] : [{ severity: "info" as const, message: lines(expected) }]),
  ];
}

/** The files as a program's output has them. */
export const skippedFiles = (skipped: readonly SkippedBackup[]): SkippedFile[] =>
  skipped.map(({ file, reason }) => ({ file, reason }));

function lines(skipped: readonly SkippedFile[]): string {
  const shown = skipped.slice(0, MAX_LINES).map(({ file, reason }) => `  ${file} ${reason}`);
  const more = skipped.length > MAX_LINES ? [`  and ${skipped.length - MAX_LINES} more: see the output skipped`] : [];
  return [`${counted(skipped.length, "file is", "files are")} left out:`, ...shown, ...more].join("\n");
}
