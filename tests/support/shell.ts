import { spawn } from "node:child_process";

export interface ShellRun {
  exitCode: number | null;
  /** Standard output and standard error, in the order of arrival. */
  output: string;
}

/** Runs lines in one `bash -e`, like a step of a pipeline. It does not block, because the emulator runs in this process. */
export function runShell(lines: string, cwd: string, env: NodeJS.ProcessEnv): Promise<ShellRun> {
  return new Promise((resolve, reject) => {
    const child = spawn("bash", ["-e", "-o", "pipefail", "-c", lines], { cwd, env, stdio: ["ignore", "pipe", "pipe"] });
    let output = "";
    for (const stream of [child.stdout, child.stderr])
      stream.setEncoding("utf8").on("data", (text: string) => {
        output += text;
      });
    child.on("error", reject);
    child.on("close", (exitCode) => resolve({ exitCode, output }));
  });
}

/** Runs lines that must succeed and returns their output. @throws Error with the output when they fail */
export async function succeedInShell(lines: string, cwd: string, env: NodeJS.ProcessEnv): Promise<string> {
  const { exitCode, output } = await runShell(lines, cwd, env);
  if (exitCode !== 0) throw new Error(`exit status ${exitCode} of:\n${lines}\n${output}`);
  return output;
}
