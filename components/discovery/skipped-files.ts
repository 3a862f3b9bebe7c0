import { counted } from "../../provider/errors/message-text";
import type { SkippedFile } from "./discovery";

/** More lines would hide the rest of the preview. The output `skipped` has all files. */
const MAX_LINES = 20;
/** Reasons that need no action: the program asked for it, or a full-only migration does it. */
const AS_EXPECTED =
  /^is (a (log|differential) backup|an increment|the backup of|another full backup|the same backup|a link to a folder)/;

/** Log messages about the skipped files: a warning for those that need attention, an info message for the others. */
export function describeSkipped(skipped: readonly SkippedFile[]): { severity: "info" | "warn"; message: string }[] {
  const expected = skipped.filter(({ reason }) => AS_EXPECTED.test(reason));
  const others = skipped.filter(({ reason }) => !AS_EXPECTED.test(reason));
  return [
    ...(others.length === 0 ? [] : [{ severity: "warn" as const, message: lines(others) }]),
    ...(expected.length === 0 ? [] : [{ severity: "info" as const, message: lines(expected) }]),
  ];
}

function lines(skipped: readonly SkippedFile[]): string {
  const shown = skipped.slice(0, MAX_LINES).map(({ file, reason }) => `  ${file} ${reason}`);
  const more = skipped.length > MAX_LINES ? [`  and ${skipped.length - MAX_LINES} more: see the output skipped`] : [];
  return [`${counted(skipped.length, "file is", "files are")} left out:`, ...shown, ...more].join("\n");
}
