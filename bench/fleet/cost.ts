import { readFileSync } from "node:fs";
import type { Engine, Operation, Workspace } from "../../engine/engine";

/** What a run of an engine took. */
export interface Cost {
  seconds: number;
  /** User and system time of the engine and of what it started; comparable on a machine that does other work. NaN outside Linux. */
  cpuSeconds: number;
}

/** Runs an operation and returns its cost. One run at a time: the CPU time is that of all processes that ended meanwhile. */
export async function costOf(engine: Engine, workspace: Workspace, operation: Operation): Promise<Cost> {
  const began = { ms: performance.now(), cpuSeconds: cpuOfEndedChildren() };
  const { exitCode, stdout, stderr } = await engine.run(operation, workspace);
  if (exitCode !== 0) throw new Error(`${operation.kind} of ${workspace.stack} failed:\n${stdout}${stderr}`);
  return {
    seconds: (performance.now() - began.ms) / 1000,
    cpuSeconds: cpuOfEndedChildren() - began.cpuSeconds,
  };
}

/** The kernel counts in units of 1/100 s on every common platform. */
const TICKS_PER_SECOND = 100;

/** CPU time of the children of this process that have ended, and of theirs. @see proc_pid_stat(5), cutime and cstime */
function cpuOfEndedChildren(): number {
  try {
    const stat = readFileSync("/proc/self/stat", "utf8");
    // The second field is the name in parentheses, which may contain spaces.
    const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    return (Number(fields[13]) + Number(fields[14])) / TICKS_PER_SECOND;
  } catch {
    return Number.NaN;
  }
}

export const median = (values: readonly number[]): number =>
  [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;

export const rounded = (value: number, digits: number): number => Number(value.toFixed(digits));

/** Median ratio of runs that were made in turns. */
export const ratioOf = (costs: readonly Cost[], others: readonly Cost[], member: keyof Cost): number =>
  rounded(median(costs.map((cost, at) => cost[member] / (others[at]?.[member] ?? Number.NaN))), 2);
