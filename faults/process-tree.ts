import { execFileSync } from "node:child_process";

/** The processes below `root`, parents first. */
function descendantsOf(root: number): number[] {
  const rows = execFileSync("ps", ["-A", "-o", "pid=,ppid="], { encoding: "utf8" }).trim().split("\n");
  const pairs = rows.map((row) => row.trim().split(/\s+/).map(Number));
  const found = [root];
  for (const parent of found)
    for (const [pid, ppid] of pairs) if (pid !== undefined && ppid === parent) found.push(pid);
  return found.slice(1);
}

/**
 * Sends SIGSTOP to a process and everything that it has started, as when its virtual machine is suspended. Processes that start
 * meanwhile are found too, because their parents are stopped first. @returns a function that continues all of them
 */
export function stopProcessTree(root: number): () => void {
  const stopped = new Set<number>();
  for (let found = [root]; found.length > 0; found = descendantsOf(root).filter((pid) => !stopped.has(pid))) {
    for (const pid of found) {
      signal(pid, "SIGSTOP");
      stopped.add(pid);
    }
  }
  return () => {
    for (const pid of [...stopped].reverse()) signal(pid, "SIGCONT");
  };
}

/** A process that has ended meanwhile is ignored. */
function signal(pid: number, name: "SIGSTOP" | "SIGCONT"): void {
  try {
    process.kill(pid, name);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ESRCH") throw error;
  }
}
