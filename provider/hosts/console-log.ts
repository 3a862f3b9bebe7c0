import { type Log, textOf } from "../model/log";

/** Plain lines in the terminal: warnings and errors on stderr, the rest on stdout. */
export const consoleLog: Log = {
  write(entry) {
    if (entry.severity === "warning" || entry.severity === "error") console.error(textOf(entry));
    else console.log(textOf(entry));
  },
};
