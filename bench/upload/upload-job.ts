import * as fs from "node:fs";
import process from "node:process";

/** One upload, passed as JSON in the first argument of the program. */
export interface UploadJob {
  /** `http://127.0.0.1:PORT` of the sink. */
  endpoint: string;
  region: string;
  bucket: string;
  /** `<name>-<part size>.bak`: the sink reads the part size from it. */
  key: string;
  file: string;
  accessKeyId: string;
  accessKeySecret: string;
}

/** The cost of an upload. CPU time covers the whole process, including its start. */
export interface UploadCost {
  seconds: number;
  cpuSeconds: number;
  /** Null where the system does not report it. */
  peakRssMiB: number | null;
  /** The checksum of the object as the program computed it; empty if it computes none. */
  crc64: string;
}

export const readJob = (): UploadJob => JSON.parse(process.argv[2] ?? "");

/** Times one upload of a Node program and prints the cost as the last line. */
export async function printCost(upload: () => Promise<string>): Promise<void> {
  const startMs = performance.now();
  const crc64 = await upload();
  const seconds = (performance.now() - startMs) / 1000;
  const { user, system } = process.cpuUsage();
  const cost: UploadCost = { seconds, cpuSeconds: (user + system) / 1e6, peakRssMiB: peakRssMiB(), crc64 };
  console.log(JSON.stringify(cost));
}

/**
 * Peak memory of this process. On Linux it is read from /proc, because the value of getrusage includes the parent process that
 * started it.
 */
function peakRssMiB(): number {
  try {
    const [, kib] = /VmHWM:\s+(\d+) kB/.exec(fs.readFileSync("/proc/self/status", "utf8")) ?? [];
    if (kib !== undefined) return Number(kib) / 1024;
  } catch {
    // not Linux
  }
  return process.resourceUsage().maxRSS / 1024;
}
