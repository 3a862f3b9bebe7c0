import { entry } from "./catalogue-entry";

/** Faults of the files that the scripts for the source server write. */
export const sourceErrors = {
  BASELINE_MISSING: entry<{ file: string }>({
    message: (e) => `There is no baseline ${e.file}.`,
    remedy: "Correct the path, write the file with sql/baseline.sql, or leave [baseline] out of the program.",
    retry: "never",
    source: "this project, docs/source-side.md",
  }),
  BASELINE_INVALID: entry<{ file: string; place: string; fault: string }>({
    message: (e) => `${e.file} is not a baseline that can be used: ${e.place}: ${e.fault}.`,
    remedy:
      "Write it again with sql/baseline.sql and the sqlcmd line at its head (Management Studio cuts long lines off).",
    retry: "never",
    source: "this project, docs/source-side.md",
  }),
  BASELINE_NEWER: entry<{ file: string; version: string }>({
    message: (e) => `${e.file} was written by a newer baseline script (format ${e.version}).`,
    remedy: "Use the package and the scripts of one release.",
    retry: "never",
    source: "this project, docs/source-side.md",
  }),
};
