#!/usr/bin/env node
import { registerAllCommands } from "./commands/all-commands";
import { type Console, processConsole } from "./program/console";
import { runProgram } from "./program/program";

/** Runs `sqlserver-migration` and returns its exit status. */
export const main = (args: readonly string[], console: Console): Promise<number> =>
  runProgram("sqlserver-migration", registerAllCommands, args, console);

if (require.main === module) {
  void main(process.argv.slice(2), processConsole()).then((status) => {
    process.exitCode = status;
  });
}
