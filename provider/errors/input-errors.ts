import { entry } from "./catalogue-entry";

/** Faults of the program's own values: arguments and configuration. */
export const inputErrors = {
  INPUT_INVALID: entry<{ property: string; fault: string; remedy: string }>({
    summary: (e) => `[${e.property}] ${e.fault}.`,
    remedy: (e) => e.remedy,
    retry: "never",
    source: "this project",
  }),
};
