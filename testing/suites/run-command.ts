import { spawn } from "node:child_process";

/** A program that is not on this machine. */
export class MissingProgram extends Error {}

/** Runs a command to its end and returns its exit status and the end of its output. @throws MissingProgram */
export function runCommand(
  command: string,
  args: readonly string[],
  options: { cwd: string; env: NodeJS.ProcessEnv },
): Promise<{ status: number | null; output: string }> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { ...options, stdio: ["ignore", "pipe", "pipe"] });
    let output = "";
    const keep = (chunk: Buffer) => {
      output = (output + chunk.toString("utf8")).slice(-10_000);
    };
    child.stdout.on("data", keep);
    child.stderr.on("data", keep);
    child.on("error", (error: NodeJS.ErrnoException) => {
      reject(error.code === "ENOENT" ? new MissingProgram(`${command} was not found`, { cause: error }) : error);
    });
    child.on("close", (status) => resolve({ status, output }));
  });
}
