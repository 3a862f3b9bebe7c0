import { Option } from "commander";
import { documentExitStatus, type RegisterCommand } from "../program/program";

interface Options {
  state?: string;
  stack?: string;
  offline?: boolean;
  json?: boolean;
}

const loadAction = () => require("../status/run-status") as typeof import("../status/run-status");

/** `status`: prints every database of a stack from its state, and asks RDS for the tasks. */
export const registerStatus: RegisterCommand = (command, context) => {
  command
    .summary("print where every database of a stack is")
    .description(
      "Prints every database of a stack: from the state, and from RDS where credentials are found. It changes nothing. " +
        "Without --state it runs `pulumi stack export` in this folder.",
    )
    .option("--state <FILE>", "output of `pulumi stack export`; - reads it from stdin")
    .addOption(new Option("--stack <NAME>", "stack to export (default: the selected one)").conflicts("state"))
    .option("--offline", "print the state only, without a request to RDS")
    .option("--json", "print an array with one object for each database")
    .action((options: Options) => context.run(command, () => loadAction().runStatus(options, context)));
  documentExitStatus(command, {
    ok: "every database is online or on its way",
    findings: "a database failed, the state has no database, or the state or RDS cannot be read",
  });
};
