#!/usr/bin/env node
import { registerBakinfo } from "./commands/bakinfo";
import { type Console, processConsole } from "./program/console";
import { runProgram } from "./program/program";

/** Runs `bakinfo`, the short name of `sqlserver-migration bakinfo`, and returns its exit status. */
export const main = (args: readonly string[], console: Console): Promise<number> =>
  runProgram("bakinfo", registerBakinfo, args, console);

if (require.main === module) {
  void main(process.argv.slice(2), processConsole()).then((status) => {
    process.exitCode = status;
  });
}
