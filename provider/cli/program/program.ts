import { Command, CommanderError } from "commander";
import type { Console } from "./console";
import { EXIT } from "./exit-status";
import { normalizeArguments } from "./normalize-arguments";
import { packageVersion } from "./package-folder";
import { UsageError } from "./usage-error";

/** Loads the catalogue of errors, which help and a mistake in the arguments do not need. */
const loadErrorAddress = () => require("../../errors/error-address") as typeof import("../../errors/error-address");

/** What a registered command works with. */
export interface CommandContext {
  console: Console;
  /** Name of the executable: every message on stderr begins with it. */
  program: string;
  /** Runs the work of `command`; its result becomes the exit status. */
  run(command: Command, work: () => Promise<number>): Promise<void>;
}

/** Adds arguments, options, sub-commands and the action to a command. */
export type RegisterCommand = (command: Command, context: CommandContext) => void;

/** Fixed, so that the help does not depend on the terminal. */
const HELP_WIDTH = 100;

/** Every mistake in the arguments is a UsageError with the usage line of the command where it was found. */
class ProgramCommand extends Command {
  override createCommand(name?: string): ProgramCommand {
    return new ProgramCommand(name);
  }

  override error(message: string): never {
    const usage = `Usage: ${this.createHelp().commandUsage(this)}`;
    throw new UsageError(
      `${message.replace(/^error: /, "")}\n\n${usage}\nAdd --help for the options and exit statuses.`,
    );
  }
}

/** The command line `name`: its parser, and its exit status after parsing. */
export function createProgram(name: string, register: RegisterCommand, console: Console) {
  let status: number = EXIT.ok;
  const program = new ProgramCommand(name)
    .exitOverride()
    .configureOutput({
      writeOut: (text) => console.out(text.replace(/\n$/, "")),
      writeErr: (text) => console.err(text.replace(/\n$/, "")),
      getOutHelpWidth: () => HELP_WIDTH,
      getErrHelpWidth: () => HELP_WIDTH,
      getOutHasColors: () => false,
      getErrHasColors: () => false,
    })
    .helpOption("-h, --help", "print this help")
    .configureHelp({ showGlobalOptions: true })
    .version(packageVersion(), "--version", "print the version");
  register(program, {
    console,
    program: name,
    run: async (command, work) => {
      try {
        status = await work();
      } catch (error) {
        if (error instanceof UsageError) command.error(error.message);
        throw error;
      }
    },
  });
  return { program, status: () => status };
}

/** Runs a command line and returns its exit status. Never throws. */
export async function runProgram(
  name: string,
  register: RegisterCommand,
  args: readonly string[],
  console: Console,
): Promise<number> {
  const { program, status } = createProgram(name, register, console);
  try {
    await program.parseAsync(normalizeArguments(args, program), { from: "user" });
    return status();
  } catch (error) {
    // Help and version end the parsing with status 0; help that nobody asked for answers a missing sub-command.
    if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.ok : EXIT.usage;
    const message = error instanceof Error ? error.message : String(error);
    const isUsage = error instanceof UsageError;
    console.err(`${name}: ${isUsage ? message : loadErrorAddress().withAddress(message)}`);
    return isUsage ? EXIT.usage : EXIT.findings;
  }
}

/** Documents the exit statuses at the end of the command's help. */
export function documentExitStatus(command: Command, { ok, findings }: { ok: string; findings: string }): void {
  command.addHelpText(
    "after",
    `\nExit status:\n  0  ${ok}\n  1  ${findings}\n  2  a mistake in the arguments (the reason is on stderr)`,
  );
}
