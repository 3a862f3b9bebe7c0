#!/usr/bin/env node
import { registerSource } from "./commands/source";
import { type Console, processConsole } from "./program/console";
import { runProgram } from "./program/program";

/** Runs `sqlserver-source`, the short name of `sqlserver-migration source`, and returns its exit status. */
export const main = (args: readonly string[], console: Console): Promise<number> =>
  runProgram("sqlserver-source", registerSource, args, console);

if (require.main === module) {
  void main(process.argv.slice(2), processConsole()).then((status) => {
    process.exitCode = status;
  });
}
