import { documentExitStatus, type RegisterCommand } from "../program/program";
import { registerAssess } from "./assess";
import { registerBakinfo } from "./bakinfo";
import { registerDoctor } from "./doctor";
import { registerEmulator } from "./emulator";
import { registerPlan } from "./plan";
import { registerReport } from "./report";
import { registerRunbook } from "./runbook";
import { registerSource } from "./source";
import { registerStatus } from "./status";

/**
 * The sub-commands by name, in the order of the help. To add one, export its register function from a file of its own in this
 * folder, load its work in the action only, document its exit statuses, and name it here: the tests then cover it.
 */
const COMMANDS: Readonly<Record<string, RegisterCommand>> = {
  bakinfo: registerBakinfo,
  doctor: registerDoctor,
  plan: registerPlan,
  source: registerSource,
  assess: registerAssess,
  status: registerStatus,
  report: registerReport,
  runbook: registerRunbook,
  emulator: registerEmulator,
};

/** `sqlserver-migration` with all its sub-commands. */
export const registerAllCommands: RegisterCommand = (command, context) => {
  command.description("Commands around the migration of SQL Server backups into ApsaraDB RDS for SQL Server.");
  for (const [name, register] of Object.entries(COMMANDS)) register(command.command(name), context);
  documentExitStatus(command, {
    ok: "the work is done and nothing was found",
    findings: "a check found something, or the work failed",
  });
};
