import { type Command, InvalidArgumentError } from "commander";
import type { ScriptParameters } from "../../source/script-parameters";
import { collect } from "../program/collect";
import { type CommandContext, documentExitStatus, type RegisterCommand } from "../program/program";
import { UsageError } from "../program/usage-error";
import type { ScriptName } from "../source/script";

const loadCompare = () => require("../source/compare") as typeof import("../source/compare");
const loadCheck = () => require("../source/check") as typeof import("../source/check");
const loadScript = () => require("../source/script") as typeof import("../source/script");

/** `source`: prints scripts for the source server, and checks and compares the files that they write. */
export const registerSource: RegisterCommand = (command, context) => {
  command
    .summary("scripts for the source server, and checks of what they write")
    .description("Prints the scripts for the source server, checks a baseline, and compares before with after.");
  registerCompare(command.command("compare"), context);
  registerCheck(command.command("check"), context);
  registerScript(command.command("script"), context);
  documentExitStatus(command, {
    ok: "the script was printed, or nothing was found",
    findings: "something differs (compare), prevents the migration (check), or a file cannot be read",
  });
};

interface CompareOptions {
  rename?: string[];
  strict?: boolean;
  json?: boolean;
}

function registerCompare(command: Command, context: CommandContext): void {
  command
    .summary("compare the source before the migration with the destination after it")
    .description(
      "Prints what differs between the source before the migration (sql/baseline.sql) and the destination after it (sql/verify.sql).",
    )
    .argument("<BEFORE.json>", "what sql/baseline.sql wrote on the source")
    .argument("<AFTER.json>", "what sql/verify.sql wrote on the destination")
    .option("--rename <OLD=NEW>", "the database OLD is called NEW on the destination; repeatable", collect)
    .option("--strict", "count what is left to do as a difference")
    .option("--json", "print an array with one object for each difference")
    .action((before: string, after: string, options: CompareOptions) =>
      context.run(command, () => loadCompare().compare({ before, after, ...options }, context.console)),
    );
  documentExitStatus(command, {
    ok: "nothing differs",
    findings: "something differs, nothing was compared, or a file cannot be read",
  });
}

interface CheckOptions {
  engineVersion?: string;
  json?: boolean;
}

function registerCheck(command: Command, context: CommandContext): void {
  command
    .summary("check what a migration of the baseline's databases fails on")
    .description("Prints what a migration of the baseline's databases fails on or leaves behind.")
    .argument("<BASELINE.json>", "what sql/baseline.sql wrote on the source")
    .option("--engine-version <VERSION>", "of the destination, as RDS spells it: 2019_std_ha")
    .option("--json", "print an array with one object for each finding")
    .action((baseline: string, options: CheckOptions) =>
      context.run(command, () => loadCheck().check({ baseline, ...options }, context.console)),
    );
  documentExitStatus(command, {
    ok: "nothing prevents the migration (warnings may remain)",
    findings: "something prevents the migration, or the file cannot be read",
  });
}

function registerScript(command: Command, context: CommandContext): void {
  command
    .summary("print a script with its parameters filled in")
    .description("Prints a script with its parameters filled in, to run on the source or, verify, on the destination.");
  registerBackupScript(command.command("backup"), context);
  registerDatabasesScript(command.command("baseline"), "records what the databases on the source are", context);
  registerDatabasesScript(command.command("verify"), "records what the databases on the destination are", context);
  registerPrint(describeScript(command.command("logins"), "recreates logins"), context, () => ({}));
  documentScriptStatus(command);
}

interface BackupOptions {
  folder?: string;
  database?: string[];
  type: string;
  run?: boolean;
  copyOnly?: boolean;
  verify?: boolean;
  compression: boolean;
  norecovery?: boolean;
}

function registerBackupScript(command: Command, context: CommandContext): void {
  describeScript(command, "backs databases up; without --run it only checks")
    .option("--folder <FOLDER>", "required: where the backups go, a folder as the server sees it")
    .option("--database <NAME>", "repeatable; default: all databases", collect)
    .option("--type <TYPE>", "FULL, DIFF or LOG", backupType, "FULL")
    .option("--run", "make the backups instead of checking only")
    .option("--copy-only", "make copy-only backups, which do not affect the source's own backup chain")
    .option("--verify", "verify each backup after it is made")
    .option("--no-compression", "make uncompressed backups")
    .option("--norecovery", "with --type LOG and --database: the last log, which closes the databases on the source");
  registerPrint(command, context, backupParameters);
}

function backupParameters(options: BackupOptions): ScriptParameters {
  // Not commander's requiredOption: it would answer a misspelt --foldr with "missing" instead of "unknown".
  if (options.folder === undefined) throw new UsageError("--folder is missing: a folder as the server sees it");
  if (options.copyOnly && options.type === "DIFF")
    throw new UsageError("--copy-only is not for --type DIFF: a differential backup cannot be copy-only");
  if (options.norecovery) checkTailLog(options);
  return {
    backup_databases_list: options.database ?? [],
    backup_type: options.type,
    backup_folder: options.folder,
    is_run: options.run ?? false,
    copy_only: options.copyOnly ?? false,
    verify: options.verify ?? false,
    compression: options.compression,
    norecovery: options.norecovery ?? false,
  };
}

/** A tail-log backup closes its databases, so it never means "all of them". */
function checkTailLog({ type, copyOnly, database }: BackupOptions): void {
  if (type !== "LOG") throw new UsageError(`--norecovery is for --type LOG, not for ${type}`);
  if (copyOnly) throw new UsageError("--norecovery and --copy-only exclude each other");
  if (database === undefined) throw new UsageError("--norecovery closes databases: name them with --database");
}

interface DatabasesOptions {
  database?: string[];
  checksums?: boolean;
}

function registerDatabasesScript(command: Command, purpose: string, context: CommandContext): void {
  describeScript(command, purpose)
    .option("--database <NAME>", "repeatable; default: all databases", collect)
    .option("--checksums", "also read every table: exact row counts and checksums, on both sides alike");
  registerPrint(command, context, ({ database = [], checksums = false }: DatabasesOptions) => ({
    databases_list: database,
    checksums,
  }));
}

const describeScript = (command: Command, purpose: string): Command =>
  command.summary(`the script that ${purpose}`).description(`Prints the script that ${purpose}.`);

/** Makes `command` print the script of its own name. */
function registerPrint<Options>(
  command: Command,
  context: CommandContext,
  parametersOf: (options: Options) => ScriptParameters,
): void {
  const name = command.name() as ScriptName;
  command.action((options: Options) =>
    context.run(command, () => loadScript().printScript(name, parametersOf(options), context.console)),
  );
  documentScriptStatus(command);
}

const documentScriptStatus = (command: Command): void =>
  documentExitStatus(command, { ok: "the script was printed", findings: "the script cannot be read" });

function backupType(text: string): string {
  const type = text.toUpperCase();
  if (!["FULL", "DIFF", "LOG"].includes(type)) throw new InvalidArgumentError("It is FULL, DIFF or LOG.");
  return type;
}
