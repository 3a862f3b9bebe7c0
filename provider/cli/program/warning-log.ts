import { type Log, textOf } from "../../model/log";
import type { CommandContext } from "./program";

/** Prints warnings to stderr. Other entries belong to the row of a resource, which a command does not have. */
export const warningLog = ({ console, program }: Pick<CommandContext, "console" | "program">): Log => ({
  write(entry) {
    if (entry.severity === "warning") console.err(`${program}: warning: ${textOf(entry)}`);
  },
});
