import { type ChildProcess, spawn } from "node:child_process";
import { createInterface } from "node:readline";

const GRACE_MS = 5_000;

export interface ChildOptions {
  cwd: string;
  env: NodeJS.ProcessEnv;
  onOutput: (line: string) => void;
  onErrorOutput: (line: string) => void;
}

/**
 * Starts Node.js in a separate process group. Terminal signals to the engine do not reach it, and it outlives a killed engine, like
 * the processes of the real engine.
 */
export function startNode(args: readonly string[], options: ChildOptions): ChildProcess {
  const child = spawn(process.execPath, args, {
    cwd: options.cwd,
    env: options.env,
    detached: true,
    stdio: ["ignore", "pipe", "pipe"],
  });
  createInterface({ input: child.stdout }).on("line", options.onOutput);
  createInterface({ input: child.stderr }).on("line", options.onErrorOutput);
  return child;
}

/** Resolves with the exit code, or 128 after a signal, once all output has been read. */
export const exitOf = (child: ChildProcess): Promise<number> =>
  new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("close", (code) => resolve(code ?? 128));
  });

/** Sends SIGINT to the whole group, and SIGKILL if it is still running after five seconds. */
export async function endGroup(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const closed = new Promise<void>((resolve) => child.once("close", () => resolve()));
  signalGroup(child, "SIGINT");
  const timer = setTimeout(() => signalGroup(child, "SIGKILL"), GRACE_MS);
  await closed;
  clearTimeout(timer);
}

function signalGroup(child: ChildProcess, signal: NodeJS.Signals): void {
  if (child.pid === undefined) return;
  try {
    process.kill(-child.pid, signal);
  } catch {
    // The process has exited in the meantime.
  }
}
