import { Option } from "commander";
import { collect } from "../program/collect";
import { documentExitStatus, type RegisterCommand } from "../program/program";
import type { RunbookRequest } from "../runbook/run-runbook";

const loadAction = () => require("../runbook/run-runbook") as typeof import("../runbook/run-runbook");

/** `runbook`: the steps of a cutover with clock times, commands, expected lines and the way back, as Markdown. */
export const registerRunbook: RegisterCommand = (command, context) => {
  command
    .summary("print the steps of a cutover with clock times, as Markdown")
    .description(
      "Prints what to do on the night of a cutover: clock times, who, commands, expected lines, go or no-go, and the way back; as " +
        "Markdown, for each CutoverGroup and every other database with increments. After the night the same command adds the " +
        "times that the state records. It changes nothing. Without --state and --manifest it runs `pulumi stack export` in this folder.",
    )
    .option("--start <TIME>", 'required: when writes stop, such as "Sat 22:00" or "2026-12-05 22:00"')
    .option("--timezone <NAME>", "of the clock times, such as Asia/Shanghai (default: that of this machine)")
    .option("--state <FILE>", "output of `pulumi stack export`; - reads it from stdin; may be repeated", collect)
    .addOption(new Option("--stack <NAME>", "stack to export (default: the selected one)").conflicts("state"))
    .option("--manifest <FILE>", "what bakinfo --manifest wrote: sizes, and databases that the state does not have")
    .option(
      "--group <NAMES>",
      "databases without a CutoverGroup that open together, separated by commas; repeatable",
      collect,
    )
    .option("--only <NAME>", "only this group, or the group of this database; repeatable", collect)
    .option("--source-server <NAME>", "for sqlcmd on the source (default: the server in the backups)")
    .option("--folder <FOLDER>", "where the source server writes its backups, a folder as the server sees it")
    .option("--instance <ID>", "destination of databases that the state does not have, rm-…")
    .option("--login <NAME>", "privileged account of the destination")
    .option("--log-job <NAME>", "SQL Server Agent job on the source that takes log backups; repeatable", collect)
    .option("--phase-setting <NAME>", "the program's configuration key for the phase", "phase")
    .action((options: RunbookRequest) => context.run(command, () => loadAction().runRunbook(options, context)));
  documentExitStatus(command, {
    ok: "the runbook is printed",
    findings: "no database takes increments, or a record or file cannot be read",
  });
};
