import { type ChildProcess, type SpawnOptions, spawn } from "node:child_process";

/** The programs and plugins that this host started and that still run. */
const running = new Set<ChildProcess>();

/** Starts a process. It receives ^C from the engine too, because it is in the process group of this host. */
export function startChild(file: string, args: readonly string[], options: SpawnOptions): ChildProcess {
  const child = spawn(file, args, options);
  running.add(child);
  const ended = (): void => void running.delete(child);
  child.once("exit", ended);
  child.once("error", ended);
  return child;
}

/** Ends all children. A program without an engine can only fail. */
export function endChildren(): void {
  for (const child of running) child.kill("SIGTERM");
}
