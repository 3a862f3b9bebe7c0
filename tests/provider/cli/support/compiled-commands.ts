import { spawnSync } from "node:child_process";
import { join } from "node:path";
import type { Command } from "commander";
import { registerAllCommands } from "../../../../provider/cli/commands/all-commands";
import { registerBakinfo } from "../../../../provider/cli/commands/bakinfo";
import { registerSource } from "../../../../provider/cli/commands/source";
import { createProgram, type RegisterCommand } from "../../../../provider/cli/program/program";

export const ROOT = join(__dirname, "..", "..", "..", "..");

/** The executables and what each registers. */
export const PROGRAMS = {
  "sqlserver-migration": registerAllCommands,
  bakinfo: registerBakinfo,
  "sqlserver-source": registerSource,
} as const satisfies Record<string, RegisterCommand>;
export type ProgramName = keyof typeof PROGRAMS;

export interface Result {
  status: number | null;
  stdout: string;
  stderr: string;
}

const compiled = (program: ProgramName): string => join(ROOT, "dist", "provider", "cli", `${program}.js`);

/** Runs the compiled executable. */
export function runCompiled(program: ProgramName, args: readonly string[]): Result {
  const { status, stdout, stderr } = spawnSync(process.execPath, [compiled(program), ...args], {
    cwd: ROOT,
    encoding: "utf8",
  });
  return { status, stdout, stderr };
}

const RUN_ALL = `
  const { main } = require(process.argv[1]);
  (async () => {
    const results = [];
    for (const args of JSON.parse(process.argv[2])) {
      const result = { stdout: "", stderr: "" };
      const console = {
        out: (text) => { result.stdout += text + "\\n"; },
        err: (text) => { result.stderr += text + "\\n"; },
        env: () => undefined,
      };
      result.status = await main(args, console);
      results.push(result);
    }
    process.stdout.write(JSON.stringify(results));
  })();`;

/** Runs the compiled command once for each list of arguments, in one process. */
export function runAllCompiled(program: ProgramName, lists: readonly (readonly string[])[]): Result[] {
  const args = ["-e", RUN_ALL, compiled(program), JSON.stringify(lists)];
  return JSON.parse(
    spawnSync(process.execPath, args, { cwd: ROOT, encoding: "utf8", maxBuffer: 64 * 1024 * 1024 }).stdout,
  );
}

export interface CommandPath {
  program: ProgramName;
  /** The sub-commands that lead to it. */
  path: readonly string[];
  command: Command;
}

/** Every command of every executable, the executable itself included. */
export function allCommands(): CommandPath[] {
  const console = { out: () => {}, err: () => {}, env: () => undefined };
  return (Object.keys(PROGRAMS) as ProgramName[]).flatMap((name) =>
    descend(name, [], createProgram(name, PROGRAMS[name], console).program),
  );
}

const descend = (program: ProgramName, path: readonly string[], command: Command): CommandPath[] => [
  { program, path, command },
  ...command.commands.flatMap((each) => descend(program, [...path, each.name()], each)),
];

/** The command as a user writes it. */
export const lineOf = ({ program, path }: Pick<CommandPath, "program" | "path">): string =>
  [program, ...path].join(" ");
