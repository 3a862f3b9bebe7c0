import { readdirSync, readFileSync } from "node:fs";

const INTERVAL_MS = 200;

/** Watches the memory of the processes whose command line contains a text. Linux only; elsewhere it finds none. */
export class PeakMemory {
  #mebibytes: number | undefined;

  constructor(private readonly program: string) {}

  /** The largest memory of one process so far; undefined when none was found. */
  get mebibytes(): number | undefined {
    return this.#mebibytes;
  }

  async during<T>(action: () => Promise<T>): Promise<T> {
    const timer = setInterval(() => this.#sample(), INTERVAL_MS);
    try {
      return await action();
    } finally {
      clearInterval(timer);
    }
  }

  #sample(): void {
    for (const pid of processIds()) {
      const peak = peakOf(pid, this.program);
      if (peak !== undefined) this.#mebibytes = Math.max(this.#mebibytes ?? 0, peak);
    }
  }
}

function processIds(): string[] {
  try {
    return readdirSync("/proc").filter((name) => /^\d+$/.test(name));
  } catch {
    return [];
  }
}

/** Undefined for another program and for a process that has ended. */
function peakOf(pid: string, program: string): number | undefined {
  try {
    if (!readFileSync(`/proc/${pid}/cmdline`, "utf8").includes(program)) return undefined;
    const kibibytes = /^VmHWM:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1];
    return kibibytes === undefined ? undefined : Math.round(Number(kibibytes) / 1024);
  } catch {
    return undefined;
  }
}
