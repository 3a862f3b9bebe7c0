import { entry } from "./catalogue-entry";
import { type MissingPath, missingSummary } from "./missing-path";

/** Faults of the files that the scripts for the source server write. */
export const sourceErrors = {
  BASELINE_MISSING: entry<MissingPath>({
    summary: (e) => missingSummary(`[baseline] ${e.file}`, e),
    remedy: (e) =>
      e.place?.remedy ??
      "Correct the path, write the file with sql/baseline.sql, or remove [baseline] from the program.",
    retry: "never",
    source: "this project, docs/source-side.md",
  }),
  /** `remedy`: for a file that cannot be read. */
  BASELINE_INVALID: entry<{ file: string; place: string; fault: string; remedy?: string }>({
    summary: (e) => `[baseline] ${e.file} is not a valid baseline.`,
    details: (e) => [`In ${e.place}: ${e.fault}.`],
    remedy: (e) =>
      e.remedy ??
      "Write it again with sql/baseline.sql and the sqlcmd line at its head. Management Studio cuts long lines off.",
    retry: "never",
    source: "this project, docs/source-side.md",
  }),
  BASELINE_NEWER: entry<{ file: string; version: string }>({
    summary: (e) => `[baseline] ${e.file} is from a newer release.`,
    details: (e) => [`A newer baseline script wrote it (format ${e.version}).`],
    remedy: "Use the package and the scripts of the same release.",
    retry: "never",
    source: "this project, docs/source-side.md",
  }),
};
