import { entry } from "./catalogue-entry";
import { counted, firstListed } from "./message-text";
import { type MissingPath, missingRemedy, missingSummary } from "./missing-path";

/** Faults of the files that the scripts for the source server write. */
export const sourceErrors = {
  BASELINE_MISSING: entry<MissingPath>({
    summary: (e) => missingSummary(`[baseline] ${e.file}`, e),
    remedy: (e) =>
      e.place?.remedy ??
      "Correct the path, write the file with sql/baseline.sql, or remove [baseline] from the program.",
    retry: "never",
    source: "this project, docs/how-to/source-side.md",
  }),
  /** `remedy`: for a file that cannot be read. */
  BASELINE_INVALID: entry<{ file: string; place: string; fault: string; remedy?: string }>({
    summary: (e) => `[baseline] ${e.file} is not a valid baseline.`,
    details: (e) => [`In ${e.place}: ${e.fault}.`],
    remedy: (e) =>
      e.remedy ??
      "Write it again with sql/baseline.sql and the sqlcmd line at its head. Management Studio cuts long lines off.",
    retry: "never",
    source: "this project, docs/how-to/source-side.md",
  }),
  BASELINE_NEWER: entry<{ file: string; version: string }>({
    summary: (e) => `[baseline] ${e.file} is from a newer release.`,
    details: (e) => [`A newer baseline script wrote it (format ${e.version}).`],
    remedy: "Use the package and the scripts of the same release.",
    retry: "never",
    source: "this project, docs/how-to/source-side.md",
  }),
  VERIFICATION_FILE_MISSING: entry<MissingPath & { argument: string }>({
    summary: (e) => missingSummary(e.file, e),
    details: (e) => [
      `It is the argument [${e.argument}].`,
      "Nothing is compared without it. Resources that depend on this verification are not created or updated.",
    ],
    remedy: (e) => missingRemedy(e, "sql/baseline.sql writes the source's file, sql/verify.sql the target's."),
    retry: "afterFix",
    source: "this project, docs/how-to/source-side.md",
  }),
  /** `differences`: a line for each, which begins with its name. */
  VERIFICATION_FAILED: entry<{ differences: readonly string[] }>({
    summary: (e) => `${counted(e.differences.length, "difference")} between the source and the destination.`,
    details: (e) => [
      ...firstListed("By name:", e.differences),
      "Resources that depend on this verification are not created or updated.",
    ],
    remedy:
      "Correct the destination and write its file again, or list the names that you accept in [acceptedDifferences].",
    retry: "afterFix",
    source: "this project, docs/how-to/source-side.md",
  }),
  ACCEPTED_DIFFERENCE_ABSENT: entry<{ names: readonly string[] }>({
    summary: (e) => `[acceptedDifferences] ${counted(e.names.length, "accepted difference")} no longer found.`,
    details: (e) => firstListed("They are:", e.names),
    remedy: "Remove them, so that such a difference is not accepted unseen later.",
    retry: "never",
    source: "this project, docs/how-to/source-side.md",
  }),
};
