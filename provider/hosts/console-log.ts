import { type Log, textOf } from "../model/log";

/** Writes entries as plain lines: warnings and errors to stderr, the rest to stdout. */
export const consoleLog: Log = {
  write(entry) {
    if (entry.severity === "warning" || entry.severity === "error") console.error(textOf(entry));
    else console.log(textOf(entry));
  },
};
