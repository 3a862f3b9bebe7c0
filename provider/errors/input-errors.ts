import { entry } from "./catalogue-entry";

/** Faults of the program's own values: arguments and configuration. */
export const inputErrors = {
  INPUT_INVALID: entry<{ property: string; fault: string; remedy: string }>({
    summary: (e) => `[${e.property}] ${e.fault}.`,
    remedy: (e) => e.remedy,
    retry: "never",
    source: "this project",
  }),
  PATH_IN_PROGRAM_FOLDER: entry<{ path: string; fromProject: string }>({
    summary: (e) => `${e.path} is only in the program's folder.`,
    details: () => [
      "Relative paths start at the folder of Pulumi.yaml. Until version 0.3 the folder of [main] is searched second.",
    ],
    remedy: (e) => `Write ${e.fromProject}, or move it to the folder of Pulumi.yaml.`,
    retry: "never",
    source: "this project",
  }),
};
