import { Option } from "commander";
import { collect } from "../program/collect";
import { documentExitStatus, type RegisterCommand } from "../program/program";

interface Options {
  state?: string[];
  stack?: string;
  json?: boolean;
  html?: string;
  watch?: string;
  eventLog?: string;
}

const loadAction = () => require("../report/run-report") as typeof import("../report/run-report");

/** `report`: totals, timeline and evidence of a stack's migrations, from its state alone. */
export const registerReport: RegisterCommand = (command, context) => {
  command
    .summary("report what a stack's state records about its migrations")
    .description(
      "Reports what the state of one or several stacks records about its migrations: totals, times, failures, and evidence for each " +
        "database. Without --watch it reads the state only and sends no request. Without --state it runs `pulumi stack export` in this folder.",
    )
    .option("--state <FILE>", "output of `pulumi stack export`; - reads it from stdin; may be repeated", collect)
    .addOption(new Option("--stack <NAME>", "stack to export (default: the selected one)").conflicts("state"))
    .option("--html <FILE>", "write the report as a page that needs no other file and no network")
    .option(
      "--watch <SECONDS>",
      "write the page again every so many seconds during an up, with what RDS shows, until ^C or the end in --event-log",
    )
    .option("--event-log <FILE>", "with --watch: what `pulumi up --event-log FILE` writes")
    .option("--json", "print the report as one object, always spelled the same, whose SHA-256 the page shows")
    .action((options: Options) => context.run(command, () => loadAction().runReport(options, context)));
  documentExitStatus(command, {
    ok: "no database and no verification failed",
    findings: "a database or a verification failed, the state has no database, or a record or file cannot be read",
  });
};
