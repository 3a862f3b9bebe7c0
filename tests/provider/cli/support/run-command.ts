import type { Console } from "../../../../provider/cli/program/console";

/** What a command printed and its exit status. */
export interface CommandRun {
  exit: number;
  out: string;
  err: string;
}

/** Runs the main function of a command in this process. `env` is its whole environment. */
export async function runCommand(
  main: (args: readonly string[], console: Console) => Promise<number>,
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Promise<CommandRun> {
  const out: string[] = [];
  const err: string[] = [];
  const exit = await main(args, {
    out: (text) => out.push(text),
    err: (text) => err.push(text),
    env: (name) => env[name],
  });
  return { exit, out: out.join("\n"), err: err.join("\n") };
}
